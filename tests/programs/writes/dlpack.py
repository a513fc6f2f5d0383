"""Memory handed over by DLPack, both ways, written on both sides."""
import numpy as np
import torch
from torch.utils.dlpack import from_dlpack, to_dlpack

x = torch.arange(4.0)
y = from_dlpack(to_dlpack(x))
y[0] = 100
x[1] = 200
z = torch.from_dlpack(x)
z.add_(1)
array = np.from_dlpack(x)
x[2] = -5
host = np.arange(3, dtype=np.float32)
w = torch.from_dlpack(host)
host[0] = 9
w[1] = 8
capsule = x.__dlpack__()
v = from_dlpack(capsule)
v.mul_(2)
print(x, y, z, w, v, array)
