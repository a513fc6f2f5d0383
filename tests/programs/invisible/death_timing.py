"""The moment at which things die, seen by weak references with callbacks and by __del__."""

import weakref

import torch

log = []


class Noisy:
    def __init__(self, name):
        self.name = name
        self.t = torch.ones(1)

    def __del__(self):
        log.append(f"del {self.name}")


def watch(name, one):
    weakref.finalize(one, log.append, f"final {name}")


a = Noisy("a")
watch("a", a)
log.append("1")
a = None
log.append("2")
t = torch.ones(3)
watch("t", t)
log.append("3")
t = t * 2
log.append("4")
watch("t2", t)
t += 1
log.append("5")
del t
log.append("6")
(lambda n: log.append("in lambda"))(Noisy("argument"))
log.append("7")
Noisy("unnamed")
log.append("8")
Noisy("attribute").t
log.append("9")
[Noisy(str(i)) for i in range(2)]
log.append("10")
b = c = Noisy("two names")
b = 0
log.append("11")
c = 0
log.append("12")


def f():
    x = Noisy("x of f")
    y = torch.ones(2)
    watch("y of f", y)
    try:
        return y + 1
    finally:
        log.append("finally of f")


r = f()
log.append("13")


def g():
    z = Noisy("z of g")
    yield z.t
    log.append("g goes on")
    yield 2


gen = g()
next(gen)
log.append("14")
next(gen)
log.append("15")
gen = None
log.append("16")
try:
    q = Noisy("q")
    raise ValueError(q)
except ValueError as e:
    q = None
    log.append("17")
log.append("18")
with torch.no_grad():
    w = torch.ones(2)
    watch("w", w)
    for w in [torch.zeros(1), torch.zeros(2)]:
        watch("w in loop", w)
        log.append("round")
    log.append("19")
w = None
log.append("20")
d = {"k": Noisy("k")}
d["k"] = 1
log.append("21")
s = Noisy("s")
s.me = s
s = None
log.append("22")
import gc

gc.collect()
log.append("23")
first, *rest = [Noisy(str(i)) for i in range(10, 13)]
rest = None
log.append("24")
first = None
log.append("25")
match Noisy("matched"):
    case Noisy(name=n):
        log.append("26")
log.append("27")
if Noisy("tested"):
    log.append("28")
while (k := Noisy("walrus")) and len(log) < 0:
    pass
k = None
log.append("29")
assert Noisy("asserted")
log.append("30")
x = torch.ones(4, requires_grad=True)
h = (x * 2).exp()
watch("h", h)
out = h.sum()
h = None
log.append("31")
out.backward()
log.append("32")
out = None
log.append("33")
print("\n".join(log))
