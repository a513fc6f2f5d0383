"""Context, cause, notes, groups, suppressed context, tracebacks with carets, reraised errors."""

import sys
import traceback

import torch


def bad(x):
    return x.view(7) + x.undefined


def chain():
    try:
        bad(torch.ones(3))
    except RuntimeError as e:
        e.add_note("a note")
        try:
            {}["k"]
        except KeyError as k:
            raise ValueError("outer") from k


def show(f):
    try:
        f()
    except BaseException as e:
        traceback.print_exc(file=sys.stdout)
        print(
            type(e.__context__),
            type(e.__cause__),
            e.__suppress_context__,
            getattr(e, "__notes__", None),
        )
        depth = 0
        while e is not None and depth < 10:
            tb, n = e.__traceback__, 0
            while tb:
                n += 1
                tb = tb.tb_next
            print(type(e).__name__, n)
            e = e.__context__
            depth += 1


show(chain)


def in_finally():
    try:
        1 / 0
    finally:
        (lambda q: q.missing)(torch.zeros(1))


show(in_finally)


def group():
    errors = []
    for i in range(2):
        try:
            torch.ones(2)[i + 5]
        except IndexError as e:
            errors.append(e)
    raise ExceptionGroup("many", errors)


show(group)


def star():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as g:
        print("got", g.exceptions)
        raise KeyError("in star")


show(star)


def again():
    try:
        bad(torch.ones(7))
    except AttributeError as e:
        saved = e
    raise saved


show(again)


def bare():
    try:
        raise ValueError("first")
    except ValueError:
        try:
            raise TypeError("second")
        except TypeError:
            raise


show(bare)


def from_none():
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("hidden") from None


show(from_none)


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, tb):
        print("exit", kind and kind.__name__, sys.exc_info()[0], tb and tb.tb_lineno)
        return kind is ZeroDivisionError


def managed():
    with Manager() as m, Manager():
        x = torch.ones(1)
        x / (1 // 0)
    with Manager():
        torch.ones(2) @ torch.ones(3)


show(managed)


def long():
    return torch.ones(3).add(1).view(-1, 2, 5).sum()


show(long)
gen = (1 / (2 - i) for i in range(4))
show(lambda: list(gen))
show(lambda: [torch.ones(2).reshape(i) for i in (2, 3)])
show(lambda: sum(torch.ones(2)[j] for j in range(3)))
show(lambda: exec("x = 1\ny = x / 0"))
show(lambda: eval("1 / 0"))
show(lambda: exec("def f():\n  raise ValueError('in exec')\nf()", {}))
show(lambda: int("q"))
show(lambda: sys.exit("text"))


def stop():
    yield 1
    raise StopIteration(3)


show(lambda: list(stop()))


def recursive(n):
    x = n
    return recursive(n + 1)


try:
    recursive(0)
except RecursionError as e:
    print(e, len(traceback.extract_tb(e.__traceback__)))
print(sys.exc_info(), sys.exception())
raise ValueError("last") from KeyError("cause")
