"""Class bodies, qualified names, annotations, del, global, nonlocal, star-assignment, walrus."""

import collections
import dataclasses
import enum
import functools
import pickle
import typing

import torch


class Outer:
    here = __qualname__
    inside = sorted(locals())
    t = torch.zeros(2)
    del inside

    class Inner:
        where = __qualname__
        n: int = 3
        m: "torch.Tensor"

        def f(self):
            return __class__.__qualname__

    for i in range(2):
        t = t + i
    del i
    lam = lambda self: 3
    comp = [j for j in range(2)]


print(Outer.here, Outer.Inner.where, Outer.Inner().f(), sorted(vars(Outer)))
print(Outer.Inner.__annotations__, Outer.lam.__qualname__, list(vars(Outer)))
print(Outer.__module__, Outer.__doc__, Outer.Inner.f.__code__.co_firstlineno)


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: float = 2.0
    tags: list = dataclasses.field(default_factory=list)
    t: typing.ClassVar[torch.Tensor] = torch.ones(1)


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: int
    b: str = "b"


Named = collections.namedtuple("Named", "p q", defaults=[1])


class Typed(typing.NamedTuple):
    v: int
    w: str = "w"


class Color(enum.Enum):
    RED = enum.auto()
    GREEN = enum.auto()

    @property
    def lower(self):
        return self.name.lower()


class Flags(enum.Flag):
    A = 1
    B = 2
    C = A | B


class Ints(enum.IntEnum):
    ONE = 1


for one in (
    Point(1),
    Frozen(2),
    Named(3),
    Typed(4),
    Color.RED,
    Flags.C,
    Ints.ONE,
    Flags.A | Flags.B,
):
    print(repr(one), pickle.loads(pickle.dumps(one)) == one)
print(list(Color), Color.GREEN.lower, Color["RED"] is Color(1), list(Color.__members__))
print(
    dataclasses.fields(Point)[1].type, Point.__match_args__, Frozen.__slots__, Point(1) < Point(2)
)


def deco(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        return f(*a, **k)

    return wrapper


@deco
@functools.lru_cache
def cached(n: int) -> "int":
    """Doc."""
    return n + 1


print(
    cached(1), cached.__wrapped__.__wrapped__.__qualname__, cached.__doc__, cached.__annotations__
)
print(cached.__wrapped__.cache_info(), cached.__name__, deco(deco).__qualname__)


@functools.singledispatch
def show(x):
    return "any"


@show.register
def _(x: int):
    return "int"


@show.register
def _(x: torch.Tensor):
    return "tensor"


print(show(1), show(torch.ones(1)), show("s"), _.__name__)
x: int = 3
y: "str"
print(__annotations__)
del x
try:
    x
except NameError as e:
    print(e, e.name)


def scopes():
    n = 0

    def bump():
        nonlocal n
        global shared
        n += 1
        shared = n
        return n

    bump()
    print(bump.__closure__[0].cell_contents, bump.__code__.co_freevars)
    del n
    try:
        bump()
    except NameError as e:
        print(e)


scopes()
print(shared)
a, (b, *c), d = 1, (2, 3, 4), 5
print(a, b, c, d, [last := i for i in range(3)], last)
print(typing.get_type_hints(Point), typing.get_type_hints(cached))


class Meta(type):
    def __call__(cls, *args):
        print("calling", cls.__name__)
        return super().__call__(*args)


class WithMeta(metaclass=Meta):
    def __init__(self):
        super().__init__()
        self.t = torch.ones(1)

    def __getattr__(self, name):
        return "missing " + name

    def __class_getitem__(cls, item):
        return item


print(WithMeta().nothing, WithMeta[3], super.__name__)


class Slots:
    __slots__ = ("a", "__weakref__")
    a: torch.Tensor


s = Slots()
s.a = torch.ones(1)
try:
    s.b = 1
except AttributeError as e:
    print(e)


class P:
    def __init_subclass__(cls, /, tag, **k):
        cls.tag = tag

    @functools.cached_property
    def once(self):
        print("computed once")
        return torch.ones(2)


class Q(P, tag="q"):
    pass


q = Q()
print(q.once is q.once, Q.tag, vars(q))
print(sorted(n for n in globals() if not n.startswith("__")))
inner = functools.partial(sorted, [torch.ones(1)])
held = [inner]
print(functools.partial(inner, key=None).func is sorted, len(held))
