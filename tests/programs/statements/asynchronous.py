"""Coroutines that take turns, async for, async with, async comprehension, gather."""
import asyncio

import torch


class Slow:
    def __init__(self, value):
        self.value = value

    async def __aenter__(self):
        entered = self.value + 1
        await asyncio.sleep(0)
        return entered

    async def __aexit__(self, kind, error, traceback):
        self.value.mul_(10)
        await asyncio.sleep(0)
        return kind is ValueError


async def count(n):
    t = torch.zeros(1)
    for i in range(n):
        t = t + 1
        await asyncio.sleep(0)
        yield t


async def worker(name, n):
    total = torch.zeros(2)
    for i in range(n):
        total += i
        await asyncio.sleep(0)
    return total


async def main():
    seen = []
    async for t in count(3):
        seen.append(t)
    else:
        seen.append(torch.tensor([-1.0]))
    value = torch.ones(2)
    async with Slow(value) as inside:
        inside.add_(5)
    async with Slow(value) as inside:
        raise ValueError
    squares = [t * t async for t in count(2)]
    one, two = await asyncio.gather(worker("a", 2), worker("b", 3))
    return seen, value, squares, one + two


result = asyncio.run(main())
print(result)
