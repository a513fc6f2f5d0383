"""Tensors in attributes of threading.local: each thread has its own."""
import threading

import torch


class Own(threading.local):
    start = None


local = threading.local()
own = Own()
own.start = torch.full((2,), 5.0)
local.x = torch.ones(2)
local.rows = [torch.zeros(1)]
local.x += 1
ready = threading.Event()
written = threading.Event()


def work(mine, theirs, inside):
    before = hasattr(mine, "x")
    mine.x = torch.zeros(3)
    mine.x.add_(7)
    theirs.start = torch.zeros(1)
    inside["of"].rows = (mine.x, theirs.start)
    ready.set()
    written.wait()
    mine.x.sub_(1)
    del mine.x
    last = before


held = {"of": local}
thread = threading.Thread(target=work, args=(local, own, held))
thread.start()
ready.wait()
local.x.mul_(3)
own.start.add_(1)
local.rows.append(local.x)
written.set()
thread.join()
del local.x
local.x = torch.eye(2)
vars(local)["y"] = local.x[0]
