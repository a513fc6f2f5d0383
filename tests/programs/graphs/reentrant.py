"""Checkpoints that keep random state, write in place, nest, raise, return tuples, run under autocast."""

import torch
from torch.utils.checkpoint import checkpoint, create_selective_checkpoint_contexts

torch.manual_seed(1)
x = torch.ones(3, requires_grad=True)
count = torch.zeros(1)


def block(t, k):
    count.add_(1)
    u = torch.nn.functional.dropout(t * k, 0.5)
    v = u.clone()
    v[0] = 3
    return v.exp(), k


def outer(t):
    a, k = checkpoint(block, t, 2.0, use_reentrant=False)
    return a.sum()


for reentrant in (False, True):
    y = checkpoint(block, x, 2.0, use_reentrant=reentrant)[0]
    y.sum().backward()
z = checkpoint(outer, x, use_reentrant=False)
z.backward()
first = count.clone()
x.grad.zero_()
with torch.autocast("cpu", dtype=torch.bfloat16):
    lin = torch.nn.Linear(3, 3)
    with torch.no_grad():
        lin.weight.fill_(0.1), lin.bias.fill_(0)
    q = checkpoint(lin, x, use_reentrant=False)
q.float().sum().backward()


def broken(t):
    if count > 8:
        raise ValueError("only the first time")
    count.add_(1)
    return t.sin()


r = checkpoint(broken, x, use_reentrant=False)
count.fill_(10)
try:
    r.sum().backward()
except ValueError as error:
    told = str(error)
g = checkpoint(lambda t: t.cos() * t, x, use_reentrant=False)
(d,) = torch.autograd.grad(g.sum(), x, create_graph=True)
d.sum().backward()
early = checkpoint(block, x, 1.0, use_reentrant=False, preserve_rng_state=False)
last = x.grad
print(first, last, told, lin.weight.grad, early[0].shape)
