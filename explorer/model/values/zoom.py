"""One direction of a picture that can be zoomed: which cells lie under which pixels.

Cells may number up to 2⁶³, so where the picture begins is a whole cell and a fraction of it; a
float alone could not tell neighbours apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

NEAREST = 160.0
"""Most pixels that a cell may take."""
LARGEST = 48.0
"""Most pixels that a square cell takes when all are seen."""
THIN = 40.0


@dataclass(frozen=True, slots=True)
class Zoom:
    """``scale`` pixels per cell; pixel 0 shows cell ``first`` at ``fraction`` (0 to 1) of it.

    ``least`` is the furthest scale; all cells are seen at it, perhaps with pixels to spare.
    """

    cells: int
    pixels: int
    scale: float
    least: float
    first: int = 0
    fraction: float = 0.0

    def cell_at(self, pixel: float) -> int:
        """The cell under a pixel; may lie outside the picture."""
        return self.first + math.floor(self.fraction + pixel / self.scale)

    def pixel_of(self, cell: int) -> float:
        """Where a cell begins, in pixels."""
        return (float(cell - self.first) - self.fraction) * self.scale

    def moved(self, pixels: float) -> Zoom:
        """The picture pushed by so many pixels towards the end."""
        return self._at(self.first, self.fraction - pixels / self.scale)

    def zoomed(self, factor: float, pixel: float) -> Zoom:
        """Nearer (factor > 1) or further, with the cell under a pixel staying there."""
        scale = min(max(self.scale * factor, self.least), max(NEAREST, self.least))
        turned = replace(self, scale=scale)
        return turned._at(self.first, self.fraction + pixel / self.scale - pixel / scale)

    def resized(self, pixels: int, least: float) -> Zoom:
        """The same place in a wider or narrower picture; what was seen whole still is."""
        whole = self.scale <= self.least * (1 + 1e-9)
        scale = least if whole else max(self.scale, least)
        other = replace(self, pixels=max(pixels, 1), scale=scale, least=least)
        return other._at(self.first, self.fraction)

    def centred(self, cell: int) -> Zoom:
        """The same scale with a cell in the middle."""
        return self._at(cell, 0.5 - self.pixels / self.scale / 2)

    @property
    def whole(self) -> bool:
        """Whether all cells are seen."""
        return self.cells * self.scale <= self.pixels * (1 + 1e-9)

    def visible(self) -> tuple[int, int]:
        """First cell seen, and how many are, those seen in part included."""
        first = max(self.first, 0)
        last = min(self.cell_at(self.pixels - 1e-6), self.cells - 1)
        return first, max(last - first + 1, 0)

    def block(self) -> int:
        """Cells that share a pixel: the largest power of two that gives each pixel its own."""
        if self.scale >= 1:
            return 1
        return 1 << max(math.floor(math.log2(1 / self.scale)), 0)

    def _at(self, first: int, fraction: float) -> Zoom:
        """Begin at a place, kept inside: no empty space while there are cells to fill it."""
        whole = math.floor(fraction)
        first, fraction = first + whole, fraction - whole
        room = self.cells - self.pixels / self.scale
        last = math.floor(room)
        if room <= 0:
            return replace(self, first=0, fraction=0.0)
        if first < 0:
            first, fraction = 0, 0.0
        if first > last or (first == last and fraction > room - last):
            first, fraction = last, room - last
        return replace(self, first=first, fraction=fraction)


def fitted(cells: int, pixels: int, scale: float | None = None) -> Zoom:
    """All cells in so many pixels, at a scale or as large as they can be."""
    pixels = max(pixels, 1)
    scale = pixels / max(cells, 1) if scale is None else scale
    return Zoom(cells, pixels, scale, scale)


def fitting_scales(rows: int, columns: int, height: int, width: int) -> tuple[float, float]:
    """Pixels per row and per column at which a plane is just seen.

    Cells are squares, but a direction that would be thinner than `THIN` pixels is stretched.
    """
    down, across = height / max(rows, 1), width / max(columns, 1)
    square = min(down, across, LARGEST)
    return (
        min(down, max(square, THIN / max(rows, 1))),
        min(across, max(square, THIN / max(columns, 1))),
    )
