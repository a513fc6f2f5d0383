"""Whether a method that is named like one of a tensor or of Python's containers does what it is
called: ``prune.remove`` of torch writes into weights, and so may the ``append`` of a library.

A method writes into no tensor where its owner is a tensor or an object of Python's own, and where
it is recorded itself or belongs to Python's library.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Mapping
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType, ModuleType
from typing import Any

import numpy
import torch

from explorer.worker.recording.classes import MISSING, of_class, order_of
from explorer.worker.rewrite.members import DICTIONARIES, attribute_of
from explorer.worker.rewrite.purity import FUNCTIONAL_NAME, FUNCTIONS, INPLACE_AT
from explorer.worker.rewrite.quiet_modules import calls_quietly, is_among
from explorer.worker.rewrite.reach import Reach, is_exact

_ROWS = (list, tuple, deque)
_OWN = {
    id(cls)
    for cls in (
        *_ROWS,
        *(*DICTIONARIES, Counter, set, frozenset),
        *(str, bytes, bytearray, int, float, complex, bool, type(None), range, slice),
        *(numpy.ndarray, torch.Size, torch.dtype, torch.device, torch.Generator),
    )
}
"""Identities of classes of which no method with such a name writes into a tensor."""

_LIBRARY = {*sys.stdlib_module_names, "builtins"}
_HOLDERS = torch.nn.modules.container.__name__
"""The module of torch whose classes only hold on to what they are given."""

_FEW = 16
"""So many items of a list are asked one by one."""

_Module = torch.nn.Module


def has_quiet_method(owner: Any, name: str, recorded: Mapping[int, Any], reach: Reach) -> bool:
    """Whether calling the method ``name`` of ``owner``, which is among `METHODS` or
    `CONTAINER_METHODS`, has written only into tensors that are added to ``reach``."""
    if is_exact(owner) or id(type(owner)) in _OWN:
        return True
    if owner is MISSING:
        return False
    if id(owner) in _OWN or owner is torch.Tensor:
        return True  # ``str.join``, ``torch.Tensor.add``
    thing = attribute_of(owner, name)
    if thing is MISSING:
        return _is_of_library(of_class(order_of(type(owner)), name))
    function = thing.__func__ if type(thing) is MethodType else thing
    if type(function) is FunctionType:
        return id(function.__code__) in recorded or _is_from_library(function)
    if type(owner) is ModuleType:
        return _is_function(owner, name, function)
    return is_among(_Module, order_of(type(thing))) and calls_quietly(thing, recorded, reach)


def are_all_quiet(owner: Any, name: str, recorded: Mapping[int, Any], reach: Reach) -> bool:
    """The same of whatever item of ``owner`` has such a method."""
    if is_exact(owner) or is_among(type(owner), (numpy.ndarray, str)):
        return True
    if not is_among(type(owner), (*_ROWS, *DICTIONARIES)) or len(owner) > _FEW:
        return False
    items = owner if is_among(type(owner), _ROWS) else dict.values(owner)
    return all(has_quiet_method(one, name, recorded, reach) for one in items)


def _is_from_library(function: FunctionType) -> bool:
    home = function.__globals__.get("__name__")
    return _is_in_library(home) or (type(home) is str and home == _HOLDERS)


def _is_of_library(found: Any) -> bool:
    """Whether what a class has under a name is a method written in C, of Python's own classes."""
    if type(found) is not MethodDescriptorType:
        return False
    home = found.__objclass__
    return id(home) in _OWN or _is_in_library(home.__module__)


def _is_function(module: ModuleType, name: str, thing: Any) -> bool:
    """Whether ``thing``, which a module has under that name, is a function that writes nowhere."""
    for known, functions in FUNCTIONS.items():
        if module is sys.modules.get(known):
            return name in functions and not (known == FUNCTIONAL_NAME and name in INPLACE_AT)
    return type(thing) is BuiltinFunctionType and _is_in_library(thing.__module__)


def _is_in_library(module: Any) -> bool:
    """Whether this is the name of a module of Python's own."""
    return type(module) is str and module.partition(".")[0] in _LIBRARY
