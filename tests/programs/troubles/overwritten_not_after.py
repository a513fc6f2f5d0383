import torch

x = torch.ones(3, requires_grad=True)
y = x.exp()
y.sum().backward()
with torch.no_grad():
    y.zero_()
    x.add_(1)
