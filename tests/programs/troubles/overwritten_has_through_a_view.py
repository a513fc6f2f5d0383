# overwritten: a
import torch

x = torch.ones(2, 2, requires_grad=True)
a = x * 2
b = a.pow(2)
row = a[0]
row.zero_()
try:
    b.sum().backward()
except RuntimeError as error:
    print(error)
