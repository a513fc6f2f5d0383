"""Every tensor that a name leads to, under the path by which it is reached."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import torch

Path = tuple[str | int | tuple[str, Any], ...]

_CLOSED = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type, types.FrameType)


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
    if isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield f"[{place}]", inner
    elif isinstance(value, dict):
        for key, inner in list(value.items()):
            yield f"[{key!r}]", inner
    elif isinstance(value, torch.nn.Module):
        yield from _module_parts(value)
    elif hasattr(value, "__dict__"):
        for name, inner in list(vars(value).items()):
            yield f".{name}", inner


def _module_parts(module: torch.nn.Module) -> Iterator[tuple[str, Any]]:
    own = vars(module)
    held = [*module._parameters.items(), *module._buffers.items(), *module._modules.items()]
    for name, inner in held:
        yield f".{name}", inner
    for name, inner in own.items():
        if not name.startswith("_"):
            yield f".{name}", inner
