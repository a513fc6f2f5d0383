# exploding
import torch

x = torch.ones(4, requires_grad=True)
y = x
for _ in range(30):
    y = y * 5
y.sum().backward()
