"""Finds the tensors inside lists, dicts, objects, modules and optimizers, under their path.

A walk leaves a `Holder` for every container it met: the identities of what was inside. Comparing
them tells quickly, and without keeping anything alive, that a container still holds the same.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import islice
from typing import Any

import torch

from explorer.worker.recording.bare import (
    are_bare,
    are_identical,
    bare_places,
    begins_with,
    identities_of,
    is_bare,
    items_of,
    joined,
    only_atoms,
)
from explorer.worker.recording.container_kinds import (
    BARE,
    LOCAL,
    MAPPING,
    MODULE,
    NAMED,
    NOTHING,
    ODD_MODULE,
    OPTIMIZER,
    SEQUENCE,
    TENSOR,
    asked_of_class,
    inside,
    kind_of,
)
from explorer.worker.recording.thread_locals import held_here

DEEPEST = 24
MOST_TENSORS = 50_000
MOST_ITEMS = 400_000
_FEW = 64

_DRAWERS = tuple(vars(torch.nn.Module()))

_ROOMS = ("_parameters", "_buffers", "_modules")
_HOOKS = ("_hooks", "_hooks_with_kwargs", "_hooks_always_called")
_order_of, _names_in = asked_of_class("__mro__"), asked_of_class("__dict__")


class Holder:
    """A container as it was when it was walked; ``inner`` are the containers in it, by place."""

    __slots__ = ("bare", "cls", "identities", "inner", "kind")

    def __init__(self, value: Any, kind: int, items: list[Any]) -> None:
        self.cls = id(type(value))  # kept alive by nobody
        self.kind = kind
        self.identities = identities_of(items)
        self.inner: list[tuple[int, Holder]] = []
        self.bare: list[int] = []
        """Where containers are that hold nothing but numbers and texts."""

    def still_fits(self, value: Any) -> bool:
        """Whether ``value`` leads to the very tensors that it led to, under the same paths."""
        if id(type(value)) != self.cls:
            return False
        if self.kind == BARE:
            return self._is_still_bare(value)
        if type(self.identities) is list:
            items = _values(self.kind, value)
            if [*map(id, items)] != self.identities:
                return False
        else:
            in_row = self.kind in (SEQUENCE, NAMED)
            items = value if in_row else _values(self.kind, value)
            if not are_identical(items, self.identities):
                return False
            if in_row and (self.bare or self.inner):
                items = items_of(value)
        for place, holder in self.inner:
            if not holder.still_fits(items[place]):
                return False
        return not self.bare or self._are_still_bare(items)

    def _are_still_bare(self, items: list[Any]) -> bool:
        every = len(self.bare) == len(items)
        return are_bare(items if every else [items[place] for place in self.bare])

    def _is_still_bare(self, value: Any) -> bool:
        if type(value) is not list:
            return is_bare(value)
        if begins_with(value, self.identities):
            new = value[len(self.identities) :]
            fits = only_atoms(new)
            if len(new) < _FEW:
                return fits
        else:
            fits = only_atoms(value)
        self.identities = identities_of(value)
        return fits

    def grown(self, value: Any) -> list[torch.Tensor] | None:
        """The tensors that a list got at its end; None when anything else has changed too."""
        if self.kind != SEQUENCE or id(type(value)) != self.cls or self.inner or self.bare:
            return None
        if not begins_with(value, self.identities):
            return None
        new = items_of(value)[len(self.identities) :]
        return new if all(kind_of(one) == TENSOR for one in new) else None

    def take(self, new: list[torch.Tensor]) -> None:
        """Note that these are at the end of the list, too."""
        self.identities = joined(self.identities, new)


class Walk:
    """One walk through a value; ``cut`` says what was left out, empty when nothing was;
    ``fickle``: something in it may come to hold more when it is asked (a ``defaultdict``)."""

    def __init__(self, value: Any) -> None:
        self.found: list[tuple[str, torch.Tensor]] = []
        self.cut = ""
        self.fickle = False
        self._items = 0
        self._seen: set[int] = set()
        if is_bare(value):
            self.holder = Holder(value, BARE, value if type(value) is list else [])
        else:
            self.holder = self._into(value, kind_of(value), "", 0)

    def _into(self, value: Any, kind: int, path: str, depth: int) -> Holder:
        self._seen.add(id(value))
        if kind == MODULE and tuple(islice(value.__dict__, len(_DRAWERS))) != _DRAWERS:
            kind = ODD_MODULE
        elif kind == MAPPING and type(value) is not dict:
            self.fickle |= any("__missing__" in _names_in(one) for one in _order_of(type(value)))
        items = _values(kind, value)
        holder = Holder(value, kind, items)
        if kind == SEQUENCE and len(items) > _FEW:
            holder.bare = bare_places(items)
            if holder.bare:
                return holder
        for place, (step, item) in enumerate(zip(_steps(kind, value), items, strict=True)):
            inner = kind_of(item)
            if inner == NOTHING or step is None:
                continue
            if inner == TENSOR:
                self.found.append((path + step, item))
            elif is_bare(item):
                holder.bare.append(place)
                continue
            elif id(item) not in self._seen:
                if depth >= DEEPEST or self._full():
                    self.cut = self.cut or self._left_out(path + step)
                    break
                holder.inner.append((place, self._into(item, inner, path + step, depth + 1)))
            self._items += 1
            if self._full():
                self.cut = self.cut or self._left_out(path + step)
                break
        return holder

    def _full(self) -> bool:
        return len(self.found) >= MOST_TENSORS or self._items >= MOST_ITEMS

    def _left_out(self, path: str) -> str:
        return (
            f"It holds so much that the recording goes only as far as {path}: tensors behind it"
            " have no name here."
        )


def _values(kind: int, value: Any) -> list[Any]:
    """What is directly inside a container, in the order of `_steps`."""
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
        items += islice(attributes.values(), len(_DRAWERS) if kind == MODULE else 0, None)
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


def _steps(kind: int, value: Any) -> Iterator[str | None]:
    """How each of `_values` is written in a path; None for what is no part of one."""
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
        own = islice(attributes, len(_DRAWERS) if kind == MODULE else 0, None)
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
