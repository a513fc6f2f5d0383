"""Objects that notice every question: attribute hooks, descriptors, len, hash, eq, bool, dict views."""

import collections
import torch

log = []


class Spy:
    def __getattribute__(self, name):
        log.append(name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        log.append("set " + name)
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        log.append("del " + name)
        object.__delattr__(self, name)

    @property
    def prop(self):
        log.append("prop computed")
        return torch.ones(1)

    def __len__(self):
        log.append("len")
        return 1

    def __hash__(self):
        log.append("hash")
        return 1

    def __eq__(self, o):
        log.append("eq")
        return self is o

    def __iter__(self):
        log.append("iter")
        yield 1

    def __getitem__(self, i):
        log.append("item")
        return 3

    def __contains__(self, i):
        log.append("contains")
        return True

    def __instancecheck__(self, o):
        log.append("instance")
        return True

    def __repr__(self):
        log.append("repr")
        return "Spy"

    def __dir__(self):
        log.append("dir")
        return []

    def __reduce__(self):
        log.append("reduce")
        return (Spy, ())

    def __sizeof__(self):
        log.append("sizeof")
        return 1

    def __float__(self):
        log.append("float")
        return 1.0

    def __index__(self):
        log.append("index")
        return 1

    def __array__(self, *a, **k):
        log.append("array")
        raise TypeError

    def __torch_function__(self, *a, **k):
        log.append("torch function")

    def __call__(self):
        log.append("call")


a = Spy()
a.t = torch.ones(2)
b = [a]
a.t += 1
c = {"a": a, 3: [a]}
d = (a, {a})
for e in b:
    f = e


def use(s):
    u = s.t
    v = u * 2
    return s


use(a)


class Holder:
    spy = a

    def __init__(self, s):
        self.s = s
        self.list = [s]


h = Holder(a)
h.x = 1
x = a.t
del x
print(log)
log.clear()


class Meta(type):
    def __getattribute__(cls, name):
        log.append("meta " + name)
        return type.__getattribute__(cls, name)

    def __instancecheck__(cls, o):
        log.append("meta instance")
        return False

    def __subclasscheck__(cls, o):
        log.append("meta subclass")
        return False

    def __iter__(cls):
        log.append("meta iter")
        yield 1

    def __len__(cls):
        log.append("meta len")
        return 0

    def __eq__(cls, o):
        log.append("meta eq")
        return cls is o

    __hash__ = type.__hash__


class M(metaclass=Meta):
    t = torch.ones(1)


m = M()
k = [M, m]
m.y = torch.ones(1)
z = {"M": M}
m.y += 1
print(log)
log.clear()


class D(dict):
    def __getattribute__(self, n):
        log.append("D " + n)
        return dict.__getattribute__(self, n)

    def __missing__(self, k):
        log.append("missing")
        return 1


class L(list):
    def __getitem__(self, i):
        log.append("L item")
        return list.__getitem__(self, i)

    def __iter__(self):
        log.append("L iter")
        return list.__iter__(self)


class T(tuple):
    def __iter__(self):
        log.append("T iter")
        return tuple.__iter__(self)

    def __len__(self):
        log.append("T len")
        return tuple.__len__(self)


class S(str):
    def __eq__(self, o):
        log.append("S eq")
        return str.__eq__(self, o)

    def __hash__(self):
        log.append("S hash")
        return str.__hash__(self)

    def __str__(self):
        log.append("S str")
        return "S"


q = D(a=torch.ones(1))
w = L([torch.ones(1)])
r = T([torch.ones(1)])
s = {S("key"): torch.ones(1)}
q.update(b=w)
w.append(r)
cd = collections.ChainMap(q, s)
dq = collections.deque([torch.ones(1), w], maxlen=2)
dd = collections.defaultdict(list)
y = 1
dq.append(torch.zeros(1))
print(log)
log.clear()


class I(int):
    def __eq__(self, o):
        log.append("I eq")
        return int.__eq__(self, o)

    def __hash__(self):
        log.append("I hash")
        return 0

    def __repr__(self):
        log.append("I repr")
        return "I"


i = I(3)
ii = i
jj = {i: torch.ones(1)}
for i in (I(1), I(2)):
    pass
print(log)
log.clear()


class Desc:
    def __get__(self, o, t):
        log.append("get")
        return torch.ones(1)

    def __set__(self, o, v):
        log.append("dset")


class Own:
    d = Desc()
    __slots__ = ("p", "__dict__")

    def __getattr__(self, n):
        log.append("own " + n)
        raise AttributeError(n)


o = Own()
o.d = 3
o.p = torch.ones(1)
o.q = [torch.ones(1)]
o.q[0] += 1
print(log)
log.clear()


class Mod(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(1))

    def __getattr__(self, n):
        log.append("mod " + n)
        return super().__getattr__(n)


mm = Mod()
mm2 = torch.nn.Sequential(mm)
mm.extra = torch.ones(1)
l = mm.w * 2
print(log)
