"""Item 13: the graph grows as each line runs."""

import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = torch.mean(y.pow(3))
node = z.grad_fn
names = []
while node is not None:
    names.append(type(node).__name__)
    node = node.next_functions[0][0] if node.next_functions else None
print(names)
w = (y * x).exp()
v = torch.cat([w, y]).norm()
print(type(v.grad_fn).__name__, len(v.grad_fn.next_functions))
z.backward()
print(x.grad.tolist())
