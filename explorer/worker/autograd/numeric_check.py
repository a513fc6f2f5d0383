"""A derivative by central differences, with how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """What a function gave where its argument was moved by ``delta``, as it could be moved."""

    delta: float
    value: float


Move = Callable[[float], Sample]


@dataclass(frozen=True)
class NumericDerivative:
    """``value`` is trusted up to ``tolerance``; ``left`` and ``right`` are the one-sided slopes."""

    value: float
    tolerance: float
    left: float
    right: float

    @property
    def has_kink(self) -> bool:
        """Whether the slopes on both sides differ by more than the differences can err."""
        return abs(self.right - self.left) > 20 * self.tolerance + 1e-3 * abs(self.value)

    def agrees(self, recorded: float) -> bool:
        """Whether a recorded derivative lies within the tolerance."""
        if math.isnan(recorded) or math.isnan(self.value):
            return math.isnan(recorded) and math.isnan(self.value)
        return abs(recorded - self.value) <= self.tolerance


def step_for(at: float, epsilon: float) -> float:
    """How far to move an argument: the cube root of the dtype's epsilon, times its size.

    This balances the error of the formula, which grows with the square of the step, against the
    rounding of the function's values, which grows as the step shrinks.
    """
    return float(epsilon ** (1 / 3) * max(1.0, abs(at)))


def derivative_at(
    at: float, middle: float, epsilon: float
) -> Generator[float, Sample, NumericDerivative]:
    """Central differences at two steps, combined so that the leading error cancels (Richardson).

    A generator: it yields the deltas at which it wants a `Sample`. ``at`` is the argument,
    ``middle`` the value of the function there, ``epsilon`` that of the coarser dtype.
    """
    slopes: list[float] = []
    step = step_for(at, epsilon)
    sides = (0.0, 0.0)
    for width in (step, step / 2):
        high = yield width
        low = yield -width
        slopes.append((high.value - low.value) / (high.delta - low.delta))
        sides = ((middle - low.value) / -low.delta, (high.value - middle) / high.delta)
    wide, narrow = slopes
    value = narrow + (narrow - wide) / 3
    noise = 8 * epsilon * max(abs(middle), abs(high.value), abs(low.value)) / (step / 2)
    return NumericDerivative(value, 2 * abs(narrow - wide) + noise + epsilon, *sides)
