"""Work in a copy of this process, so that nothing of the program can change by it.

A forked copy has the program's names, tensors and generators of random numbers as they are at that
moment, even in the middle of an operation; what it does to them is lost with it. A lock that
another thread held at the moment of the fork is never let go in the copy, which then stands still:
such a copy is given up for another one.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

TRIES = 4
LOOK_SECONDS = 0.04
STILL_SECONDS = 0.8
"""A copy that did nothing for so long is waiting for a lock that nobody will let go."""


def can_copy() -> bool:
    """Whether this process can be copied: a copy cannot use a GPU that the original uses."""
    used: bool = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    return sys.platform == "linux" and not used


def in_a_copy(work: Callable[[], bytes]) -> Iterator[bytes | None]:
    """Call ``work`` in a copy; the last item is what it returned, those before are None.

    Whoever stops asking for items ends the copy. An empty answer means that the copy ended by
    itself.
    """
    for attempt in range(1, TRIES + 1):
        copy = _Copy(work)
        try:
            while copy.lives:
                yield None
                if copy.stands_still() and attempt < TRIES:
                    break
            else:
                yield copy.answer
                return
        finally:
            copy.end()


class _Copy:
    """One copy and the pipe from it."""

    def __init__(self, work: Callable[[], bytes]) -> None:
        self.answer = b""
        self.lives = True
        self._pipe, into = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _be_the_copy(work, into)
        os.close(into)
        self._at_work = -1
        self._seen = time.monotonic()

    def stands_still(self) -> bool:
        """Read what has come, for a moment; whether the copy has long been doing nothing."""
        if select.select([self._pipe], [], [], LOOK_SECONDS)[0]:
            piece = os.read(self._pipe, 1 << 16)
            self.answer += piece
            self.lives = bool(piece)
            self._seen = time.monotonic()
        at_work = _ticks(self._process)
        if at_work != self._at_work:
            self._at_work, self._seen = at_work, time.monotonic()
        return self.lives and time.monotonic() - self._seen > STILL_SECONDS

    def end(self) -> None:
        """Kill the copy, if it is still there, and forget it."""
        os.close(self._pipe)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):  # the program may wait for all its children
            os.waitpid(self._process, 0)


def _be_the_copy(work: Callable[[], bytes], into: int) -> None:
    """Only the thread that forked lives here; it works alone and ends without goodbye."""
    try:
        sys.stdin = io.StringIO()  # the program's own asks a window that does not know of this
        torch.set_num_threads(1)  # the threads of torch's pool were not copied
        rest = memoryview(work())
        while rest:
            rest = rest[os.write(into, rest) :]
    finally:
        os._exit(0)


def _ticks(process: int) -> int:
    """How long a process has been at work, in the system's ticks."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])
