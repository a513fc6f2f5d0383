# freed: line 7 (first.backward())
import torch

x = torch.ones(3, requires_grad=True)
shared = x.exp()
first, second = shared.sum(), (shared * 2).pow(2).sum()
first.backward()
try:
    second.backward()
except RuntimeError as error:
    print(error)
