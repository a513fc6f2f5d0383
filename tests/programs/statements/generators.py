"""Generators: interleaved, sent into, delegated to, closed, thrown into, left unfinished."""
import torch


def powers(base):
    value = torch.ones(2)
    while True:
        yield value
        value = value * base


def running_sum():
    total = torch.zeros(2)
    try:
        while True:
            got = yield total.clone()
            total += got
    finally:
        total.fill_(-1)


def both(left, right):
    first = yield from left
    second = yield from right
    return first + second


def limited(n):
    mine = torch.full((2,), float(n))
    for i in range(n):
        mine = mine + i
        yield mine
    return mine * 10


def careful():
    kept = torch.zeros(1)
    while True:
        try:
            kept = kept + 1
            yield kept
        except ValueError:
            kept = kept * 100


a = powers(2.0)
b = powers(3.0)
x = next(a)
y = next(b)
x = next(a)
y = next(b)
x = next(a)
acc = running_sum()
start = next(acc)
one = acc.send(x)
two = acc.send(y)
acc.close()
outer = both(limited(2), limited(3))
seen = []
while True:
    try:
        seen.append(next(outer))
    except StopIteration as stop:
        answer = stop.value
        break
guard = careful()
k1 = next(guard)
k2 = guard.throw(ValueError)
k3 = next(guard)
last = list(limited(2))
lazy = (t * 2 for t in last)
drawn = next(lazy)
for item, other in zip(limited(2), powers(5.0)):
    pair = item + other
del guard
print(x, y, start, one, two, seen, answer, k1, k2, k3, drawn, pair)
