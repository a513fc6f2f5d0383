"""When NumPy's arrays go on whose memory tensors lay, and what autograd adds into them."""
import gc
import weakref

import numpy as np
import torch

gc.disable()


class Array(np.ndarray):
    pass


def array(number):
    made = np.full(3, float(number)).view(Array)
    weakref.finalize(made, print, "gone", number)
    return made


x = torch.from_numpy(array(1))
x = x.data
y = x[1:]
del x
print("kept", y)
del y
print("after")
for i in range(2):
    x = torch.from_numpy(array(10 + i))
    x = x.data
    x += 1
del x


held = [np.ones(2), np.ones(2) * 2]
w = torch.ones(2, dtype=torch.float64, requires_grad=True)
w.grad = torch.from_numpy(held[0])
(w * 3).sum().backward()
(w * 3).sum().backward()
print(held, w.grad)
root = torch.from_numpy(held[1])
z = w * 2
torch.autograd.backward([z, z], [root, root])
print(held, w.grad)
