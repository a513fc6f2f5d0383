"""Modules of torch that write into no tensor that exists already when they are called, or of which
it is known into which."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any, NamedTuple

import torch
from torch.nn.modules import module as _hooks_of_all
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.linear import NonDynamicallyQuantizableLinear

from explorer.worker.recording.classes import names_in, of_class, order_of
from explorer.worker.rewrite.reach import Reach, is_exact

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


class _Known(NamedTuple):
    """What need not be asked of a class again, which lives as long as torch does."""

    forward: Any
    before_module: tuple[type, ...]
    functions: tuple[str, ...]
    keeps_statistics: bool
    is_recurrent: bool


def _known_about(cls: type, forward: Any) -> _Known:
    order = order_of(cls)
    return _Known(
        forward,
        order[: order.index(_Module)],
        tuple(name for name in _FUNCTIONS if name in inspect.signature(cls).parameters),
        issubclass(cls, _BatchNorm),
        issubclass(cls, torch.nn.RNNBase),
    )


_QUIET = {id(cls): _known_about(cls, forward) for cls, forward in _quiet_classes().items()}
"""By identity of the class: its own class may mind being asked for a hash."""


def is_quiet(cls: type) -> bool:
    """Whether a class is one of torch's whose modules may be called quietly."""
    return id(cls) in _QUIET


def calls_quietly(module: torch.nn.Module, recorded: Mapping[int, Any], reach: Reach) -> bool:
    """Whether calling a module runs only what writes nowhere but into tensors that are added to
    ``reach``, or is recorded itself.

    The first is an unchanged module of torch's own, without hooks, that is not set to work in
    place, and whose inner modules are of either kind; ``recorded`` is the code of recorded
    functions, by identity.
    """
    names = vars(_Module)
    if any(names[name] is not plain for name, plain in _CALLS.items()) or any(_GLOBAL_HOOKS):
        return False
    return _calls_quietly(module, recorded, reach)


def _calls_quietly(module: Any, recorded: Mapping[int, Any], reach: Reach) -> bool:
    cls, held = type(module), object.__getattribute__(module, "__dict__")
    known = _QUIET.get(id(cls))
    order = known.before_module if known is not None else order_of(cls)
    if not _is_called_plainly(order):
        return False
    get = held.get
    if "forward" in held or get("_forward_hooks") or get("_forward_pre_hooks"):
        return False
    if get("_compiled_call_impl") is not None:
        return False
    forward = of_class(order, "forward")
    if known is None or forward is not known.forward:
        code = forward.__code__ if type(forward) is FunctionType else None
        return code is not None and id(code) in recorded and code.co_name != "<lambda>"
    if get("inplace") or get("max_norm") is not None:
        return False
    if not all(is_among(get(name), _KNOWN_FUNCTIONS) for name in known.functions):
        return False
    if known.keeps_statistics and get("training") and get("track_running_stats"):
        if not _add_plain(map(held["_buffers"].get, _STATISTICS), reach):
            return False
    elif known.is_recurrent:
        reach.fills = True
        if not _add_plain(held["_flat_weights"], reach):
            return False
    for inner in held["_modules"].values():
        if inner is not None and not _calls_quietly(inner, recorded, reach):
            return False
    return True


def _is_called_plainly(order: Iterable[type]) -> bool:
    """Whether none of these classes before `torch.nn.Module` calls in a way of its own."""
    for cls in order:
        if cls is _Module:
            return True
        names = names_in(cls)
        if "__call__" in names or "_call_impl" in names or "_wrapped_call_impl" in names:
            return False
    return True


def _add_plain(tensors: Iterable[Any], reach: Reach) -> bool:
    return all(one is None or (is_exact(one) and reach.add(one)) for one in tensors)


def is_among(thing: Any, others: Iterable[Any]) -> bool:
    """Whether this very object is among others; none of them is asked whether it equals it."""
    return any(thing is one for one in others)
