"""A histogram that grows with its numbers: bars on a grid of powers of two, counted exactly.

Bar k at power p holds the numbers in [k · 2^p, (k + 1) · 2^p). Two neighbours at power p are one
bar at power p + 1, so the grid can widen while numbers still come in and no count is ever wrong;
scaling by a power of two and rounding down are exact in floating point.
"""

from __future__ import annotations

from fractions import Fraction

import torch

from explorer.protocol.values import Bars

BARS = 256
LOWEST_FLOAT_POWER = -1074
"""Power of the smallest float64; no finer grid can tell floats apart."""


class Room:
    """Memory for results of one piece after another: fresh pages cost more than the sums."""

    def __init__(self) -> None:
        self._held: dict[tuple[torch.dtype, torch.device], torch.Tensor] = {}

    def like(self, numbers: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        """Memory in the shape of ``numbers``; what was given out before for this dtype is void."""
        key = (dtype, numbers.device)
        held = self._held.get(key)
        if held is None or held.numel() < numbers.numel():
            held = torch.empty(numbers.numel(), dtype=dtype, device=numbers.device)
            self._held[key] = held
        return held[: numbers.numel()].view(numbers.shape)


class Lattice:
    """Counts of numbers on the finest grid of powers of two on which all fit in `BARS` bars."""

    def __init__(self, *, whole: bool = False, room: Room | None = None) -> None:
        self._whole = whole
        self._room = room or Room()
        self._power: int | None = None
        self._first = 0
        self._counts = [0] * BARS

    def cover(self, low: float | int, high: float | int) -> None:
        """Widen the grid until numbers from ``low`` to ``high`` (both finite) lie on it."""
        if self._power is None:
            self._power = self._finest(low, high)
            self._first = _floor(low, self._power)
        bottom, top = _floor(low, self._power), _floor(high, self._power)
        used = [at for at, count in enumerate(self._counts) if count]
        if used:
            bottom = min(bottom, self._first + used[0])
            top = max(top, self._first + used[-1])
        power = self._power
        while top - bottom >= BARS:
            bottom, top, power = bottom >> 1, top >> 1, power + 1
        self._move(power, bottom if not self._on(bottom, top, power) else self._first)

    def add(self, numbers: torch.Tensor, times: int = 1) -> None:
        """Count finite numbers that `cover` has made room for: float32, float64 or int64."""
        assert self._power is not None
        if numbers.dtype == torch.int64:
            at = torch.bitwise_right_shift(
                numbers, self._power, out=self._room.like(numbers, torch.int64)
            ).sub_(self._first)
        else:
            at = self._scaled(numbers).floor_().sub_(float(self._first))
        zero = -self._first
        if zero == BARS:
            at.clamp_(max=BARS - 1)  # negative numbers that scaling made zero, see below
        small = self._room.like(numbers, torch.uint8).copy_(at)
        counts = torch.bincount(small.reshape(-1), minlength=BARS).tolist()
        if self._power > 0 and 0 < zero < BARS and numbers.is_floating_point():
            # Negative numbers so small that scaling made them zero belong one bar lower.
            lost = int(((numbers < 0) & (small == zero)).sum())
            counts[zero] -= lost
            counts[zero - 1] += lost
        for place, count in enumerate(counts):
            if count:
                self._counts[place] += count * times

    def _scaled(self, numbers: torch.Tensor) -> torch.Tensor:
        """numbers / 2^power, exact: no step leaves the range of its dtype."""
        power = self._power or 0
        if numbers.dtype == torch.float32 and -120 < power < 120:
            out = self._room.like(numbers, torch.float32)
            return torch.mul(numbers, 2.0**-power, out=out)
        wide = numbers.to(torch.float64, copy=True)
        if abs(power) < 1000:
            return wide.mul_(2.0**-power)
        first = 900 if power < 0 else -900
        return wide.mul_(2.0**first).mul_(2.0 ** (-power - first))

    def bars(self) -> Bars:
        """The bars from the first to the last that counts anything."""
        used = [at for at, count in enumerate(self._counts) if count]
        if self._power is None or not used:
            return Bars(0, 0, ())
        held = tuple(self._counts[used[0] : used[-1] + 1])
        return Bars(self._first + used[0], self._power, held)

    def _finest(self, low: float | int, high: float | int) -> int:
        """The power at which the span takes more than half of the bars."""
        span = Fraction(high) - Fraction(low)
        # Without a span: bars far narrower than the one number, so that it looks like one.
        number = span / BARS or Fraction(high) / BARS or Fraction(1)
        return max(_log2(number), 0 if self._whole else LOWEST_FLOAT_POWER)

    def _on(self, bottom: int, top: int, power: int) -> bool:
        same = power == self._power
        return same and self._first <= bottom and top < self._first + BARS

    def _move(self, power: int, first: int) -> None:
        """Count on another grid, as coarse or coarser."""
        if self._power is None or (power == self._power and first == self._first):
            return
        counts = [0] * BARS
        for at, count in enumerate(self._counts):
            if count:
                counts[((self._first + at) >> (power - self._power)) - first] += count
        self._power, self._first, self._counts = power, first, counts


def _floor(number: float | int, power: int) -> int:
    scaled = Fraction(number) / (1 << power) if power >= 0 else Fraction(number) * (1 << -power)
    return scaled.numerator // scaled.denominator


def _log2(number: Fraction) -> int:
    """The largest p with 2^p <= |number|."""
    above, below = abs(number.numerator), number.denominator
    power = above.bit_length() - below.bit_length()
    small = above < below << power if power >= 0 else above << -power < below
    return power - 1 if small else power
