import torch

x = torch.ones(3, requires_grad=True)
y = x.exp()
z = y.sum()
free = y.clone()
free += 1
z.backward()
