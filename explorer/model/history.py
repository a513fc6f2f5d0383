"""A value that changes from step to step, and the question what it was at one of them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """Values with the step index from which each one held."""

    __slots__ = ("_steps", "_values")

    def __init__(self) -> None:
        self._steps: array[int] = array("q")
        self._values: list[T] = []

    def add(self, step: int, value: T) -> None:
        """From ``step`` on it is ``value``; steps come in rising order, the last word wins."""
        if self._steps and self._steps[-1] == step:
            self._values[-1] = value
        else:
            self._steps.append(step)
            self._values.append(value)

    def at(self, step: int) -> T | None:
        """What it was right after ``step``; None before its first value."""
        place = bisect_right(self._steps, step)
        return self._values[place - 1] if place else None

    def since(self, step: int) -> int:
        """The step index at which the value that holds at ``step`` was set; -1 before any."""
        place = bisect_right(self._steps, step)
        return self._steps[place - 1] if place else -1

    def before(self, step: int) -> T | None:
        """What it was before the value that holds at ``step``."""
        place = bisect_right(self._steps, step)
        return self._values[place - 2] if place >= 2 else None

    def items(self) -> list[tuple[int, T]]:
        """Every (step index, value), in order."""
        return list(zip(self._steps, self._values, strict=True))

    def __len__(self) -> int:
        return len(self._values)
