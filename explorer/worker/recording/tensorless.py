"""Structures that hold no tensor, however deep: the samples of a data set, a tree, a configuration.

Behind statements that may have filled containers each is asked again. What holds no tensor has no
paths, so it need not be known what it holds as long as that is so: Python's garbage collector hands
out what all objects of one depth refer to at once.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from itertools import compress
from typing import Any

from explorer.worker.recording.classes import fills_itself, flags_of, of_class, order_of
from explorer.worker.recording.container_kinds import (
    MAPPING,
    NAMED,
    NOTHING,
    OBJECT,
    SEQUENCE,
    kind_of,
)

_MOST = 1_000_000
"""Objects that are looked at before it counts as unknown."""
_HAS_TRAVERSE = 1 << 14  # Py_TPFLAGS_HAVE_GC


def holds_no_tensor(value: Any) -> bool:
    """Whether a container leads to no tensor. False also where that is not known: it leads to
    modules, optimizers, or mappings that come to hold more when they are asked."""
    if not _leads_on(value):
        return False
    level = [value]
    seen = {id(value): value}
    while level:
        found = gc.get_referents(*level)
        classes = [*map(type, found)]
        if not _are_plain({*map(type, classes)}):
            return False
        one_of_each = dict(zip(classes, found, strict=True))
        leads_on = {cls: _leads_on(one) for cls, one in one_of_each.items()}
        if None in leads_on.values():
            return False
        level = _new(compress(found, map(leads_on.__getitem__, classes)), seen)
        if len(seen) > _MOST:
            return False
    return True


def _new(found: Iterable[Any], seen: dict[int, Any]) -> list[Any]:
    """Those that were not seen before, each once; from now on they were."""
    objects = list(found)
    by_identity = dict(zip(map(id, objects), objects, strict=True))
    for identity in by_identity.keys() & seen.keys():
        del by_identity[identity]
    seen.update(by_identity)
    return [*by_identity.values()]


def _are_plain(metaclasses: Iterable[type]) -> bool:
    """Whether classes of these may be told apart by hash without the program being asked."""
    return all(
        of_class(order_of(one), name) is vars(object)[name]
        for one in metaclasses
        for name in ("__hash__", "__eq__")
    )


def _leads_on(one: Any) -> bool | None:
    """Whether objects of this one's class are containers that are looked into; None where such a
    class alone says that there may be tensors."""
    kind, cls = kind_of(one), type(one)
    if kind == NOTHING:
        return False
    if kind in (SEQUENCE, NAMED) or cls is dict:
        return True
    if kind == MAPPING:
        return None if fills_itself(cls) else True
    return True if kind == OBJECT and flags_of(cls) & _HAS_TRAVERSE else None
