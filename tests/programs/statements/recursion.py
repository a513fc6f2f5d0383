"""Recursion, direct and mutual: each activation has its own names."""
import torch


def factorial(n):
    if n <= 1:
        return torch.ones(1)
    below = factorial(n - 1)
    mine = below * n
    return mine


def even(t, n):
    t.add_(1)
    if n == 0:
        return t
    return odd(t, n - 1)


def odd(t, n):
    t.mul_(2)
    if n == 0:
        return t
    return even(t, n - 1)


def tree(depth):
    here = torch.full((1,), float(depth))
    if depth:
        left = tree(depth - 1)
        right = tree(depth - 1)
        here = here + left + right
    return here


a = factorial(4)
b = even(torch.zeros(1), 5)
c = tree(2)
print(a, b, c)
