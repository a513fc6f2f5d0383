"""One curve over the steps of a recording, drawn at the width of the screen."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.ui.theme import mono_font, theme, ui_font

Steps = NDArray[np.int64]
Values = NDArray[np.float64]

LEFT, RIGHT, TOP, BOTTOM = 76, 16, 26, 18
LOWEST, HIGHEST = 132, 320
"""Pixels of height: many share a pane, a single one uses what there is."""


class CurvePlot(QWidget):
    """Draws values over steps; a click or an arrow key chooses a point."""

    step_chosen = Signal(int)
    """Step index of the point that was chosen."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._steps: Steps = np.empty(0, dtype=np.int64)
        self._values: Values = np.empty(0)
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LOWEST)
        self.setMaximumHeight(HIGHEST)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(360, LOWEST)

    def set_points(self, steps: Steps, values: Values) -> None:
        """Show other points; both of shape [n], steps rising."""
        self._steps, self._values = steps, values
        self.setAccessibleName(f"Curve of {self._title}")
        self.setAccessibleDescription(self.sentence())
        self.update()

    def set_current(self, step: int) -> None:
        """Mark the step that is looked at."""
        if step != self._current:
            self._current = step
            self.update()

    def sentence(self) -> str:
        """The curve in words."""
        finite = self._values[np.isfinite(self._values)]
        lost = len(self._values) - len(finite)
        if not len(finite):
            return f"{self._title}: {len(self._values)} points, none of them finite."
        told = (
            f"{self._title}: {len(self._values)} points, from {finite[0]:.6g} to {finite[-1]:.6g}, "
            f"smallest {finite.min():.6g}, largest {finite.max():.6g}"
        )
        return told + (f"; {lost} are NaN or Inf." if lost else ".")

    def point_at(self, x: float) -> int:
        """Place of the point nearest to a horizontal position, -1 when there are none."""
        if not len(self._steps):
            return -1
        box = self._box()
        first, last = int(self._steps[0]), int(self._steps[-1])
        wanted = first + (x - box.left()) / max(box.width(), 1) * (last - first)
        after = int(np.searchsorted(self._steps, wanted))
        near = [place for place in (after - 1, after) if 0 <= place < len(self._steps)]
        return min(near, key=lambda place: abs(float(self._steps[place]) - wanted))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self.point_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(self.point_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._steps) - 1
        here = int(np.searchsorted(self._steps, self._current, side="right")) - 1
        moves = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        place = moves.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        else:
            self._choose(max(0, min(place, last)))

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._steps):
            self.step_chosen.emit(int(self._steps[place]))

    def _box(self) -> QRectF:
        return QRectF(
            LEFT, TOP, max(self.width() - LEFT - RIGHT, 1), max(self.height() - TOP - BOTTOM, 1)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().background)
        box = self._box()
        finite = self._values[np.isfinite(self._values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        if low == high:
            low, high = low - 0.5, high + 0.5
        self._paint_frame(painter, box, low, high)
        if len(self._steps):
            xs = self._across(box)
            with np.errstate(invalid="ignore", over="ignore"):
                ys = box.bottom() - (self._values / 2 - low / 2) / (high / 2 - low / 2) * (
                    box.height()
                )
            self._paint_curve(painter, xs, ys)
            self._paint_current(painter, box, xs, ys)

    def _across(self, box: QRectF) -> Values:
        first, last = int(self._steps[0]), int(self._steps[-1])
        scaled: Values = box.left() + (self._steps - first) / max(last - first, 1) * box.width()
        return scaled

    def _paint_frame(self, painter: QPainter, box: QRectF, low: float, high: float) -> None:
        colours = theme()
        painter.setPen(QPen(colours.line, 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topLeft(), box.topRight())
        painter.setFont(mono_font(11))
        painter.setPen(colours.muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, y in ((high, box.top()), (low, box.bottom())):
            painter.drawText(QRectF(4, y - 8, LEFT - 12, 16), right, f"{value:.4g}")
        painter.setFont(ui_font(12, bold=True))
        painter.setPen(colours.text)
        painter.drawText(QPointF(10, 16), self._title)

    def _paint_curve(self, painter: QPainter, xs: Values, ys: Values) -> None:
        colours = theme()
        painter.setPen(QPen(colours.accent, 1.6))
        good = np.isfinite(ys)
        xs_drawn, ys_drawn = _thinned(xs, ys)
        run: list[QPointF] = []
        for x, y in zip(xs_drawn.tolist(), ys_drawn.tolist(), strict=True):
            if math.isfinite(y):
                run.append(QPointF(x, y))
                continue
            painter.drawPolyline(QPolygonF(run))
            run = []
        painter.drawPolyline(QPolygonF(run))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.error)
        for x in np.unique(np.round(xs[~good])).tolist():
            painter.drawRect(QRectF(x - 1.5, self._box().bottom() - 4, 3, 8))

    def _paint_current(self, painter: QPainter, box: QRectF, xs: Values, ys: Values) -> None:
        place = int(np.searchsorted(self._steps, self._current, side="right")) - 1
        if place < 0:
            return
        colours = theme()
        painter.setPen(QPen(colours.current, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(xs[place], box.top()), QPointF(xs[place], box.bottom()))
        value = float(self._values[place])
        if math.isfinite(value):
            painter.setPen(QPen(colours.background, 1.5))
            painter.setBrush(colours.current)
            painter.drawEllipse(QPointF(xs[place], ys[place]), 4, 4)
        painter.setFont(mono_font(12))
        painter.setPen(colours.current)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(box.left(), 2, box.width(), 18), right, f"{value:.6g}")


def _thinned(xs: Values, ys: Values) -> tuple[Values, Values]:
    """At most four points for each column of pixels: first, smallest, largest, last.

    Columns that hold something not finite keep all of their points.
    """
    if len(xs) < 4096:
        return xs, ys
    starts = np.flatnonzero(np.diff(np.floor(xs), prepend=-np.inf))
    ends = np.append(starts[1:], len(xs)) - 1
    lowest = np.minimum.reduceat(ys, starts)
    highest = np.maximum.reduceat(ys, starts)
    columns_x = np.repeat((xs[starts] + xs[ends]) / 2, 4)
    columns_y = np.column_stack([ys[starts], lowest, highest, ys[ends]]).ravel()
    return columns_x, columns_y
