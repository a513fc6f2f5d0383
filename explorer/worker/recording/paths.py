"""Follows a path such as ``net.0.weight`` or ``rows[2]`` from the names of a frame to a value."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import torch


class NotThere(LookupError):
    """The path leads nowhere; the text says where it ends."""


def value_at(names: Mapping[str, Any], path: str) -> Any:
    """The value at a path, read without calling code of the program.

    Raises:
        NotThere: when there is no such value.
    """
    root, steps = split(path)
    if root not in names:
        raise NotThere(f"there is no name {root}")
    value = names[root]
    for step in steps:
        value = _next(value, step)
    return value


def split(path: str) -> tuple[str, list[tuple[str, Any]]]:
    """The name that a path begins with, and its steps: (``.``, name) or (``[``, key)."""
    place = min((at for at in (path.find("."), path.find("[")) if at >= 0), default=len(path))
    root, rest = path[:place], path[place:]
    steps: list[tuple[str, Any]] = []
    while rest:
        if rest[0] == "[":
            end = _closing(rest)
            try:
                steps.append(("[", ast.literal_eval(rest[1:end])))
            except (ValueError, SyntaxError) as err:
                raise NotThere(f"{rest[: end + 1]} is no index") from err
            rest = rest[end + 1 :]
        else:
            ends = [at for at in (rest.find(".", 1), rest.find("[")) if at > 0]
            end = min(ends, default=len(rest))
            steps.append((".", rest[1:end]))
            rest = rest[end:]
    return root, steps


def _closing(text: str) -> int:
    """Where the bracket that ``text`` begins with is closed, brackets in quotes left out."""
    quote = ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "]":
            return place
    raise NotThere(f"{text} has no end")


def _next(value: Any, step: tuple[str, Any]) -> Any:
    how, key = step
    try:
        if how == "[":
            return value[key]
        if isinstance(value, torch.nn.Module):
            for room in ("_parameters", "_buffers", "_modules"):
                held = value.__dict__.get(room, {})
                if key in held:
                    return held[key]
        return getattr(value, key)
    except (KeyError, IndexError, TypeError, AttributeError) as err:
        raise NotThere(f"it has no {key}") from err
