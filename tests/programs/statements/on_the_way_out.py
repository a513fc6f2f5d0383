"""Statements that run while an exception is on its way; the numbers behind lines say in which order
the steps of these lines come, and ``!`` that the statement fails."""
import asyncio
import contextlib
import torch

x = torch.ones(2)


class Managed:
    def __init__(self, swallows=False):
        self.swallows = swallows

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        x.add_(1)  # 19 22 26 29 30 35 36 73
        return self.swallows


@contextlib.contextmanager
def generated():
    try:
        yield torch.zeros(1)
    finally:
        x.mul_(2)  # 38 41 62


def overtaken():
    try:
        try:
            x.view(3)  # 1!
        finally:
            a = x + missing  # 2!
    except NameError:
        return 1  # 3


def nested():
    try:
        try:
            x.view(3)  # 4!
        finally:
            a = x + 1  # 5
            with contextlib.suppress(ValueError):
                b = a + 1  # 6
    finally:
        a = x + 2  # 7


def swallowed():
    for i in range(2):
        try:
            x.view(3)  # 9! 11!
        finally:
            x.add_(1)  # 10 12
            continue
    while True:
        try:
            x.view(3)  # 13!
        finally:
            break
    try:
        x.view(3)  # 14!
    finally:
        return x + 1  # 15


def while_another_is_handled():
    try:
        x.view(3)  # 16!
    except RuntimeError:
        try:
            y = x + 1  # 17
        finally:
            y = y + 1  # 18
        with Managed():
            y = y + 1
    return y  # 20


def in_withs():
    for i in range(2):
        with Managed(swallows=True):
            x.view(3)  # 21! 25!
        y = x + 1  # 23 27
        if i == 1:
            break
        y = y + 1  # 24
    with contextlib.suppress(RuntimeError):
        with Managed(), Managed():
            x.view(3)  # 28!
    y = y + 1  # 31
    with contextlib.suppress(RuntimeError):
        with contextlib.ExitStack() as stack:
            stack.enter_context(Managed())
            stack.enter_context(Managed())
            y = x + 1  # 32
            x.view(3)  # 34!
    for i in range(2):
        with contextlib.suppress(RuntimeError), generated() as z:
            z.view(3)  # 37! 40!
        y = y + 1  # 39 42


def raised_again():
    try:
        try:
            x.view(3)  # 43!
        except RuntimeError:
            x.add_(1)  # 44
            raise  # 45!
        finally:
            x.add_(1)  # 46
    except RuntimeError as error:
        kept = error
        y = x + 1  # 47
    try:
        raise kept  # 48!
    except RuntimeError:
        y = x + 1  # 49
    for i in range(2):
        with contextlib.suppress(RuntimeError):
            try:
                x.view(3)  # 50! 52!
            except RuntimeError:
                raise
        y = x + 1  # 51 53


def closed():
    try:
        yield x + 1
        yield x + 2
    finally:
        x.add_(1)  # 54


def groups():
    try:
        try:
            raise ExceptionGroup("g", [ValueError(1), TypeError(2), KeyError(3)])  # 55!
        except* ValueError:
            y = x + 1  # 56
        except* TypeError:
            y = x + 2  # 57
        finally:
            y = x + 3  # 58
    except ExceptionGroup:
        y = x + 4  # 59


class Awaited:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        await asyncio.sleep(0)
        x.add_(1)  # 65


async def waiting():
    try:
        await asyncio.sleep(0)
        with generated():
            x.view(3)  # 61!
    finally:
        await asyncio.sleep(0)
        x.add_(1)  # 63


async def main():
    try:
        await waiting()
    except RuntimeError:
        y = x + 1
    try:
        async with Awaited():
            x.view(3)  # 64!
    finally:
        x.add_(1)  # 66
        return


def from_inside(depth):
    try:
        if depth:
            from_inside(depth - 1)
        x.view(3)  # 67!
    finally:
        x.add_(1)  # 68 69 70


overtaken()
try:
    nested()
except RuntimeError:
    after = x + 1  # 8
swallowed()
while_another_is_handled()
in_withs()
raised_again()
steps = closed()
next(steps)
steps.close()
groups()
before = x + 1  # 60
asyncio.run(main())
try:
    from_inside(2)
except RuntimeError:
    after = x + 1  # 71
with Managed():
    x.view(3)  # 72!
