"""Calls torch's own operations by the names that the derivative table uses."""

from __future__ import annotations

from typing import Any


class NotKnown(ValueError):
    """A value or a function that the formula needs is not at hand; its text says which."""


def call_operation(packet: Any, arguments: list[Any]) -> Any:
    """Call the first overload that takes so many arguments, keyword-only ones included."""
    reason = "no overload takes these arguments"
    for overload in packet.overloads():
        operation = getattr(packet, overload)
        names = operation._schema.arguments
        if len(names) < len(arguments) or overload.endswith("out"):
            continue
        pairs = zip(names, arguments, strict=False)
        try:
            return operation(**{parameter.name: value for parameter, value in pairs})
        except (RuntimeError, TypeError, NotImplementedError) as err:
            reason = str(err).partition("\n")[0] or type(err).__name__
    raise NotKnown(f"'{packet}' could not be called: {reason}")
