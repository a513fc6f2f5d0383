"""Statistics of a box in one pass: every piece is looked at while it is in the cache."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from explorer.protocol.values import NumberBox, ReadStatistics, Statistics
from explorer.worker.values.calculable import calculable, counts_as_float, is_wide, lift
from explorer.worker.values.fields import Field
from explorer.worker.values.lattice import Lattice, Room
from explorer.worker.values.sights import TensorOf, field_for

PIECE_BYTES = 1 << 24
"""Bytes of results held at a time on a CPU. Smaller pieces would stay in its cache, but then
torch's threads meet so often that a busy machine makes each meeting wait."""
PIECE_ELSEWHERE = 1 << 24
"""Numbers looked at in one go on other devices."""


def read_statistics(request: ReadStatistics, tensor_of: TensorOf) -> Iterator[Statistics | None]:
    """Answer `ReadStatistics`: None between pieces, the answer last.

    Raises:
        CannotShow: when there is no such part or box.
    """
    field = field_for(request.sight, tensor_of)
    yield from statistics_of(field, request.box)


def statistics_of(field: Field, box: NumberBox) -> Iterator[Statistics | None]:
    """Statistics of a box of a field: None between pieces, the answer last."""
    room = Room()
    lattice = Lattice(whole=not counts_as_float(field.dtype), room=room)
    sums = Sums(lift(field.dtype), lattice, room)
    for piece, times in field.pieces(box, _limit(field, box)):
        sums.take(piece, times)
        yield None
    yield sums.answer()


def _limit(field: Field, box: NumberBox) -> int:
    none = NumberBox(box.starts, (0,) * len(box.counts), box.steps)
    if box.counts and field.box(none).device.type != "cpu":
        return PIECE_ELSEWHERE
    wide = is_wide(field.dtype) or not counts_as_float(field.dtype)
    return PIECE_BYTES // (8 if wide else 4)


@dataclass
class Sums:
    """What has been counted so far. Mean and squares are merged piece by piece as in Chan, Golub
    and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances"
    (1979)."""

    lift: int
    lattice: Lattice
    room: Room
    count: int = 0
    nan: int = 0
    plus_inf: int = 0
    minus_inf: int = 0
    zeros: int = 0
    finite: int = 0
    low: float | int | None = None
    high: float | int | None = None
    mean: float = 0.0
    squares: float = 0.0

    def take(self, piece: torch.Tensor, times: int) -> None:
        """Count a piece whose numbers stand ``times`` times."""
        numbers = calculable(piece)
        self.count += numbers.numel() * times
        low, high = (bound.item() for bound in torch.aminmax(numbers))
        if not (math.isfinite(low) and math.isfinite(high)):
            self._count_bad(piece, numbers, times)
            numbers = numbers[torch.isfinite(numbers)]
            if numbers.numel() == 0:
                return
            low, high = (bound.item() for bound in torch.aminmax(numbers))
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)
        if self.lift:
            self.zeros += int((numbers == -self.lift).sum()) * times
        else:
            self.zeros += (numbers.numel() - int(torch.count_nonzero(numbers))) * times
        self._merge(numbers, times)
        self.lattice.cover(low, high)
        self.lattice.add(numbers, times)

    def _count_bad(self, piece: torch.Tensor, numbers: torch.Tensor, times: int) -> None:
        nan = int(torch.isnan(piece if piece.is_complex() else numbers).sum())
        plus = int((numbers == math.inf).sum())
        if piece.is_complex():  # |inf + nan·j| is inf, yet NaN is in it
            plus = int((~torch.isfinite(numbers)).sum()) - nan
        self.nan += nan * times
        self.plus_inf += plus * times
        self.minus_inf += int((numbers == -math.inf).sum()) * times

    def _merge(self, numbers: torch.Tensor, times: int) -> None:
        mean, squares = self._centred(numbers)
        if not (math.isfinite(squares) and math.isfinite(mean)):
            mean, squares = self._centred(numbers.double())
        if not math.isfinite(mean):  # the sum leaves float64, the mean does not
            mean = (numbers.double() * 2.0**-64).sum().item() / numbers.numel() * 2.0**64
        count = numbers.numel() * times
        gap = mean - self.mean
        total = self.finite + count
        self.mean += gap * (count / total)
        between = gap * gap * (self.finite * (count / total)) if self.finite else 0.0
        self.squares += squares * times + between
        self.finite = total

    def _centred(self, numbers: torch.Tensor) -> tuple[float, float]:
        """Mean, and sum of squares around it."""
        wide = numbers if numbers.is_floating_point() else numbers.double()
        mean = wide.sum().item() / wide.numel()
        if not math.isfinite(mean):
            return mean, math.inf
        out = self.room.like(wide, wide.dtype)
        return mean, torch.sub(wide, mean, out=out).square_().sum().item()

    def answer(self) -> Statistics:
        """All of it; bars and bounds of uint64 are lifted to where its numbers are."""
        bars = self.lattice.bars()
        if self.lift and bars.counts:
            bars = type(bars)(bars.first + (self.lift >> bars.power), bars.power, bars.counts)
        several = self.finite > 1
        return Statistics(
            self.count,
            self.nan,
            self.plus_inf,
            self.minus_inf,
            self.zeros,
            None if self.low is None else self.low + self.lift,
            None if self.high is None else self.high + self.lift,
            self.mean + self.lift if self.finite else None,
            math.sqrt(max(self.squares, 0.0) / (self.finite - 1)) if several else None,
            bars,
        )
