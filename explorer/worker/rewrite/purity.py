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
from typing import Any

import numpy
import torch

from explorer.worker.rewrite.asks import CALLED, CALLED_TWICE, METHOD, Ask, ask_of, path_of

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
    "numpy": frozenset(
        "arange argmax argmin argsort array asarray concatenate empty eye full full_like hstack"
        " identity linspace max mean min ones ones_like stack std sum unique vstack where zeros"
        " zeros_like".split()
    ),
    "numpy.random": frozenset(dir(numpy.random)) - {"shuffle", "set_state"},
}
"""Dotted name of a module -> those of its functions that write into nothing."""

NICKNAMES = {
    "F": "torch.nn.functional",
    "linalg": "torch.linalg",
    "np": "numpy",
    "np.random": "numpy.random",
}
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

MODES = frozenset(
    f"torch.{name}"
    for name in ("no_grad", "enable_grad", "inference_mode", "set_grad_enabled", "autocast")
)

_BUILTIN_OBJECTS = {name: getattr(builtins, name) for name in BUILTINS}


class Judge:
    """Goes through the calls of one statement; ``roots`` are the names whose meaning must be
    checked when it has run, ``asks`` what else must be asked then. ``pure`` is False as soon as a
    call may write whatever these say, ``known`` as soon as it may do more than to write into
    tensors."""

    def __init__(self) -> None:
        self.pure = True
        self.known = True
        self.changes_containers = False
        self.roots: list[str] = []
        self.asks: list[Ask] = []

    def call(self, node: ast.Call, local: frozenset[str]) -> None:
        """Take one call; ``local`` are names that the function around it binds itself."""
        if any(word.arg in (None, "out", "inplace") for word in node.keywords):
            self._may_do_anything()
            return
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        function = node.func
        if isinstance(function, ast.Name) and function.id in BUILTINS - local:
            self._means(function.id)
        elif isinstance(function, ast.Attribute):
            self._attribute(function, local, 99 if starred else len(node.args))
        else:
            self._ask(function)

    def _attribute(self, function: ast.Attribute, local: frozenset[str], positional: int) -> None:
        path = path_of(function.value)
        dotted, first = ".".join(path), path[0] if path else ""
        module = NICKNAMES.get(dotted, dotted)
        if module in FUNCTIONS and first not in local:
            at_most = 2 if module == "numpy" else 99  # behind these stands where to write
            if module == _FUNCTIONAL_NAME:
                at_most = _INPLACE_AT.get(function.attr, 99)
            if function.attr not in FUNCTIONS[module] or positional > at_most:
                self._may_do_anything()
            else:
                self._means(first)
        elif function.attr in IN_PLACE:
            self.pure = False
        elif function.attr in CONTAINER_METHODS or function.attr in METHODS:
            self.changes_containers |= function.attr in CONTAINER_METHODS
            ask = ask_of(METHOD, function)
            self.asks += [ask] if ask is not None else []
        else:
            self._ask(function)

    def only_sets_modes(self, manager: ast.Call, local: frozenset[str]) -> bool:
        """Whether a context manager only has torch compute in another way: ``torch.no_grad()``."""
        if "torch" in local or ".".join(path_of(manager.func)) not in MODES:
            return False
        self._means("torch")
        return True

    def _means(self, root: str) -> None:
        if root not in self.roots:
            self.roots.append(root)

    def _ask(self, function: ast.expr) -> None:
        if isinstance(function, ast.Call):
            ask = ask_of(CALLED_TWICE, function.func)
        else:
            ask = ask_of(CALLED, function)
        if ask is None:
            self._may_do_anything()
        else:
            self.asks.append(ask)

    def _may_do_anything(self) -> None:
        self.pure = self.known = False


def still_mean(roots: Iterable[str], names: Mapping[str, Any]) -> bool:
    """Whether these names of a module mean what they were taken for: modules or Python's own
    functions."""
    for root in roots:
        value = names.get(root)
        if value is None:
            if root not in BUILTINS or getattr(builtins, root) is not _BUILTIN_OBJECTS[root]:
                return False
        elif value is not _MEANT.get(root):
            return False
    return True


_MEANT: dict[str, Any] = {
    "torch": torch,
    "math": math,
    "random": random,
    "time": time,
    "F": _F,
    "linalg": torch.linalg,
    "np": numpy,
    "numpy": numpy,
}
