"""Corners of control flow: return in finally, break in finally, nested handlers, yields in try."""
import sys


def return_in_finally():
    try:
        1 / 0
    finally:
        return "swallowed"


def break_in_finally():
    for i in range(3):
        try:
            raise ValueError
        finally:
            break
    return i


def continue_in_finally():
    seen = []
    for i in range(3):
        try:
            seen.append(i)
            raise ValueError
        finally:
            continue
    return seen


def nested():
    try:
        try:
            raise KeyError(1)
        except KeyError:
            raise ValueError(2)
        finally:
            print("inner finally", sys.exc_info()[0])
    except ValueError as error:
        return repr(error.__context__), sys.exc_info()[0]


def name_is_deleted():
    try:
        raise ValueError
    except ValueError as error:
        pass
    return "error" in locals()


def yields():
    try:
        got = yield 1
        print("got", got)
        yield 2
    except GeneratorExit:
        print("closing")
        raise
    finally:
        print("finally")


def delegated():
    result = yield from yields()
    return result


def else_of_try():
    try:
        x = 1
    except ValueError:
        return "except"
    else:
        return "else"
    finally:
        print("finally after else")


def exception_state():
    try:
        raise ValueError("first")
    except ValueError:
        try:
            raise TypeError("second")
        except TypeError:
            pass
        return str(sys.exc_info()[1])


def walrus():
    if (n := 10) > 5 and (m := n * 2):
        return [y := n, y**2, m]


def scopes():
    x = "outer"

    class C:
        x = "class"
        y = [x for _ in range(1)]
        z = (lambda: x)()

    return C.y, C.z


def shadowed(print=print, len=len):
    print("shadow", len([1]))
    del print
    try:
        print
    except UnboundLocalError as error:
        return str(error)


def star(*args, **kwargs):
    (a, *b), c = args
    return a, b, c, {**kwargs, "k": 1}


print(return_in_finally(), break_in_finally(), continue_in_finally(), nested(), name_is_deleted())
g = delegated()
print(next(g), g.send("x"))
g.close()
print(else_of_try(), exception_state(), walrus(), shadowed(), star([1, 2, 3], 4, z=5))
try:
    print(scopes())
except Exception as error:
    print(type(error).__name__)
i = 0
while i < 3:
    i += 1
    if i == 2:
        continue
else:
    print("while else", i)
assert True, print("never")
lambda_default = (lambda x=[]: x.append(1) or x)
print(lambda_default(), lambda_default())
print((yields.__code__.co_flags & 0x20) != 0, [*range(2)], {**{"a": 1}})
print(f"{i!r:>5} {'nested ' + f'{i}'}", __debug__, ..., NotImplemented)
x: int
print("x" in globals(), __annotations__)
if 0:
    unreachable
global_statement = 1


def change():
    global global_statement, brand_new
    global_statement, brand_new = 2, 3


change()
print(global_statement, brand_new)
del brand_new
try:
    brand_new
except NameError as error:
    print(error)
