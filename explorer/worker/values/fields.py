"""A field: numbers in a shape that can be read box by box, however a tensor stores them.

A strided tensor gives every box as a view, so nothing is copied before it is needed. The other
kinds of field (sparse, nested, quantized, differences) make the asked box and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Protocol

import torch

from explorer.protocol.values import NumberBox

NOTHING_ABSENT = ""


class CannotShow(ValueError):
    """Numbers that cannot be shown; its text is one sentence for people."""


class Field(Protocol):
    """Numbers in a shape. ``dtype`` is the name of what `box` returns."""

    shape: tuple[int, ...]
    dtype: str
    absent: str
    """What a place holds where nothing is stored: ``zero``, ``nothing``; empty when all is."""

    def box(self, box: NumberBox) -> torch.Tensor:
        """The numbers of a box, in the shape of its counts; a view where that can be."""

    def missing(self, box: NumberBox) -> torch.Tensor | None:
        """True where nothing is stored, in the shape of the box's counts."""

    def repeats(self) -> tuple[bool, ...]:
        """For each dimension whether all along it the same numbers stand (stride 0)."""

    def pieces(self, box: NumberBox, limit: int) -> Iterator[tuple[torch.Tensor, int]]:
        """The box in pieces of at most ``limit`` elements, in any order and any shape.

        With each piece comes how many times its numbers stand in the box.
        """


def inside(box: NumberBox, first: Sequence[int], counts: tuple[int, ...]) -> NumberBox:
    """The box of ``counts`` that starts at position ``first`` within a box."""
    starts = tuple(a + i * s for a, i, s in zip(box.starts, first, box.steps, strict=True))
    return NumberBox(starts, counts, box.steps)


def folded(field: Field, box: NumberBox) -> tuple[NumberBox, int]:
    """The box without what only repeats, and how many times each number of it stands in the box."""
    counts = tuple(
        min(count, 1) if repeated else count
        for count, repeated in zip(box.counts, field.repeats(), strict=True)
    )
    return NumberBox(box.starts, counts, box.steps), prod(box.counts) // max(prod(counts), 1)


def whole(shape: tuple[int, ...]) -> NumberBox:
    """The box of a whole shape."""
    return NumberBox((0,) * len(shape), shape, (1,) * len(shape))


def checked(box: NumberBox, shape: tuple[int, ...]) -> NumberBox:
    """The box itself when it lies inside the shape.

    Raises:
        CannotShow: when it does not.
    """
    fits = len(box.starts) == len(box.counts) == len(box.steps) == len(shape)
    for start, count, step, size in zip(box.starts, box.counts, box.steps, shape, strict=False):
        held = not count or start + (count - 1) * step < size
        fits = fits and held and count >= 0 and step >= 1 and start >= 0
    if not fits:
        raise CannotShow(f"The asked box lies outside a tensor of shape {list(shape)}.")
    return box


class StridedField:
    """A tensor with shape, stride and offset; its boxes are views."""

    absent = NOTHING_ABSENT

    def __init__(self, tensor: torch.Tensor) -> None:
        self.shape = tuple(tensor.shape)
        self.dtype = str(tensor.dtype).removeprefix("torch.")
        self._conj = tensor.is_complex() and tensor.is_conj()
        self._neg = tensor.is_neg()
        # The bare numbers: flipping the lazy bits back is a view, never a copy.
        bare = tensor.conj() if self._conj else tensor
        self._bare = torch._neg_view(bare) if self._neg else bare

    def box(self, box: NumberBox) -> torch.Tensor:
        checked(box, self.shape)
        strides = self._bare.stride()
        offset = self._bare.storage_offset()
        if prod(box.counts):
            offset += sum(a * s for a, s in zip(box.starts, strides, strict=True))
        stepped = [
            s * step if n > 1 else 1
            for s, step, n in zip(strides, box.steps, box.counts, strict=True)
        ]
        return self._dressed(torch.as_strided(self._bare, box.counts, stepped, offset))

    def missing(self, box: NumberBox) -> torch.Tensor | None:
        return None

    def repeats(self) -> tuple[bool, ...]:
        return tuple(step == 0 for step in self._bare.stride())

    def pieces(self, box: NumberBox, limit: int) -> Iterator[tuple[torch.Tensor, int]]:
        view = self.box(box)
        if view.numel() == 0:
            return
        bare = torch.as_strided(self._bare, view.shape, view.stride(), view.storage_offset())
        sizes, strides, times = coalesced(bare.shape, bare.stride())
        for counts, offset in _runs(sizes, strides, limit):
            piece = torch.as_strided(bare, counts, strides, bare.storage_offset() + offset)
            yield self._dressed(piece), times

    def _dressed(self, view: torch.Tensor) -> torch.Tensor:
        if self._conj:
            view = view.conj()
        return torch._neg_view(view) if self._neg else view


def coalesced(shape: tuple[int, ...], stride: tuple[int, ...]) -> tuple[list[int], list[int], int]:
    """Fewest sizes and strides that reach the same places, widest stride first.

    Dimensions of stride 0 only repeat; how often all of them together do is the third result.
    """
    times = prod(n for n, s in zip(shape, stride, strict=True) if s == 0)
    dims = sorted(
        ((s, n) for n, s in zip(shape, stride, strict=True) if n > 1 and s != 0), reverse=True
    )
    sizes: list[int] = []
    strides: list[int] = []
    for s, n in dims:
        if strides and strides[-1] == s * n:
            sizes[-1] *= n
            strides[-1] = s
        else:
            sizes.append(n)
            strides.append(s)
    return sizes or [1], strides or [1], times


def _runs(sizes: list[int], strides: list[int], limit: int) -> Iterator[tuple[list[int], int]]:
    """Cut sizes into boxes of at most ``limit`` elements: counts, and the place of the first."""
    split = len(sizes) - 1
    inner = 1
    while split > 0 and inner * sizes[split] <= limit:
        inner *= sizes[split]
        split -= 1
    most = max(limit // inner, 1)
    for outer in _odometer(sizes[:split]):
        base = sum(i * s for i, s in zip(outer, strides, strict=False))
        for start in range(0, sizes[split], most):
            count = min(most, sizes[split] - start)
            counts = [1] * split + [count] + sizes[split + 1 :]
            yield counts, base + start * strides[split]


def cuts(
    counts: tuple[int, ...], limit: int, *, backwards: bool = False
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Cut counts into boxes of at most ``limit``: where each starts, and its own counts.

    They follow one another row by row, or from the last to the first.
    """
    if 0 in counts:
        return
    if not counts:
        yield (), ()
        return
    split = len(counts) - 1
    inner = 1
    while split > 0 and inner * counts[split] <= limit:
        inner *= counts[split]
        split -= 1
    most = max(limit // inner, 1)
    tail = counts[split + 1 :]
    starts = range(0, counts[split], most)
    for outer in _odometer(counts[:split], backwards):
        for start in reversed(starts) if backwards else starts:
            count = min(most, counts[split] - start)
            yield (*outer, start, *(0,) * len(tail)), (*(1,) * split, count, *tail)


def _odometer(sizes: Sequence[int], backwards: bool = False) -> Iterator[tuple[int, ...]]:
    """Every index of these sizes in order. Unlike itertools.product it never lists a range."""
    if not sizes:
        yield ()
        return
    whole = range(sizes[0])
    for first in reversed(whole) if backwards else whole:
        for rest in _odometer(sizes[1:], backwards):
            yield (first, *rest)
