"""Rows of a plane as lines; a long row as the band between its lowest and highest numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from explorer.model.values.colour_scale import tick_text, ticks
from explorer.ui.theme import appearance, mono_font, theme, ui_font

LEFT, TOP, BOTTOM, RIGHT = 62, 12, 24, 14
LETTERS = "ABCDEFGH"

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Line:
    """One row. ``low`` and ``high`` hold one number per block of ``block`` columns; they are the
    same array where a block is one column."""

    label: str
    row: int
    block: int
    low: Floats
    high: Floats


class LinePlot(QWidget):
    """Draws up to eight `Line`s over the same columns."""

    column_chosen = Signal(object, object)
    """Row of the line, and column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._columns = 0
        self._current: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(160, 100)
        self.setAccessibleName("Line plot")
        appearance().changed.connect(self.update)

    def show_lines(self, lines: list[Line], columns: int) -> None:
        """Draw other lines."""
        self._lines, self._columns = lines, columns
        low, high = self._span()
        words = ", ".join(line.label for line in lines)
        self.setAccessibleDescription(
            f"{len(lines)} lines over {columns} columns, from {tick_text(low)} to "
            f"{tick_text(high)}: {words}."
            if lines
            else ""
        )
        self.update()

    def set_current(self, cell: tuple[int, int] | None) -> None:
        """Mark a row and a column."""
        if cell != self._current:
            self._current = cell
            self.update()

    def _span(self) -> tuple[float, float]:
        """Lowest and highest finite number, a little apart where they are one."""
        bounds = [
            array[np.isfinite(array)] for line in self._lines for array in (line.low, line.high)
        ]
        held = [array for array in bounds if array.size]
        if not held:
            return 0.0, 1.0
        low = float(min(array.min() for array in held))
        high = float(max(array.max() for array in held))
        slack = abs(low) * 0.05 or 0.5
        return (low, high) if low < high else (low - slack, high + slack)

    def _room(self) -> QRectF:
        return QRectF(
            LEFT, TOP, max(self.width() - LEFT - RIGHT, 1), max(self.height() - TOP - BOTTOM, 1)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().background)
        if not self._lines:
            return
        room, (low, high) = self._room(), self._span()
        self._paint_axes(painter, room, low, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(room.adjusted(-2, -3, 2, 3))
        for at, line in enumerate(self._lines):
            self._paint_line(
                painter, room, line, theme().storage_colour(LETTERS[at % 8]), (low, high)
            )
        painter.restore()
        self._paint_legend(painter, room)

    def _x(self, room: QRectF, column: float) -> float:
        return room.left() + (column + 0.5) / max(self._columns, 1) * room.width()

    def _paint_axes(self, painter: QPainter, room: QRectF, low: float, high: float) -> None:
        painter.setFont(mono_font(11))
        for number in ticks(low, high, max(int(room.height() / 45), 2)):
            share = (number / 2 - low / 2) / ((high / 2 - low / 2) or 1.0)
            y = room.bottom() - share * room.height()
            painter.setPen(theme().line if number else theme().faint)
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(theme().muted)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), flags, tick_text(number))
        if self._columns > 1:
            for number in ticks(0, self._columns - 1, max(int(room.width() / 80), 2)):
                if number != int(number):
                    continue
                box = QRectF(self._x(room, number) - 45, room.bottom() + 5, 90, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{int(number)}")
        if self._current is not None:
            x = self._x(room, self._current[1])
            painter.setPen(QPen(theme().current, 1))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    def _paint_line(
        self, painter: QPainter, room: QRectF, line: Line, colour: QColor, span: tuple[float, float]
    ) -> None:
        chosen = self._current is not None and self._current[0] == line.row
        low, high = (self._points(room, line, bound, span) for bound in (line.low, line.high))
        painter.setPen(QPen(colour, 2.4 if chosen else 1.5))
        for run in _finite_runs(line.high):
            if len(run) == 1:
                painter.setBrush(colour)
                painter.drawEllipse(high[run[0]], 1.8, 1.8)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            elif line.low is line.high:
                painter.drawPolyline(QPolygonF([high[at] for at in run]))
            else:
                band = [high[at] for at in run] + [low[at] for at in reversed(run)]
                pale = QColor(colour)
                pale.setAlphaF(0.45)
                painter.setBrush(pale)
                painter.setPen(QPen(colour, 0.8))
                painter.drawPolygon(QPolygonF(band))
                painter.setBrush(Qt.BrushStyle.NoBrush)

    def _points(
        self, room: QRectF, line: Line, numbers: Floats, span: tuple[float, float]
    ) -> list[QPointF]:
        middle = np.arange(len(numbers)) * line.block + (line.block - 1) / 2
        x = room.left() + (middle + 0.5) / max(self._columns, 1) * room.width()
        with np.errstate(all="ignore"):
            share = (numbers.astype(np.float64) / 2 - span[0] / 2) / (span[1] / 2 - span[0] / 2)
        y = room.bottom() - np.nan_to_num(share, nan=0, posinf=2, neginf=-1) * room.height()
        return [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]

    def _paint_legend(self, painter: QPainter, room: QRectF) -> None:
        if len(self._lines) < 2:
            return
        painter.setFont(ui_font(11))
        metrics = painter.fontMetrics()
        wide = max(metrics.horizontalAdvance(line.label) for line in self._lines) + 22
        box = QRectF(room.right() - wide - 4, room.top() + 2, wide, 16 * len(self._lines) + 6)
        ground = QColor(theme().background)
        ground.setAlphaF(0.85)
        painter.fillRect(box, ground)
        for at, line in enumerate(self._lines):
            y = box.top() + 3 + 16 * at
            painter.fillRect(
                QRectF(box.left() + 4, y + 7, 10, 3), theme().storage_colour(LETTERS[at % 8])
            )
            painter.setPen(theme().muted)
            side = QRectF(box.left() + 18, y, wide - 18, 16)
            painter.drawText(side, Qt.AlignmentFlag.AlignVCenter, line.label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        room = self._room()
        if not self._lines or not room.contains(event.position()):
            return
        share = (event.position().x() - room.left()) / room.width()
        column = min(int(share * self._columns), self._columns - 1)
        rows = [line.row for line in self._lines]
        row = self._current[0] if self._current and self._current[0] in rows else rows[0]
        self.column_chosen.emit(row, column)


def _finite_runs(numbers: Floats) -> list[list[int]]:
    """Places of finite numbers, cut where one is NaN or Inf."""
    finite = np.flatnonzero(np.isfinite(numbers))
    if not finite.size:
        return []
    cuts = np.flatnonzero(np.diff(finite) > 1) + 1
    return [run.tolist() for run in np.split(finite, cuts)]
