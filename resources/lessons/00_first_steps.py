"""First steps: one storage, two tensors, one graph.

A tensor is two things: a row of numbers in memory, its
storage, and a small header that says how to read them:
shape, dtype, stride, offset. Several tensors may read
the same row in different ways.

Run this, then walk through it forward and back. Watch
d: it copies nothing, yet writing to it changes x. Then
step into backward() and follow the gradient from z
down to x, one node at a time.
"""

import torch

x = torch.ones(3, 4, requires_grad=True)

d = x.detach().t()
with torch.no_grad():
    d[0] *= 10

y = x + 2
z = torch.mean(y.pow(3))
print("z is", z.item())

z.backward()
print("x.grad is", x.grad, sep="\n")
