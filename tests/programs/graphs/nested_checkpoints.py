"""Checkpoints inside checkpoints, and one whose part needs no gradient."""
import torch
from torch.utils.checkpoint import checkpoint


def inner(t, factor):
    u = t * factor
    return u.tanh()


def outer(t):
    a = checkpoint(inner, t, 2.0, use_reentrant=False)
    b = a + 1
    return checkpoint(inner, b, 3.0, use_reentrant=False)


def outer_reentrant(t):
    a = checkpoint(inner, t, 2.0, use_reentrant=True)
    return a * a


x = torch.tensor([0.1, -0.2], requires_grad=True)
y = checkpoint(outer, x, use_reentrant=False)
y.sum().backward()
first = x.grad.clone()
x.grad = None
z = checkpoint(outer_reentrant, x, use_reentrant=True)
z.sum().backward()
still = torch.ones(2)
part = checkpoint(inner, still, 1.0, use_reentrant=False)
loss = (part * x).sum()
loss.backward()
print(first, x.grad)
