"""W6: backward through 1,000 nodes, sixty times."""

import torch

x = torch.rand(16, requires_grad=True)
y = x
for _ in range(500):
    y = y * 1.001 + 0.001
loss = y.sum()
for step in range(60):
    loss.backward(retain_graph=True)
    x.grad = None
