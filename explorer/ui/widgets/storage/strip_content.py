"""What a storage strip shows: a storage, who looks into it, and the numbers read so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.layout.reach import as_bytes, visits_below, visits_of_cells
from explorer.model.strides import Layout

Shares = NDArray[np.float64]

BLOCK = 256
"""Boxes whose numbers are kept and asked for together."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A tensor that looks into the storage."""

    title: str
    layout: Layout
    itemsize: int

    def visits(self, unit: int, start: int, stop: int) -> NDArray[np.int64]:
        """How often each of the cells start..stop-1, of `unit` bytes, is touched."""
        return visits_of_cells(self.layout, self.itemsize, unit, start, stop)

    def shares(self, unit: int, edges: NDArray[np.int64]) -> Shares:
        """For each stretch between two edges, in cells, visited bytes per byte (above 1: often)."""
        below = visits_below(as_bytes(self.layout, self.itemsize), edges * unit)
        shares: Shares = np.diff(below) / np.maximum(np.diff(edges) * unit, 1)
        return shares


@dataclass(frozen=True, slots=True)
class StripContent:
    """A storage of `length` cells of `unit` bytes; `rest` bytes at its end fill no cell.

    `key` tells contents apart: numbers read for one are never shown for another.
    """

    key: object
    length: int
    unit: int
    letter: str
    chosen: Layer | None = None
    tracks: tuple[Layer, ...] = ()
    wrap: int = 1
    rest: int = 0
    readable: bool = True
    """False for a storage that is only foretold: its cells have no numbers yet."""


NOTHING = StripContent(None, 0, 1, "")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Texts and values of neighbouring boxes; boxes of several cells have a sample each and no
    texts."""

    texts: list[str]
    values: NDArray[np.float64]


class NumberCache:
    """Numbers of the strip by zoom and block; emptied when the content changes."""

    def __init__(self, most_blocks: int = 400) -> None:
        self._blocks: dict[tuple[int, int], Numbers | None] = {}
        self._most = most_blocks

    def clear(self) -> None:
        """Forget everything."""
        self._blocks.clear()

    def missing(self, cells: int, first_box: int, stop_box: int) -> list[tuple[int, int]]:
        """Stretches of boxes, in whole blocks, that were not asked for yet; marks them asked."""
        wanted: list[tuple[int, int]] = []
        for block in range(first_box // BLOCK, -(-stop_box // BLOCK)):
            if (cells, block) in self._blocks:
                continue
            self._blocks[cells, block] = None
            start = block * BLOCK
            if wanted and wanted[-1][1] == start:
                wanted[-1] = (wanted[-1][0], start + BLOCK)
            else:
                wanted.append((start, start + BLOCK))
        return wanted

    def put(self, cells: int, first_box: int, numbers: Numbers) -> None:
        """Keep what was read; `first_box` begins a block."""
        for at in range(0, len(numbers.values), BLOCK):
            block = Numbers(numbers.texts[at : at + BLOCK], numbers.values[at : at + BLOCK])
            self._blocks[cells, (first_box + at) // BLOCK] = block
        while len(self._blocks) > self._most:
            self._blocks.pop(next(iter(self._blocks)))

    def give_up(self, cells: int, first_box: int, stop_box: int) -> None:
        """These could not be read now; they may be asked for again."""
        for block in range(first_box // BLOCK, -(-stop_box // BLOCK)):
            if self._blocks.get((cells, block)) is None:
                self._blocks.pop((cells, block), None)

    def text(self, box: int) -> str | None:
        """The number of a single cell; None while it is not there."""
        block = self._blocks.get((1, box // BLOCK))
        at = box % BLOCK
        return block.texts[at] if block is not None and at < len(block.texts) else None

    def values(self, cells: int, first_box: int, stop_box: int) -> NDArray[np.float64]:
        """Values of boxes; 0 where no number was read yet."""
        found = np.zeros(stop_box - first_box)
        for block in range(first_box // BLOCK, -(-stop_box // BLOCK)):
            known = self._blocks.get((cells, block))
            if known is None:
                continue
            start = block * BLOCK
            low = max(first_box, start)
            high = min(stop_box, start + len(known.values))
            if high > low:
                found[low - first_box : high - first_box] = known.values[low - start : high - start]
        return found
