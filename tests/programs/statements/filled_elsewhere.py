"""Containers and shared names that change in functions, which the statement that called them tells."""
import contextlib

import torch

kept, table = [torch.zeros(1)], {}
x = torch.ones(2)


def fill(value):
    kept.append(value)
    return len(kept)


def fill_deeper(value):
    count = fill(value)
    return count


def reads():
    return len(kept) + len(table)


def fails_behind(value):
    kept.append(value) or undefined


def swallows(value):
    with contextlib.suppress(NameError):
        fails_behind(value)


def swallows_last(value):
    for _ in range(2):
        with contextlib.suppress(NameError):
            table["last"] = value
            kept.append(value) or undefined


def counter():
    held, inner = x, [x]

    def bind(value):
        nonlocal held
        held = value

    def count():
        nonlocal held
        held = 3

    def put(value):
        inner.append(value)

    bind(x + 1)
    one = 1
    put(x + 2)
    two = one + 1
    count()
    three = two + 1
    bind(x * 5)
    return three


def passes_on():
    for value in (x, x + 1):
        table["passed"] = value
        yield 1


class Store:
    def __init__(self):
        self.items = []

    @property
    def newest(self):
        self.items.append(x * len(self.items))
        return self.items[-1]

    def __add__(self, other):
        self.items.append(other)
        return len(self.items)

    def __call__(self, value):
        kept.append(value)
        return self


count = fill(x)
count = fill_deeper(x + 1)
count = reads()
swallows(x + 2)
count = reads()
swallows_last(x + 3)
count = 4
with contextlib.suppress(NameError):
    kept.append(x + 4) or undefined
five = 5
with contextlib.suppress(NameError):
    kept.append(x + 5) or undefined
if five:
    with contextlib.suppress(NameError):
        kept[0] = undefined(kept.append(x + 6))
six = five + 1
seven = six + 1
try:
    with contextlib.suppress(NameError):
        kept.append(x + 8) or undefined
finally:
    eight = seven + 1
n = 0
while n < 2:
    n = n + 1
    with contextlib.suppress(NameError):
        kept.append(x + 9) or undefined
nine = 9
three = counter()
for one in passes_on():
    two = one + 1
passing = passes_on()
got = next(passing)
ten = 10
store = Store()
newest = store.newest
newest = store.newest
size = store + x
same = store(x + 10)
size = sum(fill(x) for _ in range(2))
sizes = list(map(fill, (x, x)))
try:
    fails_behind(x + 11)
except NameError:
    pass
last = 1
