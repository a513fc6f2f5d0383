"""Names of functions that run again and again: bound to a tensor, then to a number."""
import torch

x = torch.ones(2)
rows = [x, x + 1]


def rebinds(a):
    y = a + 1
    y = 3
    z = y + 1
    a = z
    return z


def loops(a):
    for b in [a, 1, 2]:
        c = b
    b = a
    for b in range(2):
        d = b
    return d


def inner():
    held = x

    def bind():
        nonlocal held
        held = 3
        return held

    one = bind()
    held = x + 1
    two = bind()
    return one + two


def counts(a):
    for _ in range(3):
        rows[0] = a
        yield 1
        b = a
        b = 2
        yield b


for n in range(5):
    k = rebinds(x)
    d = loops(x)
    d = inner()
for k in counts(x * 2):
    m = k + 1
