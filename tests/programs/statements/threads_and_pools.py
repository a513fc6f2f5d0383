"""Statements in threads of all kinds, each over before the statement that waits for it ends."""

import concurrent.futures
import queue
import threading

import torch

shared = torch.zeros(4)


def work(n):
    mine = torch.full((2,), float(n))
    mine.add_(1)
    shared[n] = mine.sum()
    return mine


with concurrent.futures.ThreadPoolExecutor(1) as pool:
    results = [pool.submit(work, n).result() for n in range(3)]


def produce(items, n):
    for i in range(n):
        made = torch.ones(i + 1)
        items.put(made)
    items.put(None)


def run(target, *arguments):
    thread = threading.Thread(target=target, args=arguments)
    thread.start() or thread.join()


items = queue.Queue()
run(produce, items, 2)
while (item := items.get()) is not None:
    item *= 2
generator = (shared[i : i + 1].mul_(2) for i in range(4))


def drain():
    for part in generator:
        total.add_(part)


total = torch.zeros(1)
run(drain)


class Worker(threading.Thread):
    def __init__(self):
        super().__init__()
        self.result = None

    def run(self):
        local = torch.arange(3.0, requires_grad=True)
        loss = (local**2).sum()
        loss.backward()
        self.result = local.grad


worker = Worker()
worker.start() or worker.join()
got = worker.result
lock = threading.RLock()
with lock:
    shared.fill_(0)
timer = threading.Timer(0, shared.add_, (5,))
timer.start() or timer.join()
print(shared, results, total, got)
