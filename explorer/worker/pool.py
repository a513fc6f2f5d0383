"""Two threads that answer slow requests. They are daemons: no end of a program waits for them."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

from explorer.worker.program.unlisted import UnlistedThread

Task = tuple[Callable[..., None], tuple[Any, ...]]


class Pool:
    """Runs tasks in the order in which they come."""

    def __init__(self, threads: int, name: str) -> None:
        self._tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for number in range(threads):
            UnlistedThread(target=self._work, name=f"{name} {number}").start()

    def submit(self, function: Callable[..., None], *arguments: Any) -> None:
        """Run ``function`` on one of the threads; it must not raise."""
        self._tasks.put((function, arguments))

    def _work(self) -> None:
        while True:
            function, arguments = self._tasks.get()
            function(*arguments)
