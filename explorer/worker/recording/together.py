"""Which threads of the program may write into tensors at the same time."""

from __future__ import annotations

import threading
from typing import Any

import torch

_C: Any = torch._C  # what is private there has no types
_active: dict[int, threading.Thread] = threading._active  # type: ignore[attr-defined]
_get_ident = threading.get_ident
_is_alive = threading.Thread.is_alive


class Together:
    """All threads beside the first that may write. Used under the log's lock."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread | None] = []
        self.may_be = False
        """Whether there are any, as far as was told."""

    def begins(self, thread: threading.Thread | None) -> None:
        """A thread is about to begin; None is one that nobody can ask whether it is alive."""
        self.may_be = True
        if thread is None or not any(thread is one for one in self._threads):
            self._threads.append(thread)

    def failed(self, thread: threading.Thread | None) -> None:
        """That thread could not be started."""
        self._threads = [one for one in self._threads if one is not thread]

    def are_over(self) -> bool:
        """Whether they have all ended; that is told once."""
        if any(thread is None or not _has_ended(thread) for thread in self._threads):
            return False
        self._threads.clear()
        self.may_be = False
        return True


def _has_ended(thread: Any) -> bool:
    return thread._started.is_set() and not _is_alive(thread)


def running_thread() -> threading.Thread | None:
    """The thread that runs, as `threading` knows it; None when Python did not start it."""
    return _active.get(_get_ident())


def is_engines() -> bool:
    """Whether the thread that runs is one on which autograd's engine calls back, while the thread
    that called backward waits."""
    return bool(_C._current_graph_task_id() != -1)
