"""The first numbers of many tensors at once, for the command line."""

from __future__ import annotations

from math import prod
from typing import Any

from explorer.protocol.message import message, part


@part
class NumbersOf:
    """A tensor as (content id, dtype, shape, stride, storage offset, layout)."""

    content: int
    dtype: str
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int
    layout: str = "strided"
    flags: tuple[str, ...] = ()
    """Those of its `CardKind`: ``conj`` and ``neg`` views read their bits turned."""

    @property
    def distinct(self) -> int:
        """How many of its numbers have a place of their own; along stride 0 they only repeat."""
        strides = self.stride or (1,) * len(self.shape)
        return prod(size for size, step in zip(self.shape, strides, strict=False) if step)


@message
class ReadNumbers:
    """Request: the first ``count`` numbers of each, row by row. Answered by `Numbers`."""

    wanted: tuple[NumbersOf, ...]
    count: int


@message
class Numbers:
    """Answer to `ReadNumbers`: one list each; a string in place of a list says why not.

    Non-finite numbers are the strings ``nan``, ``inf``, ``-inf``; complex ones are [re, im].
    """

    lists: tuple[Any, ...]
