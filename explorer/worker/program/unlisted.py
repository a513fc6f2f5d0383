"""Threads of the worker's own, which ``threading.enumerate()`` does not list."""

from __future__ import annotations

import threading
from typing import Any

_module: Any = threading  # what is private there has no types


class UnlistedThread(threading.Thread):
    """A thread that no end of a program waits for, and that the program does not see."""

    def start(self) -> None:
        """Begin."""
        self.daemon = True
        super().start()
        with _module._active_limbo_lock:
            _module._active.pop(self.ident, None)

    def _delete(self) -> None:
        """Nothing is to be taken off the list at the end."""
