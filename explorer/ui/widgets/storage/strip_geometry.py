"""Where the cells of a storage stand in the strip: boxes, rows, rulers and tracks, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt

BOX_HEIGHT = 27
SMALL_BOX = 9
SMALL_HEIGHT = 20
INDEX_HEIGHT = 13
BYTES_HEIGHT = 12
TRACK_HEIGHT = 11
ROW_GAP = 7
GAP = 2
"""Between two boxes that carry a number."""

MOST_ROWS = 1 << 30
"""Scroll bars count in 32 bits."""


@dataclass(frozen=True, slots=True)
class Zoom:
    """How much one box stands for; only boxes of a single cell may carry its number."""

    cells: int
    text: bool


def zooms(length: int) -> list[Zoom]:
    """From numbers, over boxes of one cell, to boxes that show the whole storage at a glance."""
    found = [Zoom(1, True), Zoom(1, False)]
    while length > found[-1].cells * 2000:
        found.append(Zoom(found[-1].cells * 4, False))
    return found


@dataclass(frozen=True, slots=True)
class StripGeometry:
    """The strip at one width and zoom. Rows are counted from 0, boxes from the first cell."""

    length: int
    zoom: Zoom
    width: float
    box: float
    """Width of a box that carries a number, gap included."""
    gutter: float
    tracks: int
    bytes_shown: bool = False
    wrap: int = 1
    """Rows hold a multiple of so many cells, where one fits."""

    @property
    def pitch(self) -> float:
        """From one box to the next."""
        return self.box if self.zoom.text else SMALL_BOX

    @property
    def boxes(self) -> int:
        return -(-self.length // self.zoom.cells)

    @property
    def columns(self) -> int:
        """Boxes in a row."""
        fit = max(1, int((self.width - self.gutter) // self.pitch))
        if self.boxes <= fit:
            return max(self.boxes, 1)
        wrap = self.wrap if self.zoom.cells == 1 else 1
        if wrap > fit or wrap < 2:
            wrap = 10 if fit >= 20 else 4 if fit >= 8 else 1
        return fit - fit % wrap

    @property
    def rows(self) -> int:
        return -(-self.boxes // self.columns)

    @property
    def box_height(self) -> int:
        return BOX_HEIGHT if self.zoom.text else SMALL_HEIGHT

    @property
    def row_height(self) -> int:
        below = BYTES_HEIGHT if self.bytes_shown else 0
        return INDEX_HEIGHT + self.box_height + below + self.tracks * TRACK_HEIGHT + ROW_GAP

    @property
    def tracks_top(self) -> int:
        """From the top of a row to its first track."""
        return INDEX_HEIGHT + self.box_height + (BYTES_HEIGHT if self.bytes_shown else 0) + 2

    def cells_of_row(self, row: int) -> tuple[int, int]:
        """First cell of a row and the one after its last."""
        start = row * self.columns * self.zoom.cells
        return start, min(start + self.columns * self.zoom.cells, self.length)

    def row_of(self, cell: int) -> int:
        return cell // self.zoom.cells // self.columns

    def rect_of(self, cell: int, first_row: int) -> QRectF:
        """The box that holds a cell, when `first_row` is drawn at the top."""
        box = cell // self.zoom.cells
        row, column = divmod(box, self.columns)
        top = (row - first_row) * self.row_height + INDEX_HEIGHT
        gap = GAP if self.zoom.text else 0
        left = self.gutter + column * self.pitch
        return QRectF(left, top, self.pitch - gap, self.box_height)

    def cell_at(self, x: float, y: float, first_row: int) -> int | None:
        """The first cell of the box under a point; None beside the boxes."""
        row = first_row + int(y // self.row_height)
        column = int((x - self.gutter) // self.pitch)
        if y < 0 or x < self.gutter or not 0 <= column < self.columns:
            return None
        if y % self.row_height > self.row_height - ROW_GAP:
            return None
        cell = (row * self.columns + column) * self.zoom.cells
        return cell if 0 <= cell < self.length else None


def moved(geometry: StripGeometry, cell: int, key: Qt.Key, page_rows: int) -> int | None:
    """Where a key leads from a cell; None for a key that moves nothing."""
    cells = geometry.zoom.cells
    line = geometry.columns * cells
    page = line * max(1, page_rows)
    moves = {
        Qt.Key.Key_Left: cell - cells,
        Qt.Key.Key_Right: cell + cells,
        Qt.Key.Key_Up: cell - line,
        Qt.Key.Key_Down: cell + line,
        Qt.Key.Key_PageUp: cell - page,
        Qt.Key.Key_PageDown: cell + page,
        Qt.Key.Key_Home: 0,
        Qt.Key.Key_End: geometry.length - 1,
    }
    if key not in moves or not geometry.length:
        return None
    return max(0, min(moves[key], geometry.length - 1))
