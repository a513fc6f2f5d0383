"""Boxes of numbers that have been read, within a budget, and which ones a view needs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

BUDGET = 24 << 20
"""Bytes of tiles that one view keeps."""

BLOCK_ROWS = 64
BLOCK_COLUMNS = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells: from ``row`` and ``column``, ``rows`` × ``columns`` of them."""

    row: int
    rows: int
    column: int
    columns: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return 0 <= row - self.row < self.rows and 0 <= column - self.column < self.columns


class TileCache(Generic[T]):
    """Keeps what was used last; each entry comes with its size in bytes."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.held = 0
        self._entries: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> T | None:
        """What is held for a key, which now counts as used; None when nothing is."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: Hashable, value: T, nbytes: int) -> None:
        """Hold a value; what was not used for longest goes when there is no room."""
        before = self._entries.pop(key, None)
        self.held += nbytes - (before[1] if before else 0)
        self._entries[key] = (value, nbytes)
        while self.held > self.budget and len(self._entries) > 1:
            _, (_, gone) = self._entries.popitem(last=False)
            self.held -= gone

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.held = 0


def block_at(row: int, column: int, rows: int, columns: int) -> Region:
    """The block that a cell lies in; blocks are aligned and cut off at the last cell."""
    top = row // BLOCK_ROWS * BLOCK_ROWS
    left = column // BLOCK_COLUMNS * BLOCK_COLUMNS
    return Region(top, min(BLOCK_ROWS, rows - top), left, min(BLOCK_COLUMNS, columns - left))


def blocks_touching(region: Region, rows: int, columns: int) -> list[Region]:
    """Every block that a region touches, row by row, of a plane of ``rows`` × ``columns``."""
    bottom = min(region.row + region.rows, rows)
    right = min(region.column + region.columns, columns)
    tops = range(region.row // BLOCK_ROWS * BLOCK_ROWS, bottom, BLOCK_ROWS)
    lefts = range(region.column // BLOCK_COLUMNS * BLOCK_COLUMNS, right, BLOCK_COLUMNS)
    return [block_at(top, left, rows, columns) for top in tops for left in lefts]
