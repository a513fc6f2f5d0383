# vanishing
import torch

x = torch.ones(4, requires_grad=True)
y = x
for _ in range(30):
    y = y * 0.2
y.sum().backward()
