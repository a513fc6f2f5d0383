"""Decorators with and without arguments, on functions, methods and classes."""
import functools

import torch

log = []


def doubled(function):
    scale = torch.tensor(2.0)

    @functools.wraps(function)
    def wrapper(*args):
        result = function(*args) * scale
        log.append(result)
        return result

    return wrapper


def added(amount):
    amount = amount + 0

    def decorate(function):
        def wrapper(*args):
            result = function(*args)
            result += amount
            return result

        return wrapper

    return decorate


def registered(cls):
    cls.made = torch.zeros(1)
    return cls


@doubled
@added(torch.ones(2))
def f(x):
    y = x * 3
    return y


@registered
class Thing:
    @doubled
    def method(self, x):
        return x + 1

    @functools.cached_property
    def cached(self):
        made = torch.full((2,), 7.0)
        return made


@functools.lru_cache
def once(n):
    made = torch.arange(n)
    return made


@torch.no_grad()
def quiet(x):
    z = x * 2
    return z


a = f(torch.tensor([1.0, 2.0]))
thing = Thing()
b = thing.method(a)
c = thing.cached
c.add_(1)
d = thing.cached
e = once(3)
g = once(3)
h = quiet(torch.ones(1, requires_grad=True))
print(a, b, c is d, e is g, h, len(log), Thing.made)
