"""Coroutines interleaved on one tensor, async generators and managers, contextvars, tasks that fail."""

import asyncio
import contextvars

import torch

x = torch.zeros(3)
current = contextvars.ContextVar("current")


async def step(n):
    mine = torch.full((1,), float(n))
    current.set(mine)
    for i in range(2):
        x[n] += i + 1
        await asyncio.sleep(0)
        mine += x[n]
    return current.get()


async def numbers():
    t = torch.zeros(1)
    try:
        for i in range(3):
            t = t + i
            yield t
    finally:
        x.add_(100)


class Manager:
    async def __aenter__(self):
        self.t = torch.ones(1)
        return self.t

    async def __aexit__(self, *a):
        self.t.zero_()
        return True


async def fails():
    y = torch.ones(2)
    await asyncio.sleep(0)
    y.view(3)


async def main():
    done = await asyncio.gather(*(step(n) for n in range(3)))
    async for t in numbers():
        if t > 0:
            t.mul_(2)
    async with Manager() as m:
        m += 1
        raise ValueError
    squares = [t * t async for t in numbers()]
    task = asyncio.create_task(fails())
    try:
        await task
    except RuntimeError:
        x.fill_(1)
    q = asyncio.Queue()

    async def put():
        for i in range(2):
            made = torch.ones(i + 1)
            await q.put(made)

    async def get():
        got = [await q.get() for _ in range(2)]
        return got

    _, got = await asyncio.gather(put(), get())
    inner = await asyncio.to_thread(lambda: x.add_(1))
    return done, squares, got, inner


result = asyncio.run(main())


def plain():
    received = yield torch.zeros(1)
    while received is not None:
        received.add_(1)
        received = yield received * 2


g, h = plain(), plain()
next(g), next(h)
a = torch.ones(1)
b = g.send(a)
c = h.send(a)
d = g.send(b)
g.close()
try:
    h.throw(KeyError)
except KeyError:
    pass


def chain():
    yield from plain()


k = chain()
next(k)
e = k.send(torch.ones(2))
del k
print(x, result, a, b, c, d, e)
