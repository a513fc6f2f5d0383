"""is_leaf, requires_grad and retain_grad as they change."""
import torch

a = torch.ones(2)
b = torch.ones(2, requires_grad=True)
c = a + 1
d = b + 1
a.requires_grad_(True)
e = a + b
d.retain_grad()
f = d.detach()
f.requires_grad = True
g = e.clone()
e.detach_()
h = torch.nn.Parameter(f)
i = torch.tensor([1]).float()
with torch.no_grad():
    j = b * 2
    j.requires_grad_()
k = b.data
d.sum().backward()
print(a.is_leaf, b.is_leaf, c.is_leaf, d.is_leaf, e.is_leaf, f.is_leaf, g.is_leaf, h.is_leaf)
print(i.requires_grad, j.is_leaf, k.requires_grad, d.grad, b.grad)
