import torch

x = torch.ones(3, requires_grad=True)
for _ in range(3):
    y = x.exp().sum()
    y.backward()
    x.grad = None
