"""Modules of torch that write into no tensor that exists already when they are called, or of which
it is known into which."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any

import torch
from torch.nn.modules import module as _hooks_of_all
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.linear import NonDynamicallyQuantizableLinear

from explorer.worker.cards import PLAIN
from explorer.worker.recording.containers import asked_of_class
from explorer.worker.rewrite.reach import Reach

order_of, _names_in = asked_of_class("__mro__"), asked_of_class("__dict__")
MISSING = object()
_F = torch.nn.functional
_Module: Any = torch.nn.Module
_CALLS = {name: vars(_Module)[name] for name in ("__call__", "_call_impl", "_wrapped_call_impl")}
_MAY_WRITE = ("Norm", "RNN", "LSTM", "GRU", "Lazy", "Parallel")
_MAY_NOT = (
    *("LayerNorm", "GroupNorm", "RMSNorm", "LocalResponseNorm", "CrossMapLRN2d"),
    *("RNNCell", "LSTMCell", "GRUCell"),
)
_BY_SETTING = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d")
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
_RECURRENT = ("RNN", "LSTM", "GRU")
"""They may gather their weights anew when one was exchanged."""
_GLOBAL_HOOKS = (_hooks_of_all._global_forward_hooks, _hooks_of_all._global_forward_pre_hooks)
_HOOKS = ("_forward_hooks", "_forward_pre_hooks")
_FUNCTIONS = ("activation", "distance_function")
"""Attributes under which modules keep functions that they call."""
_KNOWN_FUNCTIONS = (None, _F.relu, _F.gelu)


def _quiet_classes() -> dict[type, Any]:
    """Exact classes, each with the function that its call runs."""
    found: dict[type, Any] = {
        NonDynamicallyQuantizableLinear: NonDynamicallyQuantizableLinear.forward
    }
    for name, cls in vars(torch.nn).items():
        if not inspect.isclass(cls) or not issubclass(cls, torch.nn.Module):
            continue
        if name in (*_MAY_NOT, *_BY_SETTING, *_RECURRENT) or not any(
            part in name for part in _MAY_WRITE
        ):
            found[cls] = cls.forward
    del found[torch.nn.Module]
    return found


QUIET = _quiet_classes()


def calls_quietly(module: torch.nn.Module, recorded: Mapping[int, Any], reach: Reach) -> bool:
    """Whether calling a module runs only what writes nowhere but into tensors that are added to
    ``reach``, or is recorded itself.

    The first is an unchanged module of torch's own, without hooks, that is not set to work in
    place, and whose inner modules are of either kind; ``recorded`` is the code of recorded
    functions, by identity.
    """
    cls, held = type(module), object.__getattribute__(module, "__dict__")
    order = order_of(cls)
    if any(of_class(order, name) is not plain for name, plain in _CALLS.items()):
        return False
    if "forward" in held or held.get("_compiled_call_impl") is not None:
        return False
    if any(map(held.get, _HOOKS)) or any(_GLOBAL_HOOKS):
        return False
    forward = of_class(order, "forward")
    if forward is not QUIET.get(cls):
        return type(forward) is FunctionType and id(forward.__code__) in recorded
    if held.get("inplace") or held.get("max_norm") is not None:
        return False
    if not all(is_among(held.get(name), _KNOWN_FUNCTIONS) for name in _FUNCTIONS):
        return False
    if is_among(_BatchNorm, order) and held.get("training") and held.get("track_running_stats"):
        if not _add_plain(map(held["_buffers"].get, _STATISTICS), reach):
            return False
    elif "_flat_weights" in held:
        reach.fills = True
        if not _add_plain(held["_flat_weights"], reach):
            return False
    inner = held["_modules"].values()
    return all(one is None or calls_quietly(one, recorded, reach) for one in inner)


def _add_plain(tensors: Iterable[Any], reach: Reach) -> bool:
    return all(one is None or (type(one) in PLAIN and reach.add(one)) for one in tensors)


def is_among(thing: Any, others: Iterable[Any]) -> bool:
    """Whether this very object is among others; none of them is asked whether it equals it."""
    return any(thing is one for one in others)


def of_class(order: Iterable[type], name: str) -> Any:
    """What classes in their order have under a name, else `MISSING`; no class is asked itself."""
    for cls in order:
        names = _names_in(cls)
        if name in names:
            return names[name]
    return MISSING
