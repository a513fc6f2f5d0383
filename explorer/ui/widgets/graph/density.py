"""How much box there is where, for pictures so far away that a box is less than a pixel.

The boxes are summed up in cells once, into cells of a few sizes, so that a picture of any
number of boxes is drawn from about as many numbers as it has pixels down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ACROSS = (-0.34, 0.0, 0.34)
"""Where along its width a box is counted."""

CELLS = (64.0, 512.0, 4096.0)
"""Sizes of the cells, in units of the picture."""

FINE = 0.7
"""Pixels that a cell may have where it stands for what lies in it."""


@dataclass(frozen=True)
class Dots:
    """Places and the area, all in units of the picture, of the boxes that they stand for."""

    x: Floats
    y: Floats
    area: Floats


class Density:
    """The boxes (n, 4) of a picture in cells of several sizes."""

    def __init__(self, box: Floats) -> None:
        dots = dots_of(box)
        self._cells: list[tuple[float, Dots]] = []
        for cell in CELLS:
            dots = _summed(dots, cell)
            self._cells.append((cell, dots))

    def coarse(self, scale: float) -> Dots | None:
        """Cells for a scale in pixels for a unit; None where boxes must be drawn one by one."""
        fits = [dots for cell, dots in self._cells if cell * scale <= FINE]
        return fits[-1] if fits else None


def dots_of(box: Floats) -> Dots:
    """Three dots for each of some boxes."""
    x = box[:, :1] + box[:, 2:3] * (0.5 + np.array(ACROSS))
    y = np.broadcast_to(box[:, 1:2] + box[:, 3:] / 2, x.shape)
    area = np.broadcast_to(box[:, 2:3] * box[:, 3:] / len(ACROSS), x.shape)
    return Dots(x.reshape(-1), y.reshape(-1), area.reshape(-1))


def _summed(dots: Dots, cell: float) -> Dots:
    """One dot in the middle of each cell that holds any."""
    if len(dots.x) == 0:
        return dots
    column, row = np.floor(dots.x / cell), np.floor(dots.y / cell)
    wide = column.max() - column.min() + 1
    key = (row - row.min()) * wide + column - column.min()
    cells, which = np.unique(key, return_inverse=True)
    area: Floats = np.bincount(which.reshape(-1), weights=dots.area).astype(np.float64)
    x = (cells % wide + column.min() + 0.5) * cell
    y = (cells // wide + row.min() + 0.5) * cell
    return Dots(x, y, area)
