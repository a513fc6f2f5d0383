"""W4: thirty statements on 4096 x 4096 float32, several of them in place."""

import torch

torch.manual_seed(0)
n = 4096
a = torch.rand(n, n)
b = torch.rand(n, n)
c = a + b
c.mul_(0.5)
d = c.t()
e = d[:, :100]
f = a.sum(dim=0)
a.add_(1.0)
g = a - b
g.relu_()
h = g.mean()
b.sqrt_()
k = b * 2
k[0] = 0.0
m = k.max()
c.copy_(k)
p = c.view(-1)
q = p[:1000].clone()
r = torch.where(a > 1.5, a, b)
r.clamp_(0, 1)
s = r.std()
u = r.cumsum(0)
v = u[-1]
a.zero_()
w = (r * k).sum(1)
x = r > 0.5
y = x.sum()
z = torch.exp(b)
z.neg_()
aa = z.abs()
