"""Returns in finally, break in finally, loops' else, nested try, suppressed errors, chained managers."""

import contextlib

import torch

x = torch.zeros(3)


def leaves():
    try:
        x.add_(1)
        return x.clone()
    finally:
        x.mul_(2)


def overrides():
    try:
        raise ValueError
    except ValueError:
        t = torch.ones(1)
        return t
    finally:
        u = torch.zeros(1)
        return u


def loops():
    for i in range(3):
        try:
            x[i] = i
            if i == 1:
                continue
            if i == 2:
                break
        finally:
            x.add_(10)
    else:
        x.fill_(-1)
    while True:
        y = x + 1
        break
    else:
        y = None
    for j in []:
        pass
    else:
        x.sub_(1)
    return y


a = leaves()
b = overrides()
c = loops()
with contextlib.suppress(RuntimeError):
    d = torch.ones(2)
    d.view(3)
    d = None
try:
    try:
        e = torch.ones(1)
        e += torch.ones(5)
    except ValueError:
        e = None
    else:
        e = 3
    finally:
        e = torch.full((1,), 2.0)
except RuntimeError:
    f = e + 1


@contextlib.contextmanager
def scaled(t, by):
    t.mul_(by)
    try:
        yield t[:1]
    finally:
        t.div_(by)


with scaled(x, 4) as part, torch.no_grad(), scaled(part, 2) as inner:
    inner += 1
try:
    with scaled(x, 2):
        raise KeyError
except KeyError:
    pass
with contextlib.ExitStack() as stack:
    g = stack.enter_context(scaled(x, 3))
    stack.callback(x.add_, 100)
match (x, [a, b], {"k": c}):
    case (t, [first, *rest], {"k": k}) if t.sum() > 0:
        t[0] = 0
    case _:
        t = None
match torch.ones(2).tolist():
    case [one, two]:
        h = torch.tensor([two, one])
match c:
    case torch.Tensor(shape=s):
        i = torch.zeros(s)
try:
    raise ExceptionGroup("g", [ValueError(torch.ones(1)), TypeError()])
except* ValueError as group:
    j = group.exceptions[0].args[0] + 1
except* TypeError:
    k2 = torch.ones(4)
assert x is not None, torch.zeros(1)
del a, c
if (n := torch.ones(2)).sum() > 5:
    n = 0
elif (m := n * 2).sum() > 3:
    o = m
x, b = b, x
x[0], b[1] = 8, 9
[p, *q], r = [torch.ones(1), torch.zeros(1), torch.ones(2)], torch.ones(3)
lst = [torch.zeros(2) for _ in range(3)]
lst[1:] = [torch.ones(1)]
lst[0][1], lst[1] = 5, lst[0]
dct = {i: torch.full((1,), float(i)) for i in range(2)}
dct[0] += 1
dct |= {2: dct.pop(1)}
first, *_, end = lst
print(x, b, d, e, f, h, i, j, lst, dct, end)
