"""Writes through .data and detach(), which the version counter partly does not count."""
import torch

w = torch.ones(3, requires_grad=True)
y = (w * 2).sum()
w.data.add_(1)
w.data[0] = 50.0
w.data = torch.full((3,), 7.0)
w.data *= 2
inner = w.data
inner[1] = -1
d = w.detach()
d[2] = 99
d.zero_()
e = d[1:]
e += 5
f = w.detach_() if w.is_leaf else w
y.backward()
w.data = torch.zeros(2, 2)
g = torch.zeros(4)
h = g.view(2, 2)
g.data = torch.ones(4)
h += 3
g.data = h.data.t()
g[0, 1] = 12.0
p = torch.nn.Parameter(torch.zeros(2))
p.data.fill_(2)
p.data = p.data.double()
print(w, d, e, f is w, g, h, p, p.dtype)
