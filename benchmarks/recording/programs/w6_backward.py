"""W6: backward through 1,000 nodes, many times."""

import torch

x = torch.rand(16, requires_grad=True)
for step in range(60):
    y = x
    for _ in range(500):
        y = y * 1.001 + 0.001
    loss = y.sum()
    loss.backward()
    x.grad = None
