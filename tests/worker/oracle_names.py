"""Every tensor that a name leads to, under the path by which it is reached."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import torch

Path = tuple[str | int | tuple[str, Any], ...]

_CLOSED = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type, BaseException)


def reachable(names: dict[str, Any]) -> Iterator[tuple[str, torch.Tensor]]:
    """Path and tensor, for each of the names and all that lies inside their values.

    Paths are spelled ``x``, ``rows[2]``, ``state['w']``, ``thing.weight``; parameters, buffers
    and children of modules count as attributes: ``net.0.weight``.
    """
    for name, value in list(names.items()):
        if not (name.startswith("__") and name.endswith("__")):
            yield from _inside(value, name, ())


def _inside(value: Any, path: str, holders: tuple[int, ...]) -> Iterator[tuple[str, torch.Tensor]]:
    if isinstance(value, torch.Tensor):
        yield path, value
        return
    if isinstance(value, _CLOSED) or id(value) in holders:
        return
    holders = (*holders, id(value))
    for step, inner in _parts(value):
        yield from _inside(inner, path + step, holders)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        for name, inner in zip(value._fields, value, strict=True):
            yield f".{name}", inner
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield f"[{place}]", inner
    elif isinstance(value, dict):
        for place, (key, inner) in enumerate(list(value.items())):
            plain = isinstance(key, str | int | float | None)
            yield f"[{key!r}]" if plain else f"[<key {place}>]", inner
    elif isinstance(value, torch.nn.Module):
        yield from _module_parts(value)
    elif isinstance(value, torch.optim.Optimizer):
        yield from _optimizer_parts(value)
    else:
        yield from _attributes(value)


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    for name, inner in list(getattr(value, "__dict__", {}).items()):
        yield f".{name}", inner
    for cls in type(value).__mro__:
        for name, member in vars(cls).items():
            if isinstance(member, types.MemberDescriptorType) and hasattr(value, name):
                yield f".{name}", getattr(value, name)


def _module_parts(module: torch.nn.Module) -> Iterator[tuple[str, Any]]:
    for room in (module._parameters, module._buffers, module._modules):
        for name, inner in room.items():
            yield f".{name}", inner
    for name, inner in vars(module).items():
        if name not in ("_parameters", "_buffers", "_modules") and not name.endswith("_hooks"):
            yield f".{name}", inner


def _optimizer_parts(optimizer: torch.optim.Optimizer) -> Iterator[tuple[str, Any]]:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for place, parameter in enumerate(parameters):
        if parameter in optimizer.state:
            yield f".state[{place}]", optimizer.state[parameter]
    for number, group in enumerate(optimizer.param_groups):
        for name, inner in group.items():
            if name != "params":
                yield f".param_groups[{number}][{name!r}]", inner
