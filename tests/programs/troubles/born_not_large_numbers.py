import torch

x = torch.tensor([1e30, -1e30], requires_grad=True)
y = (x * 1e5).sum() + torch.tensor(3e38)
y.backward()
