"""Traceback texts of every shape: carets, chains, notes, groups, recursion, many lines."""
import sys
import traceback

import torch


def multi(a):
    return (
        a
        + torch.ones(2)
        + torch.ones(
            3,
        )
    )


class Broken:
    def __str__(self):
        raise ValueError("no text")

    def method(self):
        return self.missing


def recursive(n):
    return recursive(n + 1)


def chained():
    try:
        {}["key"]
    except KeyError as error:
        raise RuntimeError("chained") from error


def context():
    try:
        1 / 0
    except ZeroDivisionError:
        undefined_name


def group():
    raise ExceptionGroup("several", [ValueError(1), TypeError(2)])


def noted():
    error = ValueError("with a note")
    error.add_note("the note")
    raise error


def in_comprehension():
    return [1 / n for n in (1, 0)]


def in_lambda():
    return (lambda n: 1 / n)(0)


def in_generator():
    def values():
        yield 1
        raise LookupError("from a generator")

    return list(values())


def in_decorator():
    @undefined_decorator
    def f():
        pass


def in_class():
    class C:
        x = 1
        y = x / 0


def in_with():
    with open("/no/such/file") as f, open("/nor/this") as g:
        pass


def in_for():
    for a, b in [(1, 2), (3,)]:
        pass


def in_if():
    if [] < 3:
        pass


def in_while():
    while "a" + 1:
        pass


def in_match():
    match 1 / 0:
        case 1:
            pass


def in_return():
    return undefined_result


def in_assert():
    assert (
        1 == 2
    ), "one is not two"


def in_raise():
    raise undefined_error


def in_delete():
    del undefined


def in_augmented():
    x = torch.ones(2)
    x += "text"


def in_subscript():
    x = torch.ones(2)
    x[5] = 1


def in_attribute():
    torch.ones(2).missing = torch.nothing


def in_import():
    import no_such_module


def in_finally():
    try:
        pass
    finally:
        [][1]


def in_fstring():
    return f"{torch.ones(2):10}"


def in_call():
    return multi(
        torch.ones(2),
        extra=1,
    )


def unbound():
    print(later)
    later = 1


functions = [multi, chained, context, group, noted, in_comprehension, in_lambda, in_generator]
functions += [in_decorator, in_class, in_with, in_for, in_if, in_while, in_match, in_return]
functions += [in_assert, in_raise, in_delete, in_augmented, in_subscript, in_attribute]
functions += [in_import, in_finally, in_fstring, in_call, unbound, recursive]
functions += [lambda: Broken().method()]
for function in functions:
    try:
        function(torch.ones(2)) if function is multi else function(
            *([0] if function is recursive else [])
        )
    except BaseException:
        traceback.print_exc(file=sys.stdout)
print("last:", file=sys.stderr)
multi(torch.ones(2))
