# overwritten: y
import torch

x = torch.ones(3, requires_grad=True)
y = x.exp()
z = y.sum()
y += 1
try:
    z.backward()
except RuntimeError as error:
    print(error)
