"""When things die: weak references, __del__, gc, reference counts, generators that are closed."""
import gc
import sys
import weakref

import torch

gc.collect()


class Noisy:
    def __init__(self, name):
        self.name = name
        self.tensor = torch.ones(2)

    def __del__(self):
        print("gone", self.name)


a = Noisy("a")
a = None
print("after a")
b = Noisy("b")
b = Noisy("b again")
print("after b")
tensors = [torch.ones(2) for _ in range(3)]
references = [weakref.ref(t) for t in tensors]
print([r() is not None for r in references])
tensors.pop()
print([r() is not None for r in references])
del tensors
print([r() is not None for r in references])


def f():
    local = Noisy("local")
    return local.tensor


t = f()
print("after f", t)
watched = weakref.ref(t, lambda r: print("tensor died"))
t = t + 1
print("rebound")


def generate():
    try:
        yield 1
        yield 2
    finally:
        print("generator closed")


g = generate()
next(g)
del g
print("after g")
x = torch.ones(3)
print(sys.getrefcount(x), len(gc.get_referrers(x)))
ring = [torch.ones(1)]
ring.append(ring)
watch = weakref.ref(ring[0])
del ring
print(watch() is None)
gc.collect()
print(watch() is None)
print(len(weakref.getweakrefs(x)), weakref.getweakrefcount(x))
for n in range(2):
    inside = Noisy(n)
print("loop over")
try:
    raise ValueError(Noisy("in an exception"))
except ValueError as error:
    pass
print("handled")
print(gc.get_threshold(), gc.isenabled(), gc.get_debug())
gc.freeze()
print(gc.get_freeze_count() > 10_000)
gc.unfreeze()
print(gc.get_freeze_count())
del b, inside
