"""Memory that others hold: numpy views of views, memoryviews, array, DLPack, frombuffer, save and load."""

import array
import ctypes
import io
import pickle

import numpy as np
import torch

x = torch.arange(6.0)
n = x.numpy()
m = memoryview(n)
m[2] = 50.0
n2 = n.reshape(2, 3)[:, 1:]
n2 += 1
np.add(n2, 1, out=n2)
n.sort()
n[::-1][0] = -4
x.mul_(2)
np.copyto(n, 3.0, where=n > 10)
del n, n2
m[0] = 7.5
m.release()
x += 1
host = array.array("f", [1, 2, 3])
y = torch.frombuffer(host, dtype=torch.float32)
host[1] = 9
y[0] = 8
raw = bytearray(b"\0" * 8)
z = torch.frombuffer(raw, dtype=torch.uint8)
raw[3] = 200
struct = memoryview(raw)
struct[4:6] = b"ab"
a = np.zeros((2, 2))
t = torch.as_tensor(a)
u = torch.tensor(a)
w = torch.asarray(a)
a[0] = 5
np.fill_diagonal(a, 1)
t.add_(1)
record = np.zeros(2, dtype=[("p", "f4"), ("q", "i4")])
p = torch.from_numpy(record["p"])
record["p"][1] = 3
record["q"] = 9
b = torch.from_numpy(np.arange(12).reshape(3, 4)[::2, 1:].copy())
strided = torch.from_numpy(np.arange(12.0)[::3])
strided.fill_(0)
cap = torch.utils.dlpack.to_dlpack(x)
d = torch.utils.dlpack.from_dlpack(cap)
d[0] = 1000
e = np.from_dlpack(torch.ones(2))
buf = io.BytesIO()
torch.save([x, x[2:]], buf)
buf.seek(0)
one, two = torch.load(buf)
one[3] = -1
two[0] = -2
copy = pickle.loads(pickle.dumps(x))
copy.add_(1)
x.sub_(1)
s = (ctypes.c_float * 2)(1.0, 2.0)
c = torch.frombuffer(s, dtype=torch.float32)
s[1] = 6.0
c[0] = 4
r = np.asarray(x)
r.flags.writeable = False
x[1] = 11
obj = np.empty(2, dtype=object)
obj[0] = kept = torch.ones(1)
obj[0].add_(2)
scalar = np.float32(3) * torch.ones(2)
scalar.numpy()[0] = 5
grad = torch.ones(2, requires_grad=True)
grad.detach().numpy()[1] = 9
(grad * 2).sum().backward()
grad.grad.numpy()[:] = 0
bits = torch.zeros(2, dtype=torch.bfloat16)
bits.view(torch.int16).numpy()[0] = 16256
cpx = torch.zeros(2, dtype=torch.complex64)
cpx.numpy()[1] = 2 + 3j
k = cpx.numpy().real
k[0] = 8
np.random.seed(0)
np.random.shuffle(x.numpy())
x.numpy().tofile("/dev/null")
it = np.nditer(x.numpy(), op_flags=["readwrite"])
for cell in it:
    cell[...] = cell + 1
vec = np.vectorize(lambda q: q + 1)(x.numpy())
print(x, y, z, t, u, w, p, b, strided, d, e, one, two, copy, c, r, grad, bits, cpx, vec)
