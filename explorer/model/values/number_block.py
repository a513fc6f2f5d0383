"""Numbers of a rectangle of cells: their bytes, their sizes for colours, their texts on demand."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.model.numbers import TextStyle, decode, known, magnitudes, texts
from explorer.model.tile_cache import Region
from explorer.model.values.plane import Plane
from explorer.protocol.values import Tile


class NumberBlock:
    """Rows × columns of elements, as a plane shows them."""

    def __init__(
        self, region: Region, dtype: str, raw: bytes, absent: bytes = b"", hole: str = ""
    ) -> None:
        shape = (region.rows, region.columns)
        self.region = region
        self.dtype = dtype
        self.raw = raw
        self.hole = hole
        """What absent cells are: ``zero`` (not stored) or ``nothing``; empty when none can be."""
        self.absent: NDArray[np.bool_] | None = None
        if hole:
            self.absent = np.frombuffer(absent, bool).reshape(shape)
        self._lines: dict[TextStyle, dict[int, list[str]]] = {}
        self._widths: dict[TextStyle, dict[int, int]] = {}

    @property
    def nbytes(self) -> int:
        """Memory that the block takes, its texts roughly included."""
        return len(self.raw) + 60 * self.region.rows * self.region.columns

    @cached_property
    def numbers(self) -> NDArray[Any]:
        """The elements as numpy has them; packed ones with a last axis."""
        return decode(self.dtype, self.raw, (self.region.rows, self.region.columns))

    @cached_property
    def sizes(self) -> NDArray[np.float64]:
        """One float per cell, for colours."""
        return magnitudes(self.dtype, self.numbers)

    def element(self, row: int, column: int) -> bytes:
        """The bytes of the element in a cell of the plane."""
        size = known(self.dtype).itemsize
        at = (row - self.region.row) * self.region.columns + column - self.region.column
        return self.raw[at * size : (at + 1) * size]

    def is_absent(self, row: int, column: int) -> bool:
        """Whether nothing is stored for a cell of the plane."""
        if self.absent is None:
            return False
        return bool(self.absent[row - self.region.row, column - self.region.column])

    def line(self, row: int, style: TextStyle) -> list[str]:
        """The texts of one row of the plane inside the block; made once."""
        lines = self._lines.setdefault(style, {})
        found = lines.get(row)
        if found is None:
            size = known(self.dtype).itemsize * self.region.columns
            start = (row - self.region.row) * size
            found = lines[row] = texts(self.dtype, self.raw[start : start + size], style)
        return found

    def text(self, row: int, column: int, style: TextStyle) -> str:
        """The text of a cell of the plane."""
        return self.line(row, style)[column - self.region.column]

    def widest(self, row: int, style: TextStyle) -> int:
        """Characters of the longest text in a row of the plane inside the block."""
        widths = self._widths.setdefault(style, {})
        found = widths.get(row)
        if found is None:
            found = widths[row] = max(map(len, self.line(row, style)))
        return found


def block_of(tile: Tile, plane: Plane, region: Region) -> NumberBlock:
    """The block of a region from the tile that holds its numbers in the tensor's own order.

    Raises:
        UnknownDtype: when this program does not know the dtype.
        ValueError: when the tile does not fit the region.
    """
    size = known(tile.dtype).itemsize
    count = prod(tile.shape)
    if count != region.rows * region.columns or len(tile.tail) < count * size:
        raise ValueError("A tile arrived that does not fit what was asked for.")
    raw = _turned(np.frombuffer(tile.tail, f"V{size}", count), tile, plane)
    absent = b""
    if tile.absent:
        absent = _turned(np.frombuffer(tile.tail, "V1", count, count * size), tile, plane)
    return NumberBlock(region, tile.dtype, raw, absent, tile.absent)


def _turned(elements: NDArray[Any], tile: Tile, plane: Plane) -> bytes:
    """The elements row by row as the plane has them."""
    down, across = plane.dims
    if down is not None and across is not None and down > across:
        # All other dimensions hold one index, so swapping the two is all there is to do.
        return elements.reshape(tile.shape[across], tile.shape[down]).T.tobytes()
    return elements.tobytes()
