"""Where numbers are: the next NaN, zero, extreme ..., and which tensor had a bad one first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import prod

import torch

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import (
    FindFirstBad,
    FindNumber,
    Found,
    FoundFirstBad,
    Sight,
)
from explorer.worker.values.calculable import calculable, counts_as_float, lift
from explorer.worker.values.fields import CannotShow, Field, checked, cuts, folded, inside, whole
from explorer.worker.values.sights import TensorOf, field_for

PIECE = 1 << 20

Mask = Callable[[torch.Tensor], torch.Tensor]


def find_number(request: FindNumber, tensor_of: TensorOf) -> Iterator[Found | None]:
    """Answer `FindNumber`: None between pieces, the answer last.

    Raises:
        CannotShow: when the request makes no sense for the tensor.
    """
    field = field_for(request.sight, tensor_of)
    checked(request.box, field.shape)
    mask: Mask | None = None
    for made in _mask(field, request):
        mask = made
        yield None
    if mask is None:
        yield Found(False)
        return
    once, times = folded(field, request.box)
    if times > 1:
        short = replace(request, box=once, after=(), backwards=False)
        for found in _search(field, short, mask, range(prod(once.counts))):  # noqa: B007
            yield None
        if found is None:
            yield Found(False)  # it is not among the numbers that repeat
            return
    total = prod(request.box.counts)
    after = _position(request)
    if request.backwards:
        spans = [range(0, total)] if after is None else [range(0, after), range(after, total)]
    else:
        start = 0 if after is None else after + 1
        spans = [range(start, total), range(0, start)]
    for turn, span in enumerate(spans):
        for found in _search(field, request, mask, span):
            if found is not None:
                yield Found(True, found, turn > 0)
                return
            yield None
    yield Found(False)


def _mask(field: Field, request: FindNumber) -> Iterator[Mask | None]:
    """The test of a number; for an extreme all is looked at once, None between pieces."""
    plain: dict[str, Mask] = {
        "nan": torch.isnan,
        "inf": torch.isinf,
        "zero": lambda n: n == -lift(field.dtype),
        "nonzero": lambda n: n != -lift(field.dtype),
        "range": lambda n: (n >= low) & (n <= high),
    }
    low, high = (bound - lift(field.dtype) for bound in (request.low, request.high))
    if not counts_as_float(field.dtype):
        low, high = (max(min(int(bound), (1 << 63) - 1), -1 << 63) for bound in (low, high))
    if request.what in plain:
        yield plain[request.what]
        return
    if request.what not in ("max", "min"):
        raise CannotShow(f"'{request.what}' cannot be searched for.")
    best: float | int | None = None
    choose = max if request.what == "max" else min
    for piece, _ in field.pieces(request.box, PIECE):
        numbers = calculable(piece)
        if numbers.is_floating_point() and not bool(torch.isfinite(numbers).all()):
            numbers = numbers[~torch.isnan(numbers)]
        if numbers.numel():
            bound = (numbers.max() if request.what == "max" else numbers.min()).item()
            best = bound if best is None else choose(best, bound)
        yield None
    if best is not None:
        yield lambda n: n == best


def _position(request: FindNumber) -> int | None:
    """Position within the box, row by row, of the index to go on from; None to begin."""
    if not request.after:
        return None
    box = request.box
    if len(request.after) != len(box.starts):
        raise CannotShow("The place to search from has another number of dimensions.")
    first = (
        min(max((i - a) // s, 0), max(n - 1, 0))
        for i, a, s, n in zip(request.after, box.starts, box.steps, box.counts, strict=True)
    )
    return _rank(tuple(first), box.counts)


def _rank(first: tuple[int, ...], counts: tuple[int, ...]) -> int:
    rank = 0
    for at, count in zip(first, counts, strict=True):
        rank = rank * count + at
    return rank


def _search(
    field: Field, request: FindNumber, mask: Mask, span: range
) -> Iterator[tuple[int, ...] | None]:
    """None between pieces, then the index of the first (or last) hit in a span of positions."""
    for place, counts in cuts(request.box.counts, PIECE, backwards=request.backwards):
        start, size = _rank(place, request.box.counts), prod(counts)
        low, high = max(span.start - start, 0), min(span.stop - start, size)
        if low >= high:
            continue
        box = inside(request.box, place, counts)
        hit = _hit(mask(calculable(field.box(box))), len(counts), low, high, request.backwards)
        if hit is None:
            yield None
            continue
        at = []
        for count in reversed(counts):
            hit, rest = divmod(hit, count)
            at.append(rest)
        yield inside(box, at[::-1], counts).starts
        return


def _hit(hits: torch.Tensor, rank: int, low: int, high: int, backwards: bool) -> int | None:
    """Position of the first (or last) hit from ``low`` to before ``high``."""
    if hits.dim() > rank:  # an element that packs several numbers
        hits = hits.any(-1)
    flat = hits.reshape(-1)[low:high]
    if not bool(flat.any()):
        return None
    line = flat.flip(0) if backwards else flat
    first = int(line.to(torch.uint8).argmax())
    return high - 1 - first if backwards else low + first


def find_first_bad(request: FindFirstBad, tensor_of: TensorOf) -> Iterator[FoundFirstBad | None]:
    """Answer `FindFirstBad`: None between pieces, the answer last."""
    unread = 0
    for place, source in enumerate(request.sources):
        try:
            field = field_for(Sight(source), tensor_of)
        except (CannotShow, LookupError):
            unread += 1
            continue
        if not counts_as_float(field.dtype):
            continue
        for bad in _is_bad(field, request.what):
            yield None
            if bad:
                index = _first_bad(field, source, request.what)
                yield FoundFirstBad(place, index, unread)
                return
    yield FoundFirstBad(-1, (), unread)


def _is_bad(field: Field, what: str) -> Iterator[bool]:
    for piece, _ in field.pieces(whole(field.shape), PIECE):
        numbers = calculable(piece)
        bad = torch.isnan(numbers) if what == "nan" else ~torch.isfinite(numbers)
        yield bool(bad.any())


def _first_bad(field: Field, source: NumbersOf, what: str) -> tuple[int, ...]:
    """Index of the first bad number row by row, in a field that has one."""
    box = whole(field.shape)
    masks: dict[str, Mask] = {"nan": torch.isnan, "inf": lambda n: ~torch.isfinite(n)}
    request = FindNumber(Sight(source), box, what)
    for found in _search(field, request, masks[what], range(prod(box.counts))):
        if found is not None:
            return found
    return ()
