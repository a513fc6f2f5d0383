"""The sigmoid, written by hand."""

import torch

x = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
y = 1 / (1 + torch.exp(-x))
total = y.sum()
total.backward()
