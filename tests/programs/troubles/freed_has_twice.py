# freed: line 6 (y.backward())
import torch

x = torch.ones(3, requires_grad=True)
y = x.exp().sum()
y.backward()  # the first one
try:
    y.backward()
except RuntimeError as error:
    print(error)
