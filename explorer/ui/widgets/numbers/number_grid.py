"""A grid of numbers of any size: only the cells that are seen are asked for and painted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import Region
from explorer.model.values.colour_scale import ColourScale
from explorer.ui.theme import appearance, mono_font, theme, ui_font
from explorer.ui.widgets.numbers.cell_keys import cell_after_key
from explorer.ui.widgets.numbers.grid_painting import (
    CellPainter,
    CellSource,
    Look,
    Shades,
    paint_labels,
    parts_of,
)
from explorer.ui.widgets.numbers.long_scroll import LongScroll

ROOMY, DENSE = 32, 23
"""Height of a cell, for few cells and for many."""
HEADER = 18
MARGIN = 8
WIDEST = 420
NARROWEST = 44

_Cell = tuple[int, int]


class NumberGrid(QAbstractScrollArea):
    """Shows a `CellSource`; one cell is current."""

    cell_chosen = Signal(object, object)
    """Row and column (Python ints of any size)."""
    region_shown = Signal(object)
    """The `Region` that is seen now; its blocks are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: CellSource | None = None
        self._style = TextStyle()
        self._shades = Shades(theme(), ColourScale("symmetric", -1.0, 1.0))
        self._cell_width = NARROWEST
        self._side = MARGIN  # pixels to the left of the cells
        self._current: _Cell | None = None
        self._told: Region | None = None
        self.setFont(mono_font(13))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Numbers")
        self._down = LongScroll(self.verticalScrollBar())
        self._across = LongScroll(self.horizontalScrollBar())
        self._down.moved.connect(self._moved)
        self._across.moved.connect(self._moved)
        appearance().changed.connect(self._dress)

    # What is shown.

    def show_source(self, source: CellSource | None, *, keep_place: bool) -> None:
        """Show other cells, at the same place or from the first one."""
        self._source = source
        self._side = self._width_of_labels()
        self._told = None
        if not keep_place:
            self._cell_width = NARROWEST
            self._down.position = self._across.position = 0
        self._fit()

    def set_style(self, style: TextStyle) -> None:
        """Write the numbers in another style."""
        if style != self._style:
            self._style = style
            self.narrow()

    def narrow(self) -> None:
        """Make cells as wide as what is seen now needs; what was seen before asks for nothing."""
        first = self._across.position // self._cell_width
        self._cell_width = NARROWEST
        self._across.position = first * NARROWEST
        self._widen()
        self._fit()

    def set_scale(self, scale: ColourScale) -> None:
        """Colour the cells by another scale."""
        if scale != self._shades.scale:
            self._shades = Shades(theme(), scale)
            self.viewport().update()

    def _dress(self) -> None:
        self._shades = Shades(theme(), self._shades.scale)
        self.viewport().update()

    def set_current(self, cell: _Cell | None, *, reveal: bool = True) -> None:
        """Frame a cell, and scroll to it."""
        self._current = cell
        if cell is not None and reveal:
            self._down.reveal(cell[0] * self._cell_height, self._cell_height)
            self._across.reveal(cell[1] * self._cell_width, self._cell_width)
        self.viewport().update()

    def arrived(self) -> None:
        """Blocks that were missing are there now."""
        if self._widen():
            self._fit()
        self.viewport().update()

    @property
    def current(self) -> _Cell | None:
        return self._current

    def region(self) -> Region:
        """The cells that are seen, in part or whole."""
        if self._source is None or not self._source.rows or not self._source.columns:
            return Region(0, 0, 0, 0)
        room = self.cells_rect()
        row, column = (
            self._down.position // self._cell_height,
            self._across.position // self._cell_width,
        )
        below = -(-(self._down.position + room.height()) // self._cell_height)
        behind = -(-(self._across.position + room.width()) // self._cell_width)
        rows = min(below, self._source.rows) - row
        return Region(row, rows, column, min(behind, self._source.columns) - column)

    # Geometry.

    @property
    def _roomy(self) -> bool:
        source = self._source
        if source is None:
            return True
        high = source.rows * ROOMY <= self.viewport().height() - HEADER - MARGIN
        return high and source.columns * self._cell_width <= 2 * self.viewport().width()

    @property
    def _cell_height(self) -> int:
        return ROOMY if self._roomy else DENSE

    def _width_of_labels(self) -> int:
        """Pixels that the longest row label takes."""
        if self._source is None or not self._source.rows:
            return MARGIN
        widest = self._source.row_label(self._source.rows - 1)
        return QFontMetrics(ui_font(11)).horizontalAdvance(widest) + 8 + MARGIN

    def cells_rect(self) -> QRect:
        """Where cells are painted, in the viewport."""
        return self.viewport().rect().adjusted(self._side, HEADER, 0, 0)

    def _fit(self) -> None:
        """Let the scroll bars count anew."""
        source, room = self._source, self.cells_rect()
        rows, columns = (source.rows, source.columns) if source is not None else (0, 0)
        height = self._cell_height
        self._down.set_extent(rows * height + MARGIN, room.height(), height)
        self._across.set_extent(columns * self._cell_width + MARGIN, room.width(), self._cell_width)
        self._tell()
        self.viewport().update()

    def _widen(self) -> bool:
        """Make cells as wide as the widest text seen so far; tell whether they grew."""
        if self._source is None:
            return False
        longest = 0
        for part in parts_of(self.region()):
            block = self._source.block(part.row, part.column)
            if block is not None:
                rows = range(part.row, part.row + part.rows)
                longest = max(longest, *(block.widest(row, self._style) for row in rows))
        advance = QFontMetrics(self.font()).horizontalAdvance("0")
        labels = QFontMetrics(ui_font(11))
        label = self._source.column_label(max(self._source.columns - 1, 0))
        wanted = max(longest * advance + 20, labels.horizontalAdvance(label) + 10)
        wanted = min(wanted, WIDEST)
        if wanted <= self._cell_width:
            return False
        first, current = self._across.position // self._cell_width, self._current
        seen = current is not None and self.region().holds(*current)
        self._cell_width = wanted
        self._across.position = first * wanted
        if seen and current is not None:  # it does not leave because its neighbours are long
            end = (current[1] + 1) * wanted - self.cells_rect().width()
            self._across.position = max(self._across.position, end)
        return True

    def _moved(self) -> None:
        self._tell()
        self.viewport().update()

    def _tell(self) -> None:
        region = self.region()
        if region != self._told and region.rows and region.columns:
            self._told = region
            self.region_shown.emit(region)
            if self._widen():
                self._fit()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme().background)
        source, region = self._source, self.region()
        if source is None or not region.rows:
            return
        room, height = self.cells_rect(), self._cell_height
        left = room.left() + region.column * self._cell_width - self._across.position
        top = room.top() + region.row * height - self._down.position
        paint_labels(painter, source, region, room, (left, top), (self._cell_width, height))
        painter.setClipRect(room)
        painter.setFont(self.font())
        look = Look(self._style, self._cell_width, height, 2, 7 if self._roomy else 6, self._roomy)
        CellPainter(painter, look, source, self._shades).paint(region, left, top)
        self._paint_current(painter, region)

    def _paint_current(self, painter: QPainter, region: Region) -> None:
        if self._current is None or not region.holds(*self._current):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().current, 2))
        painter.drawRoundedRect(QRectF(self.cell_rect(*self._current)), 4, 4)

    # Gestures.

    def cell_rect(self, row: int, column: int) -> QRect:
        """Where a cell that is seen stands in the viewport, without the gap around it."""
        room = self.cells_rect()
        x = room.left() + column * self._cell_width - self._across.position
        y = room.top() + row * self._cell_height - self._down.position
        return QRect(x, y, self._cell_width - 2, self._cell_height - 2)

    def cell_at(self, point: QPoint) -> _Cell | None:
        """The cell under a point of the viewport."""
        room = self.cells_rect()
        if self._source is None or not room.contains(point):
            return None
        row = (point.y() - room.top() + self._down.position) // self._cell_height
        column = (point.x() - room.left() + self._across.position) // self._cell_width
        inside = row < self._source.rows and column < self._source.columns
        return (row, column) if inside else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta()
        if pixels.isNull():
            turns = event.angleDelta()
            pixels = QPoint(turns.x() * self._cell_width // 120, turns.y() * 3 * DENSE // 120)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            pixels = pixels.transposed()
        self._down.move_to(self._down.position - pixels.y())
        self._across.move_to(self._across.position - pixels.x())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        source, seen = self._source, self.region()
        if source is None or not seen.rows or not seen.columns:
            super().keyPressEvent(event)
            return
        page = max(self.cells_rect().height() // self._cell_height - 1, 1)
        start = self._current or (seen.row, seen.column)
        cell = cell_after_key(event, start, source.rows, source.columns, page)
        if cell is None:
            super().keyPressEvent(event)
        else:
            self._choose(start if self._current is None else cell)

    def _choose(self, cell: _Cell) -> None:
        self.set_current(cell)
        self.cell_chosen.emit(*cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        seen = self._current is not None and self._was_seen(*self._current, event.oldSize())
        self._fit()
        if seen:  # less room does not hide what was just found
            self.set_current(self._current)

    def _was_seen(self, row: int, column: int, size: QSize) -> bool:
        """Whether a cell was in sight when the viewport had another size."""
        right = (column + 1) * self._cell_width <= self._across.position + size.width() - self._side
        below = (row + 1) * self._cell_height <= self._down.position + size.height() - HEADER
        above = row * self._cell_height >= self._down.position
        return right and below and above and column * self._cell_width >= self._across.position

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self._source is not None:
            point = event.pos()  # type: ignore[attr-defined]
            cell = self.cell_at(point)
            block = self._source.block(*cell) if cell is not None else None
            if cell is not None and block is not None and not block.is_absent(*cell):
                text = block.text(*cell, TextStyle("exact"))
                QToolTip.showText(event.globalPos(), text, self)  # type: ignore[attr-defined]
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)
