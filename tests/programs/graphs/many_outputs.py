"""Nodes with several outputs: unbind, split, svd, sort, max, chunk; unused outputs give None."""
import torch

x = torch.tensor([[3.0, 1.0], [2.0, 5.0]], requires_grad=True)
a, b = x.unbind(0)
c, d = x.split(1, dim=1)
values, places = x.sort(dim=1)
most = x.max(dim=0)
u, s, v = torch.linalg.svd(x)
mean, std = torch.std_mean(x)
loss = a.sum() + d.prod() + values[:, 0].sum() + most.values.sum() + s.sum() + std
loss.backward()
(only,) = torch.autograd.grad((x * 2)[0].sum(), x)
unused = torch.ones(1, requires_grad=True)
pair = torch.autograd.grad(x.sum(), [x, unused], allow_unused=True)
zeros = torch.autograd.grad(x.sum(), [unused], allow_unused=True, materialize_grads=True)
print(x.grad, only, pair[1], zeros[0], places)
