"""Storages on NumPy's memory stay the same when their first tensor dies in the very statement in
which another tensor takes its place, and are others when torch makes them anew."""
import numpy as np
import torch

n = np.zeros(4, dtype=np.float32)
x = torch.from_numpy(n)
x = x.data
x += 1
x = x[1:]
x = x.detach().view(3, 1)
n[2] = 7
rows = [torch.from_numpy(n)]
rows = [rows[0].data]
del x
x = torch.from_numpy(n)
del x
x = torch.from_numpy(n)


def again(array):
    t = torch.from_numpy(array)
    t = t.view(2, -1)
    return t.sum()


for i in range(3):
    total = again(n)
own = torch.ones(3)
array = own.numpy()
own = torch.from_numpy(array)
own = own.data
own = own.data
w = torch.ones(4, requires_grad=True)
w.grad = torch.from_numpy(np.ones(4, dtype=np.float32))
(w * 2).sum().backward()
w.grad = w.grad.data
(w * 3).sum().backward()
taken = torch.frombuffer(bytearray(16), dtype=torch.float32)
taken = taken.data
taken = torch.from_dlpack(n)
taken = taken.data
