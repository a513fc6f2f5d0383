"""Answers `ReadWrites`: compares what a storage held before and after a step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch

from explorer.protocol.layout import MOST_RANGES, ReadWrites, WriteLook, Writes, Written
from explorer.protocol.numbers import NumbersOf
from explorer.worker.quiet import quiet
from explorer.worker.snapshots import ContentGone, Snapshots

CHUNK = 1 << 23
"""Words that are compared at once."""

_WORDS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
"""torch compares these bit by bit, so NaN and minus zero need no care."""


class _Tally:
    """Changed units met so far, from the first byte on."""

    def __init__(self) -> None:
        self.changed = 0
        self.ranges: list[tuple[int, int]] = []
        self.cut = False

    def add_mask(self, differ: torch.Tensor, first_byte: int, unit: int) -> None:
        """Take a stretch of units, True where they differ."""
        count = int(differ.sum())
        if not count:
            return
        self.changed += count
        edge = differ.new_zeros(1)
        steps = torch.diff(torch.cat((edge, differ, edge)).to(torch.int8))
        firsts, lasts = (steps == 1).nonzero().flatten(), (steps == -1).nonzero().flatten()
        room = MOST_RANGES - len(self.ranges) + 1
        for first, last in zip(firsts[:room].tolist(), lasts[:room].tolist(), strict=True):
            self._add(first_byte + first * unit, first_byte + last * unit)
        if len(firsts) > room:
            self._add_end(first_byte + int(lasts[-1]) * unit)

    def _add(self, start: int, stop: int) -> None:
        if self.ranges and self.ranges[-1][1] >= start:
            self._add_end(stop, cut=self.cut)
        elif len(self.ranges) == MOST_RANGES:
            self._add_end(stop)
        else:
            self.ranges.append((start, stop))

    def _add_end(self, stop: int, cut: bool = True) -> None:
        self.ranges[-1] = (self.ranges[-1][0], stop)
        self.cut = cut

    def add_rest(self, start: int, stop: int, unit: int) -> None:
        """Take bytes that only one of the two contents has."""
        if stop > start:
            self.changed += -(-(stop - start) // unit)
            self._add(start, stop)


def read_writes(snapshots: Snapshots, request: ReadWrites) -> Writes:
    """Answer `ReadWrites`; a write whose contents are not held gets a sentence."""
    return Writes(tuple(_written(snapshots, look) for look in request.looks))


def _written(snapshots: Snapshots, look: WriteLook) -> Written:
    try:
        with quiet():
            tally = _tallied(snapshots, look)
            cells = tuple(
                _changed_cells(snapshots, look, looker, tally.ranges) for looker in look.lookers
            )
    except ContentGone as gone:
        return Written(0, (), False, (), str(gone))
    return Written(tally.changed, tuple(tally.ranges), tally.cut, cells)


def _tallied(snapshots: Snapshots, look: WriteLook) -> _Tally:
    tally = _Tally()
    common = min(look.bytes_before, look.bytes_after)
    whole = common - common % look.unit
    _compare(snapshots, look, tally, range(0, whole, CHUNK * look.unit), whole, look.unit)
    _compare(snapshots, look, tally, range(whole, common, look.unit), common, 1)
    tally.add_rest(common, max(look.bytes_before, look.bytes_after), look.unit)
    return tally


def _compare(
    snapshots: Snapshots, look: WriteLook, tally: _Tally, starts: range, end: int, unit: int
) -> None:
    """Compare the bytes up to `end` unit by unit, in chunks that begin at `starts`."""
    word = min(unit, 8)
    for start in starts:
        size = min(starts.step, end - start)
        as_words = (str(_WORDS[word]).removeprefix("torch."), (size // unit, unit // word))
        strides, offset = (unit // word, 1), start // word
        before = _plain(snapshots, look.before, *as_words, strides, offset)
        after = _plain(snapshots, look.after, *as_words, strides, offset)
        tally.add_mask((before != after).any(-1), start, unit)


def _changed_cells(
    snapshots: Snapshots, look: WriteLook, looker: NumbersOf, ranges: list[tuple[int, int]]
) -> int:
    """How many elements of a tensor differ between the two contents."""
    size, shape, stride, offset = _as_words(looker)
    if 0 in shape or not ranges:
        return 0
    times = math.prod(n for n, s in zip(shape, stride, strict=True) if s == 0)
    shape = tuple(1 if s == 0 else n for n, s in zip(shape, stride, strict=True))
    end = offset + 1 + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))
    if end * size > min(look.bytes_before, look.bytes_after):
        return -1
    if end * size <= ranges[0][0] or offset * size >= ranges[-1][1]:
        return 0
    dtype = str(_WORDS[size]).removeprefix("torch.")
    before = _plain(snapshots, look.before, dtype, shape, stride, offset)
    after = _plain(snapshots, look.after, dtype, shape, stride, offset)
    return times * sum(
        int((one != other).any(-1).sum())
        for one, other in zip(_pieces(before), _pieces(after), strict=True)
    )


def _as_words(looker: NumbersOf) -> tuple[int, tuple[int, ...], tuple[int, ...], int]:
    """Bytes of a word, shape, stride and offset of the elements taken as rows of words.

    An element of 16 bytes is two words; every other one is one.
    """
    itemsize = getattr(torch, looker.dtype).itemsize
    size = min(itemsize, 8)
    words = itemsize // size
    stride = (*(step * words for step in looker.stride), 1)
    return size, (*looker.shape, words), stride, looker.offset * words


def _pieces(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """The tensor in parts of at most `CHUNK` words where its dimensions allow it."""
    if tensor.numel() <= CHUNK or tensor.dim() == 1:
        yield tensor
        return
    rows = max(1, CHUNK * tensor.shape[0] // tensor.numel())
    parts: Any = torch.split(tensor, rows)
    for part in parts:
        if rows == 1 and tensor.dim() > 2:
            yield from _pieces(part[0])
        else:
            yield part


def _plain(
    snapshots: Snapshots,
    content: int,
    dtype: str,
    shape: tuple[int, ...],
    stride: tuple[int, ...],
    offset: int,
) -> torch.Tensor:
    view = snapshots.tensor_of(content, dtype, shape, stride, offset)
    if tuple(view.shape) != tuple(shape) or view.layout is not torch.strided:
        raise ContentGone("This tensor has no row of bytes; its parts are storages of their own.")
    return view
