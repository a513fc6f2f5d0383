"""Item 14. backward(): the chain rule, node by node.

It starts at the result with gradient 1 and walks the graph against the
direction of computation. Each node multiplies what comes in with its own
derivative and hands it on; AccumulateGrad adds it to the leaf.

From a scalar no start value is needed. From a tensor you give one: a weight for
each cell. Step into the lines with backward and read gradient in and out.
"""

import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
y = x + 2
z = torch.mean(y.pow(3))
# step in: Mean, Pow, Add, then x.grad
z.backward()
by_formula = 3 * (x.detach() + 2).pow(2) / 4
print(x.grad, torch.allclose(x.grad, by_formula))

v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
w = v * v
# every cell counts once: 2 v
w.backward(gradient=torch.ones(3))
print(v.grad)

v.grad = None
weighted = v * v
# only some count
weighted.backward(gradient=torch.tensor([1.0, 0.0, 10.0]))
print(v.grad)

t = torch.tensor(2.0, requires_grad=True)
# returned, not stored
(first,) = torch.autograd.grad(t ** 3, t, create_graph=True)
# the derivative's derivative
(second,) = torch.autograd.grad(first, t)
print(first.item(), second.item(), t.grad)
