"""Weak references that the program does not count, and other numbers that would give us away."""

from __future__ import annotations

import gc
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from explorer.worker.program.stand_ins import builtin_like
from explorer.worker.recording.classes import module_of

UNCOUNTED: Callable[[Any], None] = deque[Any](maxlen=0).append
"""The callback of every weak reference of the recorder: does nothing, and tells them apart."""


OWN = "explorer"


class Forgetting(partial[None]):
    """The callback of a weak reference that keeps a table from outliving its subject."""


def remember(table: dict[int, Any], subject: Any, value: Any) -> None:
    """Note ``value`` in a table under the identity of ``subject``, until that dies."""
    key = id(subject)
    table[key] = value
    _lifelines[key, id(table)] = weakref.ref(subject, Forgetting(_forget, table, key))


def _forget(table: dict[int, Any], key: int, reference: Any) -> None:
    table.pop(key, None)
    _lifelines.pop((key, id(table)), None)


_lifelines: dict[tuple[int, int], Any] = {}

_references = weakref.getweakrefs
_frozen, _freeze = gc.get_freeze_count, gc.freeze
_objects = gc.get_objects


def _program_references(thing: Any, /) -> list[Any]:
    return [one for one in _references(thing) if not _is_ours(one)]


def _is_ours(reference: Any) -> bool:
    # A proxy would ask the thing itself for the attribute.
    if type(reference) is not weakref.ref:
        return False
    called = reference.__callback__
    return called is UNCOUNTED or type(called) is Forgetting


def _is_of_recorder(one: Any) -> bool:
    cls = type(one)
    if cls is weakref.ref:
        return _is_ours(one)
    try:
        return str(module_of(cls)).partition(".")[0] == OWN
    except AttributeError:
        return False


def conceal(snapshots: Callable[[], Iterable[Any]]) -> None:
    """From now on the program is told of its own weak references, of no objects that the collector
    leaves alone before it asked for that, and of no ``snapshots`` among all objects, nor others of
    ours."""
    froze = False

    def freeze() -> None:
        nonlocal froze
        froze = True
        _freeze()

    def count_frozen() -> int:
        return _frozen() if froze else 0

    def count(thing: Any, /) -> int:
        return len(_program_references(thing))

    def get_objects(generation: int | None = None) -> list[Any]:
        found = _objects(generation)
        ours = set(map(id, snapshots()))
        return [one for one in found if id(one) not in ours and not _is_of_recorder(one)]

    stand_ins = {
        "getweakrefcount": builtin_like(weakref.getweakrefcount, count),
        "getweakrefs": builtin_like(_references, _program_references),
    }
    for module in (sys.modules["weakref"], sys.modules["_weakref"]):
        for name, stand_in in stand_ins.items():
            setattr(module, name, stand_in)
    vars(sys.modules["gc"]).update(
        freeze=builtin_like(_freeze, freeze),
        get_freeze_count=builtin_like(_frozen, count_frozen),
        get_objects=builtin_like(_objects, get_objects),
    )
