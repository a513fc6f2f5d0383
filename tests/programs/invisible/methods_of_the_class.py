"""Default devices hold where a method was taken from the class of all tensors."""

import torch

f = torch.Tensor.numpy
a = torch.ones(2)
with torch.device("meta"):
    z = torch.ones(3)
    z += 1
    w = [z]
print(z.device, w)
torch.set_default_device("meta")
q = torch.ones(2)


def g():
    y = torch.ones(2)
    return y


r = g()
print(q.device, r.device)
torch.set_default_device("cpu")
n = torch.ones(3).numpy()
n[0] = 4
print(n)
