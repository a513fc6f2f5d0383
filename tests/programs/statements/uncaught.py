"""Ends with an exception from deep inside; everything before it stays on record."""
import torch

x = torch.ones(2)


def inner(t):
    t = t * 2
    t += torch.ones(3)
    return t


def outer(t):
    u = t + 1
    return inner(u)


x.add_(1)
y = outer(x)
z = y + 1
