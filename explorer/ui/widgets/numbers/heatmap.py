"""A plane as a picture: from all of it at once to single numbers, in one turn of the wheel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import Region
from explorer.model.values.colour_scale import ColourScale
from explorer.model.values.zoom import fitted, fitting_scales
from explorer.ui.theme import appearance, mono_font, theme
from explorer.ui.widgets.numbers.cell_keys import cell_after_key
from explorer.ui.widgets.numbers.colour_maps import colour_table, image_of
from explorer.ui.widgets.numbers.grid_painting import CellSource
from explorer.ui.widgets.numbers.heatmap_texts import paint_texts

EDGE = 8
TEXT_WIDTH, TEXT_HEIGHT = 58, 17
"""Pixels that a cell needs before its number is written into it."""


@dataclass(frozen=True)
class Picture:
    """Numbers of blocks of cells: ``values`` is rows × columns of blocks over ``region``."""

    region: Region
    block: tuple[int, int]
    values: NDArray[np.floating[Any]]
    exact: bool
    """Whether every number was seen, not a sample."""


@dataclass(frozen=True)
class Wanted:
    """A picture that would be sharp: the region that is seen, and cells per pixel."""

    region: Region
    block: tuple[int, int]


class HeatMap(QWidget):
    """Shows a `Picture` where it belongs; asks for a sharper one when it is moved or zoomed."""

    picture_wanted = Signal(object)
    """A `Wanted`."""
    numbers_wanted = Signal(object)
    """The `Region` whose numbers there is room to write."""
    cell_chosen = Signal(object, object)
    hovered = Signal(object)
    """(row, column) under the pointer, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = self._columns = 0
        self._down, self._across = fitted(1, 1), fitted(1, 1)
        self._picture: Picture | None = None
        self._image: QImage | None = None
        self._scale = ColourScale("symmetric", -1.0, 1.0)
        self._source: CellSource | None = None
        self._style = TextStyle()
        self._current: tuple[int, int] | None = None
        self._told: Wanted | None = None
        self._held: QPoint | None = None
        self._dragged = False
        self.setFont(mono_font(12))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(80, 60)
        self.setAccessibleName("Heatmap")
        appearance().changed.connect(self._recolour)

    # What is shown.

    def show_plane(self, rows: int, columns: int, *, keep_place: bool) -> None:
        """Look at a plane of so many rows and columns, at the same place or all of it."""
        same = (rows, columns) == (self._rows, self._columns)
        self._rows, self._columns = rows, columns
        if not (same and keep_place):
            self.fit()
        self._told = None
        self._tell()

    def show_picture(self, picture: Picture | None) -> None:
        """Show another picture; until it is sharp the old one is better than none."""
        self._picture = picture
        self._recolour()

    def set_scale(self, scale: ColourScale) -> None:
        """Colour by another scale."""
        if scale != self._scale:
            self._scale = scale
            self._recolour()

    def set_numbers(self, source: CellSource | None, style: TextStyle) -> None:
        """Where the texts of cells come from."""
        self._source, self._style = source, style
        self.update()

    def set_current(self, cell: tuple[int, int] | None) -> None:
        """Frame a cell."""
        if cell != self._current:
            self._current = cell
            self.update()

    def fit(self) -> None:
        """Show the whole plane."""
        height, width = self._room()
        down, across = fitting_scales(self._rows, self._columns, height, width)
        self._down = fitted(self._rows, height, down)
        self._across = fitted(self._columns, width, across)
        self._changed()

    def zoom_by(self, factor: float, point: QPointF | None = None) -> None:
        """Nearer or further, around a point or the middle."""
        height, width = self._room()
        x, y = (width / 2, height / 2) if point is None else (point.x() - EDGE, point.y() - EDGE)
        self._down, self._across = self._down.zoomed(factor, y), self._across.zoomed(factor, x)
        self._changed()

    def reveal(self, cell: tuple[int, int]) -> None:
        """Move so that a cell is seen."""
        if not self.region().holds(*cell):
            self._down, self._across = self._down.centred(cell[0]), self._across.centred(cell[1])
            self._changed()

    @property
    def picture(self) -> Picture | None:
        return self._picture

    def region(self) -> Region:
        """The cells that are seen."""
        row, rows = self._down.visible()
        column, columns = self._across.visible()
        return Region(row, rows, column, columns)

    def wanted(self) -> Wanted:
        """The picture that would be sharp now, with a margin to move in, aligned to its blocks."""
        ratio = max(self.devicePixelRatioF(), 1.0)
        spans = []
        for zoom in (self._down, self._across):
            block = max(int(zoom.block() // ratio), 1)
            first, count = zoom.visible()
            margin = 0 if zoom.whole else count // 4
            start = max(first - margin, 0) // block * block
            end = min(-(-(first + count + margin) // block) * block, zoom.cells)
            spans.append((start, end - start, block))
        (row, rows, high), (column, columns, wide) = spans
        return Wanted(Region(row, rows, column, columns), (high, wide))

    @property
    def writes_numbers(self) -> bool:
        """Whether there is room for numbers in the cells."""
        return self._across.scale >= TEXT_WIDTH and self._down.scale >= TEXT_HEIGHT

    def _room(self) -> tuple[int, int]:
        return max(self.height() - 2 * EDGE, 1), max(self.width() - 2 * EDGE, 1)

    def _recolour(self) -> None:
        self._image = None
        if self._picture is not None:
            table = colour_table(theme(), diverging=self._scale.diverging)
            self._image = image_of(self._picture.values, self._scale, table)
        self.update()

    def _changed(self) -> None:
        self.update()
        self._tell()

    def _tell(self) -> None:
        if not self._rows or not self._columns or not self.isVisible():
            return
        wanted = self.wanted()
        if self._told is None or not _covers(self._told, wanted, self.region()):
            self._told = wanted
            self.picture_wanted.emit(wanted)
        if self.writes_numbers:
            self.numbers_wanted.emit(self.region())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().background)
        height, width = self._room()
        painter.translate(EDGE, EDGE)
        painter.setClipRect(QRectF(0, 0, width, height))
        if self._image is None or self._picture is None:
            edge = QRectF(0, 0, self._columns * self._across.scale, self._rows * self._down.scale)
            painter.fillRect(edge, theme().panel)
        else:
            self._paint_picture(painter, self._picture, self._image)
        if self.writes_numbers and self._source is not None:
            table = colour_table(theme(), diverging=self._scale.diverging)
            painter.setFont(self.font())
            zooms = (self._down, self._across)
            paint_texts(
                painter, self._source, self.region(), zooms, self._style, self._scale, table
            )
        if self._current is not None and self.region().holds(*self._current):
            frame = self._place(Region(self._current[0], 1, self._current[1], 1))
            grown = max(6 - frame.width(), 6 - frame.height(), 0) / 2
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().current, 2))
            painter.drawRect(frame.adjusted(-grown, -grown, grown, grown))

    def _paint_picture(self, painter: QPainter, picture: Picture, image: QImage) -> None:
        """Each pixel where its block is; the last ones may hang over the edge and are cut off."""
        region, (high, wide) = picture.region, picture.block
        blocks = replace(region, rows=image.height() * high, columns=image.width() * wide)
        painter.save()
        painter.setClipRect(self._place(region), Qt.ClipOperation.IntersectClip)
        painter.drawImage(self._place(blocks), image)
        painter.restore()

    def _place(self, region: Region) -> QRectF:
        """Where a region of cells is painted."""
        left, top = self._across.pixel_of(region.column), self._down.pixel_of(region.row)
        right = self._across.pixel_of(region.column + region.columns)
        return QRectF(
            QPointF(left, top), QPointF(right, self._down.pixel_of(region.row + region.rows))
        )

    # Gestures.

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """The cell under a point."""
        row = self._down.cell_at(point.y() - EDGE)
        column = self._across.cell_at(point.x() - EDGE)
        inside = 0 <= row < self._rows and 0 <= column < self._columns
        return (row, column) if inside else None

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        self.zoom_by(2.0 ** (turned / 240), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position().toPoint()
            self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._held is not None:
            gone = point - self._held
            if self._dragged or gone.manhattanLength() > 4:
                self._dragged = True
                self._held = point
                self._across = self._across.moved(gone.x())
                self._down = self._down.moved(gone.y())
                self._changed()
        self.hovered.emit(self.cell_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, self._held = self._held, None
        cell = self.cell_at(event.position())
        if held is not None and not self._dragged and cell is not None:
            self._choose(cell)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, seen = Qt.Key(event.key()), self.region()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom_by(0.5 if key == Qt.Key.Key_Minus else 2.0)
            return
        if key == Qt.Key.Key_0:
            self.fit()
            return
        start = self._current or (seen.row, seen.column)
        cell = cell_after_key(event, start, self._rows, self._columns, max(seen.rows - 1, 1))
        if cell is None or not seen.rows or not seen.columns:
            super().keyPressEvent(event)
        else:
            self._choose(cell)

    def _choose(self, cell: tuple[int, int]) -> None:
        self.set_current(cell)
        self.reveal(cell)
        self.cell_chosen.emit(*cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        height, width = self._room()
        down, across = fitting_scales(self._rows, self._columns, height, width)
        self._down = self._down.resized(height, down)
        self._across = self._across.resized(width, across)
        self._changed()

    def showEvent(self, event: QEvent) -> None:
        self._tell()


def _covers(told: Wanted, wanted: Wanted, seen: Region) -> bool:
    """Whether what was asked for is still sharp and holds all that is seen."""
    corners = told.region.holds(seen.row, seen.column) and told.region.holds(
        seen.row + seen.rows - 1, seen.column + seen.columns - 1
    )
    return told.block == wanted.block and corners
