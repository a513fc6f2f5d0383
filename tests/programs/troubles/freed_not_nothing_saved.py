import torch

x = torch.ones(3, requires_grad=True)
y = x + 2
z = y * 3
z.sum().backward()
y.sum().backward()
