"""A module of the program's own that is loaded again holds what it held until it binds it anew."""

import asyncio
import importlib

import _loaded_again as again
import torch

again.shared.add_(1)
before = again.shared
again.first.add_(5)
importlib.reload(again)
after = again.shared
again.kept["a"].mul_(3)
importlib.reload(again)
first = again.first


async def two():
    task = asyncio.get_running_loop().create_task(one())
    await task
    return task.result()


async def one():
    return torch.ones(1)


got = asyncio.run(two())
print(before, after, first, got)
