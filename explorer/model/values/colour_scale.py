"""From numbers to places on a colour map: linear, symmetric around zero, logarithmic, robust."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = ("symmetric", "linear", "log", "robust")
ROBUST = (1.0, 99.0)
"""Percentiles between which a robust scale runs."""
DECADES = 5
"""Powers of ten that a logarithmic scale shows below its largest number."""

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class ColourScale:
    """``low`` and ``high`` are the numbers at the two ends of the map.

    ``diverging``: the map has two arms that meet at zero, so its unit runs from −1 to 1, with 0
    for the number 0; else it runs from 0 to 1.
    """

    kind: str
    low: float
    high: float

    @property
    def diverging(self) -> bool:
        return self.kind == "symmetric" or (self.kind == "log" and self.low < 0)

    def unit(self, values: Floats) -> Floats:
        """Place of each number on the map, clipped to its ends; NaN and Inf stay what they are."""
        numbers = np.asarray(values, dtype=np.float64)
        with np.errstate(all="ignore"):
            if self.kind == "log":
                placed = self._logarithmic(numbers)
            elif self.diverging:
                placed = numbers / (max(-self.low, self.high) or 1.0)
            else:
                # Halved, so that a span from −1e308 to 1e308 does not overflow.
                span = self.high / 2 - self.low / 2
                placed = (numbers / 2 - self.low / 2) / (span or 1.0)
            placed = np.clip(placed, -1.0 if self.diverging else 0.0, 1.0)
        return np.where(np.isfinite(numbers), placed, numbers)

    def number(self, unit: float) -> float:
        """The number at a place of the map."""
        if self.kind == "log":
            size = self._top() * 10.0 ** (DECADES * (abs(unit) - 1))
            return math.copysign(size, unit) if unit else 0.0
        if self.diverging:
            return unit * max(-self.low, self.high)
        return self.low * (1 - unit) + self.high * unit

    def _logarithmic(self, numbers: Floats) -> Floats:
        """Sign times decades above the smallest one shown; what is smaller still is 0."""
        decades = np.log10(np.abs(numbers) / (self._top() or 1.0)) / DECADES + 1
        placed: Floats = np.sign(numbers) * np.clip(decades, 0, 1)
        return np.where(numbers == 0, 0.0, placed)

    def _top(self) -> float:
        return max(abs(self.low), abs(self.high))


def natural_kind(low: float, high: float) -> str:
    """Symmetric where there are negative numbers, linear from zero or the lowest where not."""
    return "symmetric" if low < 0 else "linear"


def scale_over(kind: str, values: Floats) -> ColourScale:
    """The scale of a kind that fits numbers (NaN and Inf left out).

    Raises:
        ValueError: for a kind that is none of `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"A colour scale is one of {', '.join(KINDS)}, not {kind!r}.")
    finite = np.asarray(values)
    low, high = _bounds(finite)
    if not math.isfinite(low + high):
        finite = finite[np.isfinite(finite)]
        low, high = _bounds(finite)
    if finite.size == 0:
        return ColourScale(kind, 0.0, 1.0)
    if kind == "robust":
        low, high = (float(bound) for bound in np.percentile(finite.astype(np.float64), ROBUST))
        return ColourScale("robust", low, high)
    return scale_between(kind, low, high)


def _bounds(values: Floats) -> tuple[float, float]:
    return (float(values.min()), float(values.max())) if values.size else (math.nan, math.nan)


def scale_between(kind: str, low: float, high: float) -> ColourScale:
    """The scale of a kind from a lowest to a highest number."""
    if kind == "symmetric":
        size = max(abs(low), abs(high))
        return ColourScale(kind, -size, size)
    return ColourScale(kind, low, high)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from low to high, about so many: steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if not math.isfinite(span):
        return [low, 0.0, high]
    if span <= 0 or span < abs(high) * 1e-12:
        return [low]
    rough = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 1e-300 else rough
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [0.0 if n == 0 else n * step for n in range(first, min(last, first + 50) + 1)]


def tick_text(number: float) -> str:
    """A tick's number in few characters."""
    text = f"{number:.6g}"
    return text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-").replace("-", "−")
