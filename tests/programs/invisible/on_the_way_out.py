"""What a program sees of exceptions while they are on their way, and when they go."""
import contextlib
import gc
import sys
import traceback
import weakref

gc.disable()


class Own(Exception):
    def __del__(self):
        print("gone", self.args)


class Manager:
    def __exit__(self, *about):
        print("leaving", about[0], about[1] is sys.exc_info()[1], sys.exc_info()[1])
        return True

    def __enter__(self):
        return self


def told(error):
    lines = "".join(traceback.format_exception(error))
    print(lines, error.__context__, error.__cause__, error.__suppress_context__)


def swallowed(number):
    try:
        raise Own(number)
    finally:
        print(sys.exc_info()[1], sys.exc_info()[2].tb_lineno)
        return


def overtaken():
    try:
        raise Own("first")
    finally:
        raise KeyError("second")


def again(error):
    try:
        try:
            raise error
        except Own:
            raise
        finally:
            print("passing", sys.exc_info()[1])
    except Own as caught:
        told(caught)


def generated():
    try:
        yield 1
    finally:
        print("closed by", sys.exc_info()[0])


class Held:
    pass


def holds():
    held = Held()
    seen.append(weakref.ref(held))
    try:
        raise Own("holds")
    finally:
        held = held


seen = []
for i in range(3):
    swallowed(i)
    with Manager():
        raise Own(i)
try:
    overtaken()
except KeyError as error:
    told(error)
print("after overtaken")
again(Own("kept"))
steps = generated()
next(steps)
steps.close()
with contextlib.suppress(Own):
    holds()
print("held", seen[0]())
try:
    raise
except RuntimeError as error:
    told(error)
try:
    raise ValueError("outer")
except ValueError:
    try:
        print("within", sys.exc_info()[1])
    finally:
        print("within", sys.exc_info()[1])
        with Manager():
            pass
try:
    made = Own("made").with_traceback(None)
    raise made from ValueError("cause")
except Own as error:
    told(error)
    del made
try:
    undefined
finally:
    with contextlib.suppress(ZeroDivisionError):
        1 / 0
