"""A method of tensors replaced through another name of their class."""
import torch

x = torch.ones(2)
y = torch.zeros(2)
cls = torch.Tensor
z = x.abs()
cls.abs = lambda a: a.fill_(5)
z = x.abs()
z = torch.sin(y)
