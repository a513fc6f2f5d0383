"""Programs that are killed, and how each one comes to its end."""

from __future__ import annotations

from dataclasses import dataclass

WORK = """
import os, subprocess, sys, tempfile, torch
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
x = torch.zeros(1)
net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
big = torch.zeros(300_000)
n = 0
{start}
while True:
    n += 1
    x += 1
    loss = net(torch.ones(4, 8)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    big += 1
"""
"""Trains and writes into tensors for ever, with a child process of its own; ``x`` and every number
of ``big`` count the rounds."""

TIMER = """
import ctypes, threading
def end():
    {end}
threading.Timer({seconds}, end).start()
"""


@dataclass(frozen=True)
class Death:
    """A way to die: from outside (``end`` is empty: SIGKILL), or by the program's own hand."""

    name: str
    end: str
    sentence: str
    """What must be said of it."""

    def program(self, seconds: float) -> str:
        """A program that dies this way after so many seconds, unless it is killed before."""
        start = TIMER.format(end=self.end, seconds=seconds) if self.end else ""
        return WORK.format(start=start)


DEATHS = (
    Death("kill -9", "", "signal 9"),
    Death("abort in native code", "ctypes.CDLL(None).abort()", "signal 6"),
    Death("segmentation fault", "ctypes.memset(8, 0, 8)", "signal 11"),
    Death("os._exit", "os._exit(9)", "exit code 9"),
    Death("out of memory", "os.kill(os.getpid(), 9)", "signal 9"),
)
"""The kernel ends a process that is out of memory with SIGKILL, sent here by its own hand."""
