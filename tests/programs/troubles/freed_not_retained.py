import torch

x = torch.ones(3, requires_grad=True)
y = x.exp().sum()
y.backward(retain_graph=True)
y.backward()
