# exploding
import torch

torch.manual_seed(0)
w = (torch.randn(8, 8) * 2).requires_grad_()
h = torch.randn(1, 8)
for _ in range(25):
    h = h @ w
h.sum().backward()
