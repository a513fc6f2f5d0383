"""W1: sixty lines on tiny tensors, the kind of program a lesson is made of."""

import torch

torch.manual_seed(0)
a = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
b = torch.ones(2, 2)
c = a + b
d = a * b
e = a @ b
f = c - d
g = f / 2
h = a.t()
i = a.view(4)
j = a[0]
k = a[:, 1]
l = torch.cat([a, b])
m = torch.stack([a, b])
n = m.sum(dim=0)
o = m.mean()
p = a.clone()
p[0, 0] = 9.0
p.add_(1)
q = p.abs().sqrt()
r = torch.zeros(3)
r[1] = 5
s = torch.arange(6).reshape(2, 3)
t = s.float()
u = t.std()
v = t.max(dim=1)
w = v.values
x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
out.backward()
grad = x.grad
x.grad = None
y = (x * 2).pow(2).sum()
y.backward()
aa = x.detach()
bb = aa.numel()
cc = aa.shape
dd = torch.linspace(0, 1, 5)
ee = torch.sin(dd)
ff = ee.clamp(0, 0.5)
gg = ff.cumsum(0)
hh = torch.where(gg > 0.5, gg, dd)
ii = hh.sort()
jj = ii.indices
kk = torch.randn(3, 3)
ll = kk.triu()
mm = kk.diag()
nn = mm.unsqueeze(0)
oo = nn.squeeze()
pp = oo.expand(2, 3)
qq = pp.contiguous()
rr = qq.flatten()
ss = rr.unique()
tt = torch.eye(3)
uu = tt.to(torch.float64)
vv = uu.trace()
ww = vv.item()
xx = ww * 2
