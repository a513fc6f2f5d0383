"""Context managers: own ones, generators, several at once, suppressing, writing at the exit."""
import contextlib

import torch


class Restored:
    def __init__(self, tensor):
        self.tensor = tensor

    def __enter__(self):
        self.saved = self.tensor.clone()
        return self.tensor

    def __exit__(self, kind, error, traceback):
        self.tensor.copy_(self.saved)
        return kind is KeyError


@contextlib.contextmanager
def filled(value):
    t = torch.full((2,), value)
    try:
        yield t
    finally:
        t.zero_()


x = torch.arange(3.0)
with Restored(x) as same:
    same.add_(10)
    inside = same.clone()
after = x.clone()
with Restored(x):
    x.mul_(5)
    raise KeyError
later = x.clone()
with filled(1.0) as a, filled(2.0) as b:
    c = a + b
with (
    filled(3.0) as d,
    filled(4.0) as [first, second],
):
    e = d + first
with contextlib.suppress(ZeroDivisionError):
    f = torch.ones(1)
    f += 1 / 0
    f += 100
with contextlib.ExitStack() as stack:
    g = stack.enter_context(filled(5.0))
    stack.callback(x.fill_, 9.0)
    h = g + 1


def through():
    with filled(6.0) as t:
        return t + 1


i = through()
print(inside, after, later, a, b, c, d, e, f, g, h, i, x)
