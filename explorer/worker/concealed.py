"""Weak references that the program does not count, and other numbers that would give us away."""

from __future__ import annotations

import _weakref
import gc
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from explorer.worker.stand_ins import builtin_like

UNCOUNTED: Callable[[Any], None] = deque[Any](maxlen=0).append
"""The callback of every weak reference of the recorder: does nothing, and tells them apart."""

_references = weakref.getweakrefs
_frozen = gc.get_freeze_count


def _program_references(thing: Any, /) -> list[Any]:
    return [one for one in _references(thing) if not _is_ours(one)]


def _is_ours(reference: Any) -> bool:
    # A proxy would ask the thing itself for the attribute.
    return type(reference) is weakref.ref and reference.__callback__ is UNCOUNTED


def conceal(frozen: int) -> None:
    """From now on the program is told of its own weak references, and of ``frozen`` objects less
    that the collector leaves alone."""

    def count(thing: Any, /) -> int:
        return len(_program_references(thing))

    stand_ins = {
        "getweakrefcount": builtin_like(weakref.getweakrefcount, count),
        "getweakrefs": builtin_like(_references, _program_references),
    }
    for module in (weakref, _weakref):
        for name, stand_in in stand_ins.items():
            setattr(module, name, stand_in)
    stand_in = builtin_like(_frozen, lambda: max(0, _frozen() - frozen))
    setattr(gc, "get_freeze_count", stand_in)  # noqa: B010 (declared a function)
