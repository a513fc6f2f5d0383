import torch

x = torch.rand(2_000_000, requires_grad=True)
y = x
for _ in range(10):
    y = y + 0.1
y.mean().backward()
