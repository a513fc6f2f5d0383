"""Which calls write into no tensor that exists already, known from their names.

A statement all of whose calls are such needs no comparison of all tensors after it. The names are
judged from the syntax; that ``torch`` means torch and ``len`` Python's own is checked when the
statement has run. What cannot be judged counts as writing.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import random
import time
from collections.abc import Iterable, Mapping
from types import FrameType, FunctionType
from typing import Any

import torch

from explorer.worker.recording.containers import TENSOR, kind_of
from explorer.worker.rewrite.marks import Mark

_F = torch.nn.functional

BUILTINS = frozenset(
    "abs all any bool chr divmod enumerate float format hash hex id int isinstance issubclass"
    " len max min oct ord pow print range repr reversed round slice sorted str sum type zip"
    " list tuple dict set frozenset".split()
)

_NO_OPERATIONS = {
    "autograd",
    "batch_norm",
    "compile",
    "conv_tbc",
    "dropout",
    "embedding_renorm_",
    "export",
    "from_dlpack",
    "instance_norm",
    "jit",
    "load",
    "native_batch_norm",
    "save",
    "vmap",
}
_TORCH_FUNCTIONS = frozenset(
    name
    for name in dir(torch)
    if not name.startswith("_")
    and not name.endswith("_")
    and name not in _NO_OPERATIONS
    and "batch_norm" not in name
    and "autocast" not in name
    and not name.startswith("set_")
    and (
        type(getattr(torch, name)).__name__ in ("builtin_function_or_method", "dtype")
        or getattr(getattr(torch, name), "__module__", "") == "torch.functional"
    )
)
_FUNCTIONAL = frozenset(
    name
    for name in dir(_F)
    if not name.startswith("_")
    and not name.endswith("_")
    and "norm" not in name
    and "embedding" not in name
    and callable(getattr(_F, name))
)
_FUNCTIONAL_NAME = "torch.nn.functional"


def _parameters(function: Any) -> tuple[str, ...]:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_varnames[: code.co_argcount] if code is not None else ()


_INPLACE_AT = {
    name: _parameters(getattr(_F, name)).index("inplace")
    for name in _FUNCTIONAL
    if "inplace" in _parameters(getattr(_F, name))
}
"""Functions that may be told to write in place -> how many arguments stand before that one."""

FUNCTIONS: dict[str, frozenset[str]] = {
    "torch": _TORCH_FUNCTIONS,
    "torch.linalg": frozenset(name for name in dir(torch.linalg) if not name.startswith("_")),
    "torch.fft": frozenset(name for name in dir(torch.fft) if not name.startswith("_")),
    "torch.special": frozenset(name for name in dir(torch.special) if not name.startswith("_")),
    "torch.nn.functional": _FUNCTIONAL,
    "math": frozenset(dir(math)),
    "random": frozenset(dir(random)),
    "time": frozenset(dir(time)),
}
"""Dotted name of a module -> those of its functions that write into nothing."""

NICKNAMES = {"F": "torch.nn.functional", "linalg": "torch.linalg"}
"""Names under which modules are usually imported -> what they must then be."""

_OF_OTHERS = {
    name
    for cls in (torch.nn.Module, torch.optim.Optimizer, torch.nn.Sequential, torch.nn.ParameterDict)
    for name in dir(cls)
}
_NOT_SO_PURE = {
    "backward",
    "data_ptr",
    "map",
    "module_load",
    "partition",
    "put",
    "record_stream",
    "resize",
    "resize_as",
    "retain_grad",
    "sort",
    "storage",
    "untyped_storage",
}
"""Those that write after all, or that NumPy's arrays and Python's lists have and that write."""

METHODS = frozenset(
    name
    for name in dir(torch.Tensor)
    if not name.startswith("_")
    and not name.endswith("_")
    and name not in _OF_OTHERS
    and name not in _NOT_SO_PURE
    and "hook" not in name
    and callable(getattr(torch.Tensor, name))
)
"""Methods of tensors that write nowhere and that no module or optimizer has too."""

IN_PLACE = frozenset(
    name
    for name in dir(torch.Tensor)
    if name.endswith("_")
    and not name.startswith("_")
    and name not in _OF_OTHERS
    and not name.startswith(("apply", "map", "set_"))
    and "hook" not in name
)
"""Methods of tensors that write into tensors and change nothing else."""

CONTAINER_METHODS = frozenset(
    "append copy extend format insert items join keys pop remove split strip values".split()
)
"""Methods of Python's containers that touch no tensor's memory."""

HOLDINGS = frozenset(
    prefix + name
    for prefix in ("", "named_")
    for name in "parameters buffers modules children".split()
) | {"items", "keys", "values"}
"""Methods that hand out what an object holds, one by one, and write nowhere."""

_BUILTIN_OBJECTS = {name: getattr(builtins, name) for name in BUILTINS}


class Judge:
    """Goes through the calls of one statement; ``roots`` are the names whose meaning must be
    checked when it has run. ``pure`` is False as soon as a call may write, ``known`` as soon as
    it may do more than to write into tensors."""

    def __init__(self) -> None:
        self.pure = True
        self.known = True
        self.changes_containers = False
        self.roots: list[str] = []

    def call(self, node: ast.Call, local: frozenset[str]) -> None:
        """Take one call; ``local`` are names that the function around it binds itself."""
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                self._may_do_anything()
                return
        for word in node.keywords:
            if word.arg in (None, "out", "inplace"):
                self._may_do_anything()
                return
        function = node.func
        if isinstance(function, ast.Name):
            self._name(function.id, local)
        elif isinstance(function, ast.Attribute):
            self._attribute(function, local, len(node.args))
        else:
            self._may_do_anything()

    def _name(self, name: str, local: frozenset[str]) -> None:
        if name in local:
            self._may_do_anything()
        elif name not in self.roots:
            self.roots.append(name)
            self.changes_containers |= name not in BUILTINS

    def _attribute(self, function: ast.Attribute, local: frozenset[str], positional: int) -> None:
        dotted = _dotted(function.value)
        first = dotted.partition(".")[0]
        module = NICKNAMES.get(dotted, dotted)
        if module in FUNCTIONS and first not in local:
            at_most = _INPLACE_AT.get(function.attr, 99) if module == _FUNCTIONAL_NAME else 99
            if function.attr not in FUNCTIONS[module] or positional > at_most:
                self._may_do_anything()
            elif first not in self.roots:
                self.roots.append(first)
        elif function.attr in CONTAINER_METHODS:
            self.changes_containers = True
        elif function.attr in IN_PLACE:
            self.pure = False
        elif function.attr not in METHODS:
            self._may_do_anything()

    def _may_do_anything(self) -> None:
        self.pure = self.known = False


def hands_out_what_is_there(looped: ast.expr) -> bool:
    """Whether a loop goes over what a module or a dictionary holds: ``net.parameters()``."""
    return (
        isinstance(looped, ast.Call)
        and isinstance(looped.func, ast.Attribute)
        and looped.func.attr in HOLDINGS
        and not (looped.args or looped.keywords)
        and bool(_dotted(looped.func.value))
    )


def still_mean(roots: Iterable[str], names: Mapping[str, Any], recorded: Mapping[int, Any]) -> bool:
    """Whether these names of a module mean what they were taken for: modules, Python's own
    functions, or functions of the program that are recorded themselves, whose code is among
    ``recorded`` by identity."""
    for root in roots:
        value = names.get(root)
        if value is None:
            if root not in BUILTINS or getattr(builtins, root) is not _BUILTIN_OBJECTS[root]:
                return False
        elif value is not _MEANT.get(root) and not _is_recorded(value, recorded):
            return False
    return True


def spares(
    mark: Mark, values: Iterable[Any], frame: FrameType, recorded: Mapping[int, Any]
) -> bool:
    """Whether a statement, which bound names to ``values``, has certainly changed no container;
    ``recorded`` as for `still_mean`."""
    return (
        mark.spares is not None
        and all(kind_of(value) <= TENSOR for value in values)
        and still_mean(mark.spares, frame.f_globals, recorded)
    )


def _is_recorded(value: Any, recorded: Mapping[int, Any]) -> bool:
    if type(value) is not FunctionType or value.__code__.co_name == "<lambda>":
        return False
    return id(value.__code__) in recorded


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


_MEANT: dict[str, Any] = {
    "torch": torch,
    "math": math,
    "random": random,
    "time": time,
    "F": _F,
    "linalg": torch.linalg,
}
