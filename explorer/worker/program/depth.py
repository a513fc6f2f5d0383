"""Lets the program recurse exactly as deep as under plain Python.

Below the program's module lie the worker's own functions, which use up some of the recursion
limit. Python counts what is left in its state of the thread; the number is found there by watching
which one changes by one with every call, and what the worker uses is given back to the program.
So ``sys.getrecursionlimit()`` and every RecursionError are as they would be without a recorder.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import Any

_NUMBERS = 64
"""How many of the first numbers of the thread's state are looked at."""
_CALLS = 6


class StackDepth:
    """How deep the stack of the thread is that makes this, in Python's own count."""

    def __init__(self) -> None:
        state = ctypes.pythonapi.PyThreadState_Get
        state.restype = ctypes.c_void_p
        self._numbers: Any = (ctypes.c_int * _NUMBERS).from_address(state())
        samples: list[list[int]] = []
        self._sample(_CALLS, samples)
        self._place, self._step = _counter(samples)

    @property
    def known(self) -> bool:
        """Whether this Python's count was found."""
        return self._step != 0

    def now(self) -> int:
        """The depth, plus a number that does not change."""
        return int(self._numbers[self._place]) * self._step

    def give(self, calls: int) -> None:
        """Let this thread go so many calls deeper before Python stops it."""
        self._numbers[self._place] -= calls * self._step

    def _sample(self, more: int, samples: list[list[int]]) -> None:
        samples.append(self._numbers[:])
        if more:
            self._sample(more - 1, samples)


def _counter(samples: list[list[int]]) -> tuple[int, int]:
    """The only place whose number goes up, or down, by one with every sample; (0, 0) for none."""
    found = []
    for place, numbers in enumerate(zip(*samples, strict=True)):
        steps = {later - before for before, later in pairwise(numbers)}
        if steps in ({1}, {-1}):
            found.append((place, steps.pop()))
    return found[0] if len(found) == 1 else (0, 0)


_outermost: list[tuple[StackDepth, int]] = []


def remember_outermost() -> None:
    """Called by the code that stands where the program's module would stand."""
    depth = StackDepth()
    if depth.known:
        _outermost[:] = [(depth, depth.now())]


def make_even() -> None:
    """Called by code that stands where the program's module is about to stand: from now on it is
    as deep as what called `remember_outermost`."""
    for depth, outermost in _outermost:
        depth.give(depth.now() - outermost)
