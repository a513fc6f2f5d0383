"""Writes by less usual doors: put_, masked_scatter_, index_copy_, foreach, complex parts, bit views."""

import torch

x = torch.zeros(6)
v = x.view(2, 3)
x.put_(torch.tensor([0, 2]), torch.tensor([5.0, 6.0]))
v.masked_scatter_(v > 5, torch.tensor([9.0]))
x.index_copy_(0, torch.tensor([1]), torch.tensor([4.0]))
x.scatter_(0, torch.tensor([3]), 8.0)
x.scatter_add_(0, torch.tensor([3, 3]), torch.ones(2))
x.index_fill_(0, torch.tensor([5]), -1.0)
x.index_add_(0, torch.tensor([0]), torch.tensor([1.0]))
x.index_put_((torch.tensor([4]),), torch.tensor(7.0), accumulate=True)
v.index_reduce_(0, torch.tensor([0]), torch.full((1, 3), 2.0), "prod")
x.scatter_reduce_(0, torch.tensor([1]), torch.tensor([100.0]), "amax")
v.t()[0] = -3
v.diagonal().fill_(1)
x.unfold(0, 2, 2)[1].mul_(10)
v[:, 1:].copy_(torch.arange(4.0).view(2, 2))
v.T.flatten()[0] = 77
v[v > 50] = 0.5
v[..., None].squeeze(-1).sub_(1)
torch._foreach_add_([x, v], 1.0)
torch._foreach_copy_([x], [torch.arange(6.0)])
torch._foreach_zero_([v[0]])
c = torch.zeros(3, dtype=torch.complex64)
c.real.fill_(2)
c.imag[1] = 3
torch.view_as_real(c)[2, 0] = 9
k = c.conj()
k.add_(1j)
n = c.imag.neg()
bits = x.view(torch.int32)
bits[1] = 1065353216
half = x.view(torch.uint8)
half[0] = 1
b = torch.zeros(4, dtype=torch.bool)
b.logical_or_(torch.tensor([True, False, True, False]))
b.logical_not_()
s = torch.tensor([3.0, 1.0, 2.0])
torch.sort(s, out=(s, torch.empty(3, dtype=torch.long)))
i = torch.zeros(3, dtype=torch.int64)
i.bitwise_or_(5).bitwise_left_shift_(1)
w, p = torch.ones(2), torch.zeros(2)
w.lerp_(p, 0.25), p.addcmul_(w, w), p.addcdiv_(w, w), w.clamp_(max=0.5)
m = torch.zeros(2, 2)
m.addmm_(torch.eye(2), torch.ones(2, 2)), m.baddbmm if False else None
m.fill_diagonal_(5), m.tril_(), m.t_(), m.transpose_(0, 1)
m.squeeze_(), m.unsqueeze_(0), m.swapaxes_(0, 1)
q = torch.arange(4.0)
q.as_strided_((2, 2), (1, 1))
q += 1
z = torch.empty(2).copy_(torch.ones(2)).map_(torch.ones(2), lambda a, b: a + b)
z.apply_(lambda a: a * 3)
r = torch.zeros(2, requires_grad=True)
with torch.no_grad():
    r.copy_(torch.ones(2))
    r[0] = 4
r.detach_()
r.requires_grad_(False).add_(1)
print(x, v, c, k, bits, b, s, i, w, p, m, q, z, r)
