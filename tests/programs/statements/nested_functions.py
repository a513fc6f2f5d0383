"""Nested functions, closures, nonlocal and global, default values, names deleted."""
import torch

count = torch.zeros(1)


def counter():
    global count
    count = count + 1
    inner_count = torch.zeros(1)

    def bump(by):
        nonlocal inner_count
        inner_count = inner_count + by
        shared.append(inner_count)
        return inner_count

    def reader():
        copy = inner_count.clone()
        return copy

    shared = []
    bump(1)
    bump(torch.tensor(5.0))
    read = reader()
    read += 100
    return bump, reader, shared


bump, reader, shared = counter()
a = bump(10)
b = reader()
other, _, _ = counter()
c = other(3)


def forget():
    t = torch.ones(1)
    u = t
    del t
    u += 1
    return u


d = forget()
del a
print(count, b, c, d, shared)
