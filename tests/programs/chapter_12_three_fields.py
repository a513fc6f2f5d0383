"""Item 12: data, grad and grad_fn of leaves and of results."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
plain = torch.tensor([1.0, 2.0, 3.0])
y = x * 2
y.retain_grad()
z = y * plain
out = z.sum()
print(x.is_leaf, plain.is_leaf, y.is_leaf, type(y.grad_fn).__name__, x.grad_fn)
out.backward()
print(x.grad.tolist(), y.grad.tolist(), plain.grad)
inside = x.data
inside[0] = 10.0
late = torch.ones(2)
late.requires_grad_()
late_out = (late**2).sum()
late_out.backward()
late.requires_grad = False
x.grad = torch.zeros(3)
x.grad = None
print(x.tolist(), inside.requires_grad, late.grad.tolist(), late.is_leaf)
