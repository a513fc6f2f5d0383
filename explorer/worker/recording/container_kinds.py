"""What a value is to the recorder: a tensor, a container that may hold some, or neither."""

from __future__ import annotations

import threading
import types
from typing import Any

import torch

from explorer.worker.program.concealed import remember
from explorer.worker.recording.classes import (
    MISSING,
    flags_of,
    module_of,
    name_of,
    names_in,
    of_class,
    order_of,
    room_for_dict,
)

NOTHING, TENSOR, SEQUENCE, NAMED, MAPPING, MODULE, OPTIMIZER, OBJECT, ODD_MODULE, LOCAL = range(10)
"""An odd module is one whose attributes do not begin with the drawers of every module; a local has
other ones in each thread."""
BARE, TENSORLESS = 10, 11
"""A list, tuple or dict that holds nothing but numbers and texts; a large container that leads to
no tensor."""

_kinds: dict[type, int] = {}
"""Of classes that live as long as the process does."""
_program_kinds: dict[int, int] = {}
"""Of those that the program may drop, by identity."""
_program_inside: dict[int, tuple[bool, list[tuple[str, Any]]]] = {}
_OPAQUE = {"builtins", "numpy", "threading", "re", "io", "pathlib"}
_LASTING = ("torch", "numpy")
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE


def kind_of(value: Any) -> int:
    """What a value is to the recorder: `TENSOR`, a container (> `TENSOR`) or `NOTHING`."""
    cls = type(value)
    kind = _kinds.get(cls)
    if kind is None:
        kind = _program_kinds.get(id(cls))
        if kind is None:
            kind = _classify(cls)
            package = str(module_of(cls)).partition(".")[0]
            if flags_of(cls) & _HEAP_TYPE and package not in _LASTING:
                remember(_program_kinds, cls, kind)
            else:
                _kinds[cls] = kind
    return kind


def _classify(cls: type) -> int:
    if issubclass(cls, torch.Tensor):
        return TENSOR
    if issubclass(cls, (str, bytes, bytearray, int, float, complex, type, types.ModuleType)):
        return NOTHING
    if issubclass(cls, tuple):
        return SEQUENCE if of_class(order_of(cls), "_fields") is MISSING else NAMED
    if issubclass(cls, list):
        return SEQUENCE
    if issubclass(cls, dict):
        return MAPPING
    if issubclass(cls, torch.nn.Module):
        return MODULE
    if issubclass(cls, torch.optim.Optimizer):
        return OPTIMIZER
    if issubclass(cls, (types.FunctionType, types.BuiltinFunctionType, BaseException)):
        return NOTHING
    if issubclass(cls, threading.local):
        return LOCAL
    module = str(module_of(cls))
    if module.partition(".")[0] in _OPAQUE:
        return NOTHING
    if module.startswith(("torch._C", "torch.optim.lr_scheduler", "torch.storage")):
        return NOTHING
    return OBJECT if any(inside(cls)) else NOTHING


def inside(cls: type) -> tuple[bool, list[tuple[str, Any]]]:
    """Whether objects of a class have a dictionary, and their slots."""
    known = _program_inside.get(id(cls))
    if known is None:
        slots = [
            (name, member)
            for base in order_of(cls)
            for name, member in names_in(base).items()
            if type(member) is types.MemberDescriptorType and not name.startswith("__")
        ]
        # A partial object that has a dictionary is one that others are not joined with.
        is_partial = any(map(_is_partial, order_of(cls)))
        known = bool(room_for_dict(cls)) and not is_partial, slots
        if not slots:  # a slot would keep its class alive
            remember(_program_inside, cls, known)
    return known


def _is_partial(cls: type) -> bool:
    """Whether it is ``functools.partial``, of which there may be several: a module written in C can
    be imported once more."""
    return name_of(cls) == "partial" and str(module_of(cls)) == "functools"
