"""Finds the tensors inside lists, dicts, objects, modules and optimizers, under their path."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import torch

DEEPEST = 12
MOST_TENSORS = 50_000
MOST_ITEMS = 200_000

Found = list[tuple[str, torch.Tensor]]

_TENSOR, _SEQUENCE, _NAMED, _MAPPING, _MODULE, _OPTIMIZER, _OBJECT = range(1, 8)
_NOTHING = 0

_ROOMS = {"_parameters", "_buffers", "_modules"}
_kinds: dict[type, int] = {}


def may_hold_tensors(value: Any) -> bool:
    """Whether ``value`` is a container that `tensors_in` looks into."""
    kind = _kinds.get(type(value))
    return (_kind_of(value) if kind is None else kind) > _TENSOR


class Walk:
    """One walk through a value; ``cut`` is a sentence when not everything was looked at."""

    def __init__(self) -> None:
        self.found: Found = []
        self.cut = ""
        self._items = 0
        self._seen: set[int] = set()

    def into(self, value: Any, path: str, depth: int = 0) -> None:
        """Add every tensor inside ``value``."""
        kind = _kinds.get(type(value))
        if kind is None:
            kind = _kind_of(value)
        if kind == _NOTHING:
            return
        if kind == _TENSOR:
            self.found.append((path, value))
            return
        if id(value) in self._seen:
            return
        if depth > DEEPEST:
            self.cut = f"{path} lies deeper than {DEEPEST} containers and was not looked into."
            return
        self._seen.add(id(value))
        for step, item in _items(kind, value):
            self._items += 1
            if len(self.found) >= MOST_TENSORS or self._items >= MOST_ITEMS:
                self.cut = (
                    f"{path} holds so much that only its first {len(self.found):,} tensors are"
                    " recorded."
                )
                return
            self.into(item, path + step, depth + 1)


def tensors_in(value: Any) -> Walk:
    """Every tensor inside ``value``, with the rest of its path, each container once."""
    walk = Walk()
    walk.into(value, "")
    return walk


def _kind_of(value: Any) -> int:
    cls = type(value)
    kind = _classify(cls)
    _kinds[cls] = kind
    return kind


def _classify(cls: type) -> int:
    if issubclass(cls, torch.Tensor):
        return _TENSOR
    if issubclass(cls, (str, bytes, bytearray, int, float, complex, type, types.ModuleType)):
        return _NOTHING
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _NAMED
    if issubclass(cls, (list, tuple)):
        return _SEQUENCE
    if issubclass(cls, dict):
        return _MAPPING
    if issubclass(cls, torch.nn.Module):
        return _MODULE
    if issubclass(cls, torch.optim.Optimizer):
        return _OPTIMIZER
    if issubclass(cls, (types.FunctionType, types.BuiltinFunctionType, BaseException)):
        return _NOTHING
    module = cls.__module__
    if module.partition(".")[0] in {"builtins", "numpy", "threading", "re", "io"}:
        return _NOTHING
    if module.startswith(("torch._C", "torch.optim.lr_scheduler", "torch.storage")):
        return _NOTHING
    return _OBJECT if cls.__dictoffset__ or _slots(cls) else _NOTHING


def _items(kind: int, value: Any) -> Iterator[tuple[str, Any]]:
    if kind == _SEQUENCE:
        items = list.__iter__ if isinstance(value, list) else tuple.__iter__
        for place, item in enumerate(list(items(value))):
            yield f"[{place}]", item
    elif kind == _NAMED:
        for name, item in zip(value._fields, tuple.__iter__(value), strict=False):
            yield f".{name}", item
    elif kind == _MAPPING:
        for place, (key, item) in enumerate(list(dict.items(value))):
            yield f"[{_key(key, place)}]", item
    elif kind == _MODULE:
        yield from _in_module(value)
    elif kind == _OPTIMIZER:
        yield from _in_optimizer(value)
    else:
        yield from _in_object(value)


def _in_module(module: torch.nn.Module) -> Iterator[tuple[str, Any]]:
    attributes = module.__dict__
    for room in ("_parameters", "_buffers", "_modules"):
        for name, item in list(attributes.get(room, {}).items()):
            yield f".{name}", item
    for name, item in list(attributes.items()):
        if name not in _ROOMS and not name.endswith("_hooks"):
            yield f".{name}", item


def _in_optimizer(optimizer: torch.optim.Optimizer) -> Iterator[tuple[str, Any]]:
    place = 0
    state = optimizer.__dict__.get("state", {})
    for number, group in enumerate(optimizer.__dict__.get("param_groups", ())):
        for parameter in group.get("params", ()):
            if parameter in state:
                yield f".state[{place}]", state[parameter]
            place += 1
        for name, item in list(group.items()):
            if name != "params":
                yield f".param_groups[{number}]['{name}']", item


def _in_object(value: Any) -> Iterator[tuple[str, Any]]:
    attributes = object.__getattribute__(value, "__dict__") if type(value).__dictoffset__ else None
    if type(attributes) is dict:
        for name, item in list(attributes.items()):
            yield f".{name}", item
    for name, slot in _slots(type(value)):
        try:
            yield f".{name}", slot.__get__(value)
        except AttributeError:
            continue


def _slots(cls: type) -> list[tuple[str, Any]]:
    return [
        (name, member)
        for base in cls.__mro__
        for name, member in vars(base).items()
        if isinstance(member, types.MemberDescriptorType) and not name.startswith("__")
    ]


def _key(key: Any, place: int) -> str:
    """How a dict's key is written in a path; a key whose repr may be anything by its place."""
    if type(key) in (str, int, float, bool, type(None)):
        return repr(key) if len(repr(key)) <= 60 else f"<key {place}>"
    return f"<key {place}>"
