"""Containers of nothing but numbers and texts, in which no tensor is, told by the thousand.

Programs hold long ones: the tokens of a text, the labels of a data set, the losses so far. Behind
statements that may have filled containers each is asked again, so nothing here goes through them
in Python.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

_ATOMS = frozenset(map(id, (int, float, complex, bool, str, bytes, type(None))))
_ROWS = frozenset(map(id, (list, tuple)))
_CONTAINERS = _ROWS | {id(dict)}
_LONG = 256
"""From so many items on, identities are read from memory at once."""
_is_tracked = gc.is_tracked
Identities = Any
"""A list of numbers, or an array of them."""

_HEAD = 3 * ctypes.sizeof(ctypes.c_void_p)
"""Where the items of a tuple begin, and where a list says where its own do."""


def only_atoms(items: Iterable[Any]) -> bool:
    """Whether these are all plain numbers, texts or None."""
    return _ATOMS.issuperset(map(id, map(type, items)))


def is_bare(value: Any) -> bool:
    """Whether a value is a list, tuple or dict that holds nothing but numbers and texts."""
    kind = type(value)
    if kind is tuple or kind is dict:
        # The garbage collector looks away from those that it has found to hold nothing else.
        if not _is_tracked(value):
            return True
        return only_atoms(value) and (kind is tuple or only_atoms(value.values()))
    return kind is list and only_atoms(value)


def are_rows(values: Sequence[Any]) -> bool:
    """Whether all these are lists and tuples, and no heirs of theirs."""
    return _ROWS.issuperset(map(id, map(type, values)))


def are_bare(values: Sequence[Any]) -> bool:
    """Whether all these values are: asked of many at once."""
    if not any(map(_is_tracked, values)):
        return True
    if are_rows(values):
        return only_atoms(chain.from_iterable(values))
    return all(map(is_bare, values))


def bare_places(items: list[Any]) -> list[int]:
    """Where the lists, tuples and dicts among these stand, when all are bare and all others are
    numbers and texts; nothing when there is more among them."""
    kinds = {*map(id, map(type, items))}
    if not kinds <= _ATOMS | _CONTAINERS:
        return []
    places = [place for place, one in enumerate(items) if id(type(one)) not in _ATOMS]
    return places if are_bare([items[place] for place in places]) else []


def identities_of(holder: Any) -> Identities:
    """The identities of what a list or tuple, or an heir of theirs, holds."""
    size = _size_of(holder)
    if size < _LONG or not _CAN_READ:
        return [*map(id, items_of(holder))]
    return _read(holder, size).copy()


def are_identical(holder: Any, before: Identities) -> bool:
    """Whether a list or tuple holds the very objects whose identities these are."""
    return _size_of(holder) == len(before) and begins_with(holder, before)


def begins_with(holder: Any, before: Identities) -> bool:
    """Whether it begins with them."""
    known = len(before)
    if _size_of(holder) < known:
        return False
    if known < _LONG or not _CAN_READ:
        return bool([*map(id, items_of(holder)[:known])] == before)
    return bool((_read(holder, known) == before).all())


def joined(before: Identities, new: list[Any]) -> Identities:
    """Identities, with those of these behind them."""
    if len(before) + len(new) < _LONG or not _CAN_READ:
        return [*before, *map(id, new)]
    return np.append(np.array(before, np.uintp), np.array([*map(id, new)], np.uintp))


def items_of(holder: Any) -> list[Any]:
    """What a list or tuple holds, past what an heir of theirs may say."""
    return list(list.__iter__(holder) if _is_list(holder) else tuple.__iter__(holder))


def _size_of(holder: Any) -> int:
    return list.__len__(holder) if _is_list(holder) else tuple.__len__(holder)


def _is_list(holder: Any) -> bool:
    return issubclass(type(holder), list)


def _read(holder: Any, size: int) -> Any:
    place = id(holder) + _HEAD
    if _is_list(holder):
        place = ctypes.c_size_t.from_address(place).value
    memory: Any = (ctypes.c_size_t * size).from_address(place)
    return np.frombuffer(memory, np.uintp)


def _can_read() -> bool:
    """Whether this Python keeps lists and tuples as expected: tried once."""
    tried: tuple[Any, ...] = ([object(), object()], (object(), object()))
    return all(_read(one, 2).tolist() == [*map(id, one)] for one in tried)


_CAN_READ = _can_read()
