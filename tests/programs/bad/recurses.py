"""Recurses until Python stops it, catches that, and goes on; then once more uncaught."""
import torch

x = torch.zeros(1)


def down(n):
    m = n + 1
    return down(m)


try:
    down(0)
except RecursionError:
    x += 1


class Deep:
    def __init__(self, inside):
        self.inside = inside


deep = torch.ones(1)
for i in range(500):
    deep = Deep(deep) if i % 2 else [deep]
x += 1
down(0)
