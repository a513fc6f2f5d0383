"""Counts of objects, references and ids: what a program that looks for leaks would print."""

import gc
import sys
import weakref

import torch


class Thing:
    pass


def count(kind):
    return sum(type(one) is kind for one in gc.get_objects())


gc.collect()
gc.disable()
before = count(Thing)
things = [Thing() for _ in range(5)]
print(count(Thing) - before)
del things
print(count(Thing) - before)
x = torch.ones(3)
print(sys.getrefcount(x))
y = x
print(sys.getrefcount(x))
box = {"x": x}
print(sys.getrefcount(x), sys.getrefcount(box), len(gc.get_referrers(x)))
print(count(torch.Tensor))
more = [torch.ones(1) for _ in range(4)]
print(count(torch.Tensor))
del more
print(count(torch.Tensor))


def function(argument):
    print(sys.getrefcount(argument), sys.getrefcount(function))
    inner = argument
    print(sys.getrefcount(inner))
    return inner


z = function(x)
print(sys.getrefcount(z), sys.getrefcount(Thing), sys.getrefcount(function))
thing = Thing()
thing.tensor = torch.ones(2)
print(sys.getrefcount(thing), sys.getrefcount(thing.tensor), sys.getrefcount(thing.__dict__))
generator = (i for i in range(3))
print(sys.getrefcount(generator), next(generator), sys.getrefcount(generator))
where = id(thing)
del thing
thing = Thing()
print(sys.getrefcount(thing))
for item in [Thing(), Thing()]:
    print(sys.getrefcount(item))
print(len(gc.get_referents(box)), [type(one).__name__ for one in gc.get_referents(box)])
storage = x.untyped_storage()
print(sys.getrefcount(storage), x._use_count(), storage is x.untyped_storage())
print([type(one).__name__ for one in gc.get_referrers(thing)])
a = [torch.ones(1)]
print([type(one).__name__ for one in gc.get_referrers(a[0])])
print(sys.getsizeof(x), sys.getsizeof(box), sys.getsizeof(function), sys.getsizeof(Thing))
e = ValueError("kept")
print(sys.getrefcount(e))
try:
    raise e
except ValueError as caught:
    print(sys.getrefcount(caught))
print(sys.getrefcount(e), e.__traceback__.tb_frame.f_code.co_name)
print(gc.garbage, gc.isenabled(), gc.get_threshold())
import os

read, write = os.pipe()
print(read, write)
