"""What attributes and items lead to, as far as Python's own objects tell without running any of
the program's code."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Mapping
from types import FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any

import torch

from explorer.worker.recording.classes import MISSING, of_class, order_of, room_for_dict
from explorer.worker.rewrite.asks import Key
from explorer.worker.rewrite.quiet_modules import is_among

_ROOMS = ("_modules", "_parameters", "_buffers")
SCALARS = (int, float, bool, complex, str, type(None))
DICTIONARIES = (dict, OrderedDict, defaultdict)
"""Python's own, of which an item is read without anybody being asked."""
FILLABLE = (*DICTIONARIES, list, deque, set)
"""Python's own, in which an item is stored so."""
_AS_THEY_ARE = (*SCALARS, bytes, *FILLABLE, frozenset, tuple)
"""Types of class attributes that are given as they are, where an object has none of that name."""
_Module = torch.nn.Module


def item_of(thing: Any, key: Key, names: Mapping[str, Any], others: Mapping[str, Any]) -> Any:
    """What one of Python's own containers holds under a key; else `MISSING`."""
    place: Any = key.value
    if key.is_name:
        name = str(place)
        place = names.get(name, others.get(name, MISSING))
    if is_among(type(thing), DICTIONARIES) and is_among(type(place), (str, int)):
        return dict.get(thing, place, MISSING)
    if is_among(type(thing), (list, tuple, deque)) and type(place) is int:
        return thing[place] if -len(thing) <= place < len(thing) else MISSING
    return MISSING


def attribute_of(thing: Any, name: str) -> Any:
    """What an attribute leads to, where dictionaries and slots alone tell; else `MISSING`."""
    cls = type(thing)
    if cls is ModuleType:
        return vars(thing).get(name, MISSING)
    order = order_of(cls)
    if of_class(order, "__getattribute__") is not object.__getattribute__:
        return MISSING
    shared = of_class(order, name)
    if type(shared) is MemberDescriptorType:
        return _in_slot(shared, thing)
    if not room_for_dict(cls):
        return MISSING
    try:
        held = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return MISSING  # a task of asyncio has one that nobody may see
    if shared is not MISSING and not is_among(type(shared), _AS_THEY_ARE):
        is_method = type(shared) is FunctionType and name not in held
        return MethodType(shared, thing) if is_method else MISSING
    found = held.get(name, shared)
    if found is MISSING and is_among(_Module, order):
        return _in_rooms(held, name)
    return found


def _in_rooms(held: dict[str, Any], name: str) -> Any:
    """What an ``nn.Module`` has under a name; one that is a script keeps its modules elsewhere."""
    for room in _ROOMS:
        kept: Any = held.get(room)
        if is_among(type(kept), DICTIONARIES) and name in kept:
            return dict.get(kept, name)
    return MISSING


def _in_slot(slot: MemberDescriptorType, thing: Any) -> Any:
    try:
        return slot.__get__(thing)
    except AttributeError:
        return MISSING  # nothing was stored there
