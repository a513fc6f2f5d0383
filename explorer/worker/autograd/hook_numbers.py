"""Keeps the numbers of the recorder's hooks apart from those of the program's.

Torch numbers all hooks of a process one after another, and a program can read the numbers of its
own: they are the keys of ``tensor._backward_hooks``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch.utils.hooks import RemovableHandle

_next = [1 << 48]


@contextmanager
def numbered_apart() -> Iterator[None]:
    """Hooks that are registered inside count elsewhere."""
    plain: int = RemovableHandle.next_id
    RemovableHandle.next_id = _next[0]
    try:
        yield
    finally:
        _next[0], RemovableHandle.next_id = RemovableHandle.next_id, plain
