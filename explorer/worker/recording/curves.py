"""The numbers that statements bound, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.protocol.curves import ReadScalars, Scalars


def read_scalars(values: Sequence[Any], request: ReadScalars) -> Scalars:
    """Answer `ReadScalars` from what each step bound: a scalar, a tuple of them, or None."""
    steps = np.frombuffer(request.tail, dtype="<i8")
    numbers = np.zeros(len(steps), dtype="<f8")
    known = np.zeros(len(steps), dtype=np.uint8)
    for row, step in enumerate(steps.tolist()):
        number = _number(values[step], request.place) if step < len(values) else None
        if number is not None:
            numbers[row], known[row] = number, 1
    return Scalars(numbers.tobytes() + known.tobytes())


def _number(bound: Any, place: int) -> float | None:
    if isinstance(bound, tuple):
        bound = bound[place] if place < len(bound) else None
    elif place:
        return None
    if isinstance(bound, bool) or not isinstance(bound, (int, float)):
        return None
    try:
        return float(bound)
    except OverflowError:
        return None
