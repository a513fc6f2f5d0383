"""Which calls write into no tensor that exists already, known from their names.

A statement all of whose calls are such needs no comparison of all tensors after it. The names are
judged from the syntax; that ``torch`` means torch and ``len`` Python's own is checked when the
statement has run. What cannot be judged counts as writing.
"""

from __future__ import annotations

import builtins
import inspect
import math
import random
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy
import torch

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
    "fused_moving_avg_obs_fake_quant",
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
FUNCTIONAL_NAME = "torch.nn.functional"


def _parameters(function: Any) -> tuple[str, ...]:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_varnames[: code.co_argcount] if code is not None else ()


INPLACE_AT = {
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
    "nn.functional": "torch.nn.functional",
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

UTILITIES = ("nn.utils", "torch.nn.utils")
"""Names of the module whose functions clip gradients."""

MODES = frozenset(
    f"torch.{name}"
    for name in ("no_grad", "enable_grad", "inference_mode", "set_grad_enabled", "autocast")
)

_BUILTIN_OBJECTS = {name: getattr(builtins, name) for name in BUILTINS}


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
    "nn": torch.nn,
    "linalg": torch.linalg,
    "np": numpy,
    "numpy": numpy,
}
