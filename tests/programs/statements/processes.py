"""Processes by fork and spawn run unrecorded but unharmed."""
import multiprocessing
import sys

import torch


def work(pipe, start):
    t = torch.arange(3) + start
    pipe.send(t.tolist())
    pipe.close()


def run(method):
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there, 5))
    process.start()
    got = torch.tensor(here.recv())
    process.join()
    return got, process.exitcode


if __name__ == "__main__":
    forked, first = run("fork")
    spawned, second = run("spawn")
    total = forked + spawned
    print(total, first, second)
    sys.stdout.flush()
