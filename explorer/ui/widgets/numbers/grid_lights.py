"""Over a grid of numbers: tells which cell is under the pointer, and frames cells that are lit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from explorer.ui.theme import theme
from explorer.ui.widgets.numbers.number_grid import NumberGrid


class GridLights(QWidget):
    """Lets every click through."""

    hovered = Signal(object)
    """(row, column) under the pointer, or None."""

    def __init__(self, grid: NumberGrid) -> None:
        super().__init__(grid.viewport())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._grid = grid
        self._under: tuple[int, int] | None = None
        self.lit: list[tuple[int, int]] = []
        grid.viewport().installEventFilter(self)

    def set_lit(self, cells: list[tuple[int, int]]) -> None:
        """Frame these cells and no others."""
        if cells != self.lit:
            self.lit = cells
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.resize(self._grid.viewport().size())
        elif event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._tell(self._grid.cell_at(event.position().toPoint()))
        elif event.type() == QEvent.Type.Leave:
            self._tell(None)
        return super().eventFilter(watched, event)

    def _tell(self, cell: tuple[int, int] | None) -> None:
        if cell != self._under:
            self._under = cell
            self.hovered.emit(cell)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.lit:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._grid.cells_rect())
        painter.setPen(QPen(theme().current, 1.2))
        region = self._grid.region()
        for row, column in self.lit:
            if region.holds(row, column):
                frame = QRectF(self._grid.cell_rect(row, column))
                painter.drawRoundedRect(frame, 4, 4)
        painter.end()
