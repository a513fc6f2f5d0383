"""Replaces print, input, open, exec and the import of modules."""
import builtins
import io
import json
import socket
import threading
import time

import torch

x = torch.ones(2)


def broken(*args, **named):
    raise RuntimeError("replaced by the program")


builtins.print = broken
x += 1
builtins.input = builtins.exec = builtins.eval = builtins.open = io.open = broken
x += 1
json.dumps = json.loads = time.sleep = time.monotonic = time.perf_counter = broken
x += 1
socket.socket.sendall = socket.socket.send = broken
threading.get_ident = broken
x += 1
torch.equal = torch.empty = torch.Tensor.clone = torch.Tensor.detach = torch.zeros = broken
x += 1
builtins.__import__ = broken
x += 1
