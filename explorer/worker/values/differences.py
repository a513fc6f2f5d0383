"""How two tensors of one shape differ, number by number."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from explorer.protocol.number_formats import FORMATS, NumberFormat
from explorer.protocol.values import NumberBox
from explorer.worker.values.calculable import calculable, lift
from explorer.worker.values.fields import CannotShow, Field, checked, cuts, folded, inside

HOWS = ("absolute", "relative", "ulps", "changed")

_CARRIERS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


class DifferenceField:
    """source − against and its kin; boxes are made when asked for."""

    absent = ""

    def __init__(self, source: Field, against: Field, how: str) -> None:
        if how not in HOWS:
            raise CannotShow(f"'{how}' is no way to compare tensors; there are {', '.join(HOWS)}.")
        if source.shape != against.shape:
            raise CannotShow(
                f"Shapes {list(source.shape)} and {list(against.shape)} differ, so there is no "
                "number for each number; choose a tensor of the same shape."
            )
        if how == "ulps":
            _check_ulps(source.dtype, against.dtype)
        self.shape = source.shape
        self.dtype = "bool" if how == "changed" else "float64"
        self._source, self._against, self._how = source, against, how

    def box(self, box: NumberBox) -> torch.Tensor:
        checked(box, self.shape)
        one, other = self._source.box(box), self._against.box(box)
        if one.device != other.device:
            other = other.to(one.device)
        if self._how == "changed":
            return changed(one, other)
        if self._how == "ulps":
            return ulps(one, other, FORMATS[self._source.dtype])
        gap = subtract(one, other)
        return gap if self._how == "absolute" else relative(gap, other)

    def missing(self, box: NumberBox) -> torch.Tensor | None:
        return None

    def repeats(self) -> tuple[bool, ...]:
        pairs = zip(self._source.repeats(), self._against.repeats(), strict=True)
        return tuple(one and other for one, other in pairs)

    def pieces(self, box: NumberBox, limit: int) -> Iterator[tuple[torch.Tensor, int]]:
        once, times = folded(self, box)
        for first, counts in cuts(once.counts, limit):
            yield self.box(inside(once, first, counts)), times


def _check_ulps(one: str, other: str) -> None:
    kind = FORMATS.get(one)
    if one != other or kind is None or kind.kind != "float" or kind.count > 1:
        raise CannotShow(
            "Ulps count the floats of one dtype between two numbers, but these are "
            f"{one} and {other}; choose absolute or relative."
        )


def changed(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """True where the bits differ, so NaN equals the same NaN and 0 differs from −0."""
    if one.dtype != other.dtype:
        return torch.ones(one.shape, dtype=torch.bool, device=one.device)
    if one.dtype == torch.complex128:
        pairs = torch.view_as_real(one.resolve_conj()), torch.view_as_real(other.resolve_conj())
        return changed(*pairs).any(-1)
    return torch.ne(_carried(one), _carried(other))


def subtract(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """one − other as float64; |one − other| for complex numbers; ±Inf minus itself is 0."""
    if one.dtype.is_complex or other.dtype.is_complex:
        wide = one.to(torch.complex128) - other.to(torch.complex128)
        return wide.abs()
    a, b = calculable(one), calculable(other)
    if a.dim() > one.dim():
        a, b = a.double().mean(-1), b.double().mean(-1)
    if a.dtype == b.dtype == torch.int64 and one.dtype == other.dtype:
        return _whole_gap(a, b)
    gap = _double(one, a) - _double(other, b)
    return torch.where((a == b) & (one.dtype == other.dtype), torch.zeros_like(gap), gap)


def _double(raw: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
    return numbers.double() + float(lift(str(raw.dtype).removeprefix("torch.")))


def _whole_gap(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """a − b exactly where it fits 53 bits, else the nearest float64."""
    gap = a - b
    overflowed = ((a ^ b) & (a ^ gap)) < 0
    return torch.where(overflowed, a.double() - b.double(), gap.double())


def relative(gap: torch.Tensor, against: torch.Tensor) -> torch.Tensor:
    """|gap| / |against|; 0 where both are 0."""
    if against.dtype.is_complex:
        size = against.to(torch.complex128).abs()
    else:
        numbers = calculable(against)
        size = (numbers.double().mean(-1) if numbers.dim() > gap.dim() else numbers).double()
        size = (size + float(lift(str(against.dtype).removeprefix("torch.")))).abs()
    return torch.where(gap == 0, torch.zeros_like(gap), gap.abs() / size)


def ulps(one: torch.Tensor, other: torch.Tensor, kind: NumberFormat) -> torch.Tensor:
    """How many steps through the floats of the format lead from ``other`` to ``one``.

    0 and −0 are one step of none apart; a NaN is nan away from everything but the same bits.
    """
    a, b = _place(one, kind), _place(other, kind)
    # Places of float64 fill 64 bits, so their gap is taken in halves.
    half = (a >> 1) - (b >> 1)
    gap = half.double() * 2 + ((a & 1) - (b & 1)).double()
    bad = torch.isnan(calculable(one)) | torch.isnan(calculable(other))
    same = _carried(one) == _carried(other)
    return torch.where(bad & ~same, torch.full_like(gap, torch.nan), torch.where(same, 0.0, gap))


def _place(numbers: torch.Tensor, kind: NumberFormat) -> torch.Tensor:
    """Place of each float among all floats of its format in order, zero at 0."""
    code = _carried(numbers).to(torch.int64)
    if kind.specials == "e8m0":
        return code
    sign = 1 << (kind.bits - 1)
    if kind.bits == 64:
        return torch.where(code < 0, -(code & (sign - 1)), code)
    code = code & ((1 << kind.bits) - 1)
    return torch.where(code >= sign, -(code - sign), code)


def _carried(numbers: torch.Tensor) -> torch.Tensor:
    """The bits of each element as a whole number."""
    plain = numbers.resolve_conj().resolve_neg()
    return plain.view(_CARRIERS[plain.element_size()])
