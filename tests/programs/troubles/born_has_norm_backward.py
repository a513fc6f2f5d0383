# born backward
import torch

x = torch.zeros(3, requires_grad=True)
distance = (x * x).sum().sqrt()
distance.backward()
