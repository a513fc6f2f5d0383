"""Item 14: backward from a number, from a tensor with a gradient given, and autograd.grad."""

import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
y = x + 2
z = torch.mean(y.pow(3))
z.backward()
first = x.grad.clone()
x.grad = None
y = x * x
ones = torch.ones(2, 2)
y.backward(gradient=ones)
second = x.grad.clone()
weights = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
y = x.sin()
(only,) = torch.autograd.grad(y, x, grad_outputs=weights)
a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
c = a * b + a
da, db = torch.autograd.grad(c, [a, b])
try:
    y.backward()
except RuntimeError as refusal:
    print(refusal)
print(first.tolist(), second.tolist(), only.tolist(), da.item(), db.item(), a.grad)
