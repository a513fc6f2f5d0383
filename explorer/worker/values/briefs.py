"""The gist of many tensors for a list, and what one cell held through the recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import torch

from explorer.protocol.values import (
    Bars,
    Brief,
    Briefs,
    CellHistory,
    NumberBox,
    ReadBriefs,
    ReadCellHistory,
    Sight,
    Statistics,
)
from explorer.worker.tiles import box_bytes
from explorer.worker.values.fields import CannotShow, whole
from explorer.worker.values.sights import TensorOf, field_for, field_of
from explorer.worker.values.statistics import statistics_of

BARS = 8


def read_briefs(request: ReadBriefs, tensor_of: TensorOf) -> Iterator[Briefs | None]:
    """Answer `ReadBriefs`: None between pieces, the answer last."""
    briefs = []
    for source in request.sources:
        for brief in _brief(partial(tensor_of, source)):
            if brief is None:
                yield None
            else:
                briefs.append(brief)
    yield Briefs(tuple(briefs))


def brief_of_tensor(tensor: torch.Tensor) -> Brief:
    """The gist of a tensor that is at hand."""
    (brief,) = (one for one in _brief(lambda: tensor) if one is not None)
    return brief


def _brief(tensor: Callable[[], torch.Tensor]) -> Iterator[Brief | None]:
    try:
        field = field_of(tensor())
    except (CannotShow, LookupError, RuntimeError, NotImplementedError) as err:
        yield Brief(sentence=str(err))
        return
    for found in statistics_of(field, whole(field.shape)):
        yield None if found is None else brief_of(found)


def brief_of(found: Statistics) -> Brief:
    """Statistics in short."""
    inf = found.plus_inf + found.minus_inf
    bars = _eight(found.bars) if found.low is not None and found.low != found.high else ()
    return Brief(found.count, found.nan, inf, found.zeros, found.low, found.high, bars)


def _eight(bars: Bars) -> tuple[int, ...]:
    """The bars put together into eight; each is counted where most of it lies."""
    counts = [0] * BARS
    for at, count in enumerate(bars.counts):
        counts[(2 * at + 1) * BARS // (2 * len(bars.counts))] += count
    return tuple(counts)


def read_cell_history(
    request: ReadCellHistory, tensor_of: TensorOf
) -> Iterator[CellHistory | None]:
    """Answer `ReadCellHistory`: None between contents, the answer last.

    Raises:
        CannotShow: when the index lies outside the tensor.
    """
    box = NumberBox(request.index, (1,) * len(request.index), (1,) * len(request.index))
    held, tail, dtype = [], bytearray(), request.source.dtype
    size = getattr(torch, dtype).itemsize
    for content in request.contents:
        try:
            field = field_for(Sight(replace(request.source, content=content)), tensor_of)
        except LookupError:
            held.append(0)
            tail += bytes(size)
        else:
            dtype = field.dtype
            held.append(1)
            tail += box_bytes(field, box)
        yield None
    yield CellHistory(dtype, tuple(held), bytes(tail))
