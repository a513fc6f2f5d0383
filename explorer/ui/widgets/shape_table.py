"""Shapes lined up from the right: what is stretched, what clashes, what runs out in a sum."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.shapes.alignment import (
    ADDED,
    CLASHES,
    GONE,
    STRETCHED,
    SUMMED,
    AlignedCell,
    Alignment,
)
from explorer.ui.theme import mono_font, theme

ROW, CELL, GAP, MARGIN = 30, 46, 6, 12


class ShapeTable(QWidget):
    """Draws an `Alignment`: one row an operand, the result under a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alignment: Alignment | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Shapes of the operation")

    def set_alignment(self, alignment: Alignment | None) -> None:
        """Show other shapes; None shows nothing."""
        self._alignment = alignment
        self.setAccessibleDescription(alignment.sentence if alignment else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._alignment is None:
            return QSize(0, 0)
        columns = max(len(row.cells) for row in self._alignment.rows)
        width = 2 * MARGIN + self._label_width() + columns * (CELL + GAP)
        return QSize(round(width), 2 * MARGIN + len(self._alignment.rows) * (ROW + GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _label_width(self) -> float:
        metrics = QFontMetricsF(mono_font(13))
        rows = self._alignment.rows if self._alignment else ()
        widest = max((metrics.horizontalAdvance(row.label) for row in rows), default=0.0)
        return min(widest + 16, 180)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._alignment is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(mono_font(13))
        rows = self._alignment.rows
        columns = max(len(row.cells) for row in rows)
        for number, row in enumerate(rows):
            y = MARGIN + number * (ROW + GAP)
            if self._alignment.result is not None and number == len(rows) - 1 and number:
                self._paint_line(painter, y - GAP / 2, columns)
            self._paint_label(painter, row.label, y)
            first = columns - len(row.cells)
            for column, cell in enumerate(row.cells, first):
                if cell is not None:
                    self._paint_cell(painter, cell, column, y)

    def _paint_line(self, painter: QPainter, y: float, columns: int) -> None:
        painter.setPen(QPen(theme().line, 1))
        right = MARGIN + self._label_width() + columns * (CELL + GAP)
        painter.drawLine(MARGIN, round(y), round(right), round(y))

    def _paint_label(self, painter: QPainter, label: str, y: float) -> None:
        painter.setPen(theme().text)
        width = self._label_width() - 10
        text = QFontMetricsF(painter.font()).elidedText(label, Qt.TextElideMode.ElideMiddle, width)
        place = QRectF(MARGIN, y, width, ROW)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cell(self, painter: QPainter, cell: AlignedCell, column: int, y: float) -> None:
        colours = theme()
        box = QRectF(MARGIN + self._label_width() + column * (CELL + GAP), y, CELL, ROW)
        fill, edge, text = _colours(cell.state)
        pen = QPen(edge, 1.4)
        if cell.state in (ADDED, GONE):
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), 4, 4)
        painter.setPen(text if cell.state != CLASHES else colours.error)
        shown = f"{cell.size:,}" if cell.state != ADDED else f"({cell.size:,})"
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


def _colours(state: str) -> tuple[QColor, QColor, QColor]:
    colours = theme()
    return {
        STRETCHED: (colours.current_line, colours.current, colours.current),
        ADDED: (colours.background, colours.current, colours.current),
        CLASHES: (colours.background, colours.error, colours.error),
        SUMMED: (colours.selection, colours.accent, colours.accent),
        GONE: (colours.background, colours.line, colours.muted),
    }.get(state, (colours.panel, colours.line, colours.text))
