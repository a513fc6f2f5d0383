"""set_, resize_, resize_as_, storage.resize_, and what happens to those that share."""
import torch

a = torch.arange(6.0)
b = a[2:]
c = torch.zeros(4)
c.set_(a.untyped_storage(), 1, (2, 2), (2, 1))
c[0, 0] = 100.0
d = torch.zeros(1)
d.set_(a)
d[5] = -5.0
a.resize_(2, 3)
a.resize_(4)
a.resize_(2)
b += 1
e = torch.ones(8)
f = e[4:]
e.resize_(2, 2)
f.fill_(3)
e.resize_as_(torch.zeros(2, 4))
g = torch.arange(4.0)
g_storage = g.untyped_storage()
g_storage.resize_(8)
h = g[:2]
h.mul_(10)
regrown = (g_storage.resize_(16), g_storage.fill_(0))
i = torch.zeros(0)
i.resize_(0, 3)
j = torch.ones(2, 2)
j.set_()
k = torch.arange(3.0)
torch.arange(3.0, 6.0, out=k.resize_(3))
m = torch.tensor([1.0, 2.0])
n = torch.tensor([3.0, 4.0, 5.0])
m.set_(n[1:])
n.zero_()
m.add_(1)
print(a, b, c, d, e, f, g, h, i.shape, j.shape, k, m, n)
