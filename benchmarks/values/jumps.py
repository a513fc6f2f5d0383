"""1,000 random jumps of the grid in a large tensor: how long each frame takes."""

from __future__ import annotations

import os
import random
import time

import numpy as np
import torch
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from explorer.model.tile_cache import TileCache, block_at
from explorer.model.values.number_block import NumberBlock, block_of
from explorer.model.values.plane import plane_over
from explorer.model.values.view import box_of
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import ReadTile, Sight
from explorer.ui.theme import appearance
from explorer.ui.widgets.numbers.number_grid import NumberGrid
from explorer.worker.tiles import read_tile

JUMPS = 1000


class Direct:
    """Cells read by the worker's own function, without a socket between."""

    def __init__(self, x: torch.Tensor) -> None:
        self.rows, self.columns = x.shape
        self._x = x
        self._plane = plane_over(tuple(x.shape))
        self._cache: TileCache[NumberBlock] = TileCache()

    def block(self, row: int, column: int) -> NumberBlock | None:
        """The block of a cell, read when it is not held."""
        region = block_at(row, column, self.rows, self.columns)
        held = self._cache.get(region)
        if held is None:
            box = box_of(self._plane, region.row, region.rows, region.column, region.columns)
            sight = Sight(NumbersOf(1, "float32", (), (), 0))
            tile = read_tile(ReadTile(sight, box), lambda source: self._x)
            held = block_of(tile, self._plane, region)
            self._cache.put(region, held, held.nbytes)
        return held

    def changed(self, block: NumberBlock) -> NDArray[np.bool_] | None:
        """No step wrote anything."""
        return None

    def tint(self, block: NumberBlock) -> NumberBlock | None:
        """No numbers colour the cells."""
        return None

    def row_label(self, row: int) -> str:
        """Index of a row."""
        return str(row)

    def column_label(self, column: int) -> str:
        """Index of a column."""
        return str(column)


def measure_jumps(x: torch.Tensor) -> None:
    """Print how long frames take the processor: numbers read, formatted and painted."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    appearance().install(application, "light")
    grid = NumberGrid()
    grid.resize(1100, 700)
    grid.show()
    grid.show_source(Direct(x), keep_place=False)
    chance, taken = random.Random(0), []
    for _ in range(JUMPS):
        cell = chance.randrange(x.shape[0]), chance.randrange(x.shape[1])
        started = time.thread_time()
        grid.set_current(cell)
        grid.viewport().repaint()
        taken.append((time.thread_time() - started) * 1000)
    print(f"random jumps of the grid: {jump_words(taken)}")


def jump_words(milliseconds: list[float]) -> str:
    """Median, 99th percentile and longest."""
    taken = sorted(milliseconds)
    return (f"{len(taken)} jumps, median {taken[len(taken) // 2]:.1f} ms, "
            f"99 % {taken[len(taken) * 99 // 100]:.1f} ms, longest {taken[-1]:.1f} ms")  # fmt: skip
