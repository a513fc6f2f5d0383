"""Tensors in properties, descriptors, slots, dataclasses, class variables, nested classes, closures."""

import dataclasses
import functools
import types
from collections import OrderedDict, defaultdict, deque, namedtuple

import torch


class Box:
    shared = torch.zeros(2)
    __slots__ = ("inner", "other")

    def __init__(self):
        self.inner = torch.ones(2)
        self.other = [self.inner]

    @property
    def twice(self):
        out = self.inner * 2
        return out

    @twice.setter
    def twice(self, value):
        self.inner.copy_(value)
        Box.shared.add_(1)

    @classmethod
    def make(cls):
        made = cls()
        return made

    @staticmethod
    def add(t):
        t += 1
        return t

    def __iadd__(self, n):
        self.inner += n
        return self

    def __getitem__(self, i):
        got = self.inner[i]
        return got

    def __setitem__(self, i, v):
        self.inner[i] = v

    def __enter__(self):
        return self.inner

    def __exit__(self, *a):
        self.inner.zero_()

    def __call__(self, t):
        return t @ self.inner

    class Nested:
        t = torch.ones(1)

        def grow(self):
            self.t = self.t + 1
            return self.t


box = Box.make()
box.twice = torch.tensor([5.0, 6.0])
box += 3
box[0] = 1
y = box[1]
v = Box.add(box.inner)
with box as opened:
    opened[1] = 4
z = box(torch.ones(2))
nested = Box.Nested()
nested.grow()
nested.grow()


@dataclasses.dataclass
class Pair:
    a: torch.Tensor
    b: list = dataclasses.field(default_factory=lambda: [torch.zeros(1)])

    def __post_init__(self):
        self.c = self.a + 1


pair = Pair(torch.ones(1))
pair.b.append(pair.c)
pair.a.add_(1)
changed = dataclasses.replace(pair, a=torch.zeros(1))
Point = namedtuple("Point", "x y")
point = Point(torch.ones(1), [torch.zeros(1)])
point.y[0] += 2
moved = point._replace(x=torch.full((1,), 3.0))
od = OrderedDict(a=torch.ones(1))
od["b"] = od["a"]
od.move_to_end("a")
dd = defaultdict(lambda: torch.zeros(2))
dd["k"] += 1
dq = deque([torch.ones(1)], maxlen=2)
dq.append(torch.zeros(1))
dq.append(torch.full((1,), 2.0))
dq[0] += 5
space = types.SimpleNamespace(t=torch.ones(1), deeper=types.SimpleNamespace(u=torch.zeros(1)))
space.deeper.u += 1
setattr(space, "w", torch.ones(2))
delattr(space, "t")
vars(space)["x"] = torch.zeros(1)
space.__dict__.update(y=torch.ones(1))


def counter():
    total = torch.zeros(1)

    def add(n):
        nonlocal total
        total += n
        total = total + 0
        return total

    def peek():
        return total

    return add, peek


add, peek = counter()
add(2)
seen = peek()
add(3)
part = functools.partial(torch.add, torch.ones(1), alpha=2)
w = part(torch.ones(1))


@functools.lru_cache
def cached(n):
    made = torch.full((n,), 1.0)
    return made


one, two = cached(2), cached(2)
one.add_(1)
cyc = {"t": torch.ones(1)}
cyc["self"] = cyc
cyc["t"] += 1
deep = [[[[torch.zeros(1)]]]]
deep[0][0][0][0] += 1
sets = {1: {torch.ones(1)}, "f": frozenset([torch.zeros(1)])}
tup = ([torch.ones(1)],)
tup[0].append(torch.zeros(1))
tup[0][0] += 4


class Meta(type):
    def __new__(m, n, b, d):
        d["extra"] = torch.ones(3)
        made = super().__new__(m, n, b, d)
        return made


class WithMeta(metaclass=Meta):
    own = torch.zeros(1)
    own += 1


WithMeta.extra.mul_(2)
inst = WithMeta()
inst.extra = inst.extra + 1


class Sub(Box):
    __slots__ = ("more",)

    def __init__(self):
        super().__init__()
        self.more = torch.zeros(1)


sub = Sub()
sub.more += 1
sub.inner += 1
globals()["dynamic"] = torch.ones(2)
dynamic += 1
globals().update(other=torch.zeros(1))
exec("made = torch.ones(2); made += 1")
eval("made.add_(5)")
print(
    box.inner, y, v, z, nested.t, pair, changed, point, dd, dq, seen, one, cyc["t"], sub.more, made
)
