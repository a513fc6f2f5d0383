"""What is directly inside a container, and how each of it is written in a path."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import islice
from typing import Any

import torch

from explorer.worker.recording.bare import items_of
from explorer.worker.recording.container_kinds import (
    LOCAL,
    MAPPING,
    MODULE,
    NAMED,
    ODD_MODULE,
    OPTIMIZER,
    SEQUENCE,
    inside,
    kind_of,
)
from explorer.worker.recording.thread_locals import held_here

DRAWERS = tuple(vars(torch.nn.Module()))
"""Attributes that every module has, in their order."""

_ROOMS = ("_parameters", "_buffers", "_modules")
_HOOKS = ("_hooks", "_hooks_with_kwargs", "_hooks_always_called")


def values_of(kind: int, value: Any) -> list[Any]:
    """What is directly inside a container, in the order of `steps_of`."""
    if kind in (SEQUENCE, NAMED):
        return items_of(value)
    if kind == MAPPING:
        return [*dict.keys(value), *dict.values(value)]
    if kind in (MODULE, ODD_MODULE):
        attributes = value.__dict__
        items: list[Any] = []
        for room in _ROOMS:
            held = attributes.get(room)
            if type(held) is dict:
                items += held.values()
            elif held is not None:  # scripted modules keep them in C++
                items += [item for _, item in held.items()]
        items += islice(attributes.values(), len(DRAWERS) if kind == MODULE else 0, None)
        return items
    if kind == OPTIMIZER:
        state, groups = _drawers(value)
        found = [*state, *state.values()]
        for group in groups:
            found += group.values()
            found += group.get("params", ())
        return found
    if kind == LOCAL:
        return list(held_here(value).values())
    return [item for _, item in _in_object(value)]


def steps_of(kind: int, value: Any) -> Iterator[str | None]:
    """How each of `values_of` is written in a path; None for what is no part of one."""
    if kind == SEQUENCE:
        size = list.__len__(value) if isinstance(value, list) else tuple.__len__(value)
        yield from (f"[{place}]" for place in range(size))
    elif kind == NAMED:
        yield from (f".{name}" for name in type(value)._fields)
    elif kind == MAPPING:
        yield from (None for _ in range(dict.__len__(value)))
        yield from (f"[{_key(key, place)}]" for place, key in enumerate(dict.keys(value)))
    elif kind in (MODULE, ODD_MODULE):
        attributes = value.__dict__
        for room in _ROOMS:
            held = attributes.get(room)
            if held is not None:
                yield from (f".{name}" for name, _ in held.items())
        own = islice(attributes, len(DRAWERS) if kind == MODULE else 0, None)
        yield from (None if _is_inner(name) else f".{name}" for name in own)
    elif kind == OPTIMIZER:
        yield from _steps_of_optimizer(*_drawers(value))
    elif kind == LOCAL:
        yield from (f".{name}" for name in held_here(value))
    else:
        yield from (step for step, _ in _in_object(value))


def _is_inner(name: str) -> bool:
    """Whether an attribute is one of a module's own drawers."""
    return name in _ROOMS or name.endswith(_HOOKS)


def _drawers(optimizer: torch.optim.Optimizer) -> tuple[dict[Any, Any], list[dict[str, Any]]]:
    """What an optimizer keeps for each parameter, and its groups of parameters."""
    attributes = optimizer.__dict__
    return attributes.get("state", {}), attributes.get("param_groups", [])


def _steps_of_optimizer(
    state: dict[Any, Any], groups: list[dict[str, Any]]
) -> Iterator[str | None]:
    """State is told by the place of its parameter among all, as in a state dict."""
    parameters = [one for group in groups for one in group.get("params", ())]
    places = {id(one): place for place, one in enumerate(parameters)}
    yield from (None for _ in state)
    for parameter in state:
        place = places.get(id(parameter))
        yield None if place is None else f".state[{place}]"
    for number, group in enumerate(groups):
        for name in group:
            yield None if name == "params" else f".param_groups[{number}]['{name}']"
        yield from (None for _ in group.get("params", ()))


def _in_object(value: Any) -> Iterator[tuple[str, Any]]:
    # Asking for an object's dictionary may be what makes it: only where something stands in it.
    has_dict, slots = inside(type(value))
    if has_dict and any(map(kind_of, gc.get_referents(value))):
        try:
            attributes = object.__getattribute__(value, "__dict__")
        except AttributeError:
            attributes = None  # C code keeps it to itself: asyncio's tasks
        if isinstance(attributes, dict):
            for name, item in attributes.items():
                yield f".{name}", item
    for name, slot in slots:
        try:
            yield f".{name}", slot.__get__(value)
        except AttributeError:
            continue  # not filled


def _key(key: Any, place: int) -> str:
    """How a dict's key is written in a path; a key whose repr may be anything by its place."""
    if type(key) in (str, int, float, bool, type(None)):
        return repr(key)
    return f"<key {place}>"
