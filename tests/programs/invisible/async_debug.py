"""asyncio in debug mode: who created, never awaited, order of callbacks, cancelled tasks, groups."""

import asyncio
import contextvars
import sys
import warnings

import torch

var = contextvars.ContextVar("var", default=0)


async def work(n, t):
    var.set(n)
    for i in range(3):
        t += n
        await asyncio.sleep(0)
        print(n, i, t.tolist(), var.get(), asyncio.current_task().get_name())
    return t.sum().item()


async def numbers(n):
    try:
        for i in range(n):
            yield torch.tensor(i)
    finally:
        print("numbers closed")


async def never():
    pass


async def fails():
    await asyncio.sleep(0)
    raise ValueError("in task")


async def slow():
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError as e:
        print("cancelled", e.args)
        raise


async def main():
    shared = torch.zeros(2)
    print(await asyncio.gather(*(work(i, shared) for i in range(3))))
    async for n in numbers(3):
        print(n)
        if n == 1:
            break
    task = asyncio.create_task(slow(), name="slow")
    await asyncio.sleep(0)
    task.cancel("why")
    try:
        await task
    except asyncio.CancelledError:
        print(task.cancelled(), [f.f_lineno for f in task.get_stack()])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(), name="fails")
            group.create_task(slow(), name="s2")
    except* ValueError as g:
        print([str(e) for e in g.exceptions])
    print([x async for x in numbers(2)], {k async for k in numbers(1)})
    results = await asyncio.gather(fails(), work(5, shared), return_exceptions=True)
    print(results)
    event = asyncio.Event()
    lock = asyncio.Lock()

    async def waiter(i):
        async with lock:
            await event.wait()
            return i

    tasks = [asyncio.create_task(waiter(i)) for i in range(2)]
    await asyncio.sleep(0)
    event.set()
    print(await asyncio.wait_for(asyncio.gather(*tasks), 5))
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(1)
    except TimeoutError:
        print("timeout")
    loop = asyncio.get_running_loop()
    print(loop.get_debug(), sys.get_coroutine_origin_tracking_depth())
    print(await asyncio.to_thread(lambda: torch.ones(2).sum().item()))
    await asyncio.sleep(0)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    never()
print([(str(w.message), w.lineno) for w in caught])
asyncio.run(main(), debug=True)
print(asyncio.run(work(7, torch.zeros(1))))


class Awaitable:
    def __await__(self):
        x = yield
        print("got", x)
        return 4


async def manual():
    return await Awaitable()


c = manual()
c.send(None)
try:
    c.send("value")
except StopIteration as e:
    print(e.value)
never()
