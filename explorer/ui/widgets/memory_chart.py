"""Bytes held over the steps, as stairs; a click or an arrow key chooses a step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.tensor_words import size_words
from explorer.ui.theme import mono_font, theme

LEFT, RIGHT, TOP, BOTTOM = 62, 12, 10, 18

Numbers = NDArray[np.int64]


class MemoryChart(QWidget):
    """Draws how many bytes were held after each step."""

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: Numbers = np.empty(0, np.int64)
        self._bytes: Numbers = np.empty(0, np.int64)
        self._count = 0
        self._last = ""
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Bytes held over the steps")

    def sizeHint(self) -> QSize:
        return QSize(360, 110)

    def set_beside(self, beside: bool) -> None:
        """Whether it stands beside something and is as tall as that, or under it and low."""
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Expanding if beside else policy.Fixed)

    def set_changes(self, steps: Numbers, held: Numbers, count: int, last: str = "") -> None:
        """Show other stairs: `held[i]` bytes from step `steps[i]` on, of `count` steps in all, the
        last of which is called `last`."""
        self._steps, self._bytes, self._count, self._last = steps, held, count, last
        self.setAccessibleDescription(self.sentence())
        self.update()

    def set_current(self, step: int) -> None:
        """Mark the step that is looked at."""
        if step != self._current:
            self._current = step
            self.setAccessibleDescription(self.sentence())
            self.update()

    def held(self, step: int) -> int:
        """Bytes held after a step."""
        place = int(np.searchsorted(self._steps, step, side="right"))
        return int(self._bytes[place - 1]) if place else 0

    def sentence(self) -> str:
        """The chart in words."""
        if not self._count or not len(self._bytes):
            return "No storage is held by a name yet."
        most = int(self._bytes.argmax())
        return (
            f"{size_words(self.held(self._current))} are held here; the most was "
            f"{size_words(int(self._bytes[most]))}, {size_words(self.held(self._count - 1))} at "
            f"the end."
        )

    def step_at(self, x: float) -> int:
        """The step under a horizontal position, -1 when there is none."""
        if not self._count:
            return -1
        box = self._box()
        return max(0, min(int((x - box.left()) / box.width() * self._count), self._count - 1))

    def _box(self) -> QRectF:
        return QRectF(
            LEFT, TOP, max(self.width() - LEFT - RIGHT, 1), max(self.height() - TOP - BOTTOM, 1)
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self.step_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(self.step_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to the changes before and after."""
        place = int(np.searchsorted(self._steps, self._current, side="right"))
        before = int(np.searchsorted(self._steps, self._current, side="left")) - 1
        moves = {
            Qt.Key.Key_Left: before,
            Qt.Key.Key_Right: place,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._steps) - 1,
        }
        wanted = moves.get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        elif 0 <= wanted < len(self._steps):
            self._choose(int(self._steps[wanted]))

    def _choose(self, step: int) -> None:
        if step >= 0:
            self.step_chosen.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().background)
        box = self._box()
        most = int(self._bytes.max()) if len(self._bytes) else 0
        self._paint_frame(painter, box, most)
        if most and self._count:
            self._paint_stairs(painter, box, most)
        if 0 <= self._current < self._count:
            x = box.left() + (self._current + 0.5) / self._count * box.width()
            painter.setPen(QPen(theme().current, 1.5))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _paint_frame(self, painter: QPainter, box: QRectF, most: int) -> None:
        painter.setPen(QPen(theme().line, 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setFont(mono_font(10))
        painter.setPen(theme().muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for share in (0.0, 0.5, 1.0) if most else (0.0,):
            y = box.bottom() - share * box.height()
            label = QRectF(0, y - 7, LEFT - 8, 14)
            painter.drawText(label, right, size_words(round(most * share)))
        below = QRectF(box.left(), box.bottom() + 3, box.width(), 14)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "step 1")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"step {self._last}")

    def _paint_stairs(self, painter: QPainter, box: QRectF, most: int) -> None:
        edges, heights = _thinned(self._steps, self._bytes, self._count, int(box.width()) + 1)
        xs = box.left() + edges / self._count * box.width()
        ys = box.bottom() - heights / most * box.height()
        points = [QPointF(float(xs[0]), box.bottom())]
        for at, y in enumerate(ys.tolist()):
            points += [QPointF(float(xs[at]), y), QPointF(float(xs[at + 1]), y)]
        points.append(QPointF(float(xs[-1]), box.bottom()))
        fill = QColor(theme().accent)
        fill.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF(points))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().accent, 1.5))
        painter.drawPolyline(QPolygonF(points[1:-1]))


def _thinned(
    steps: Numbers, held: Numbers, count: int, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Edges and heights of the stairs; of many in one column of pixels the highest."""
    edges = np.append(steps, count).astype(np.float64)
    heights = held.astype(np.float64)
    if len(heights) <= 2 * columns:
        return edges, heights
    column = (steps * columns // count).astype(np.int64)
    firsts = np.flatnonzero(np.diff(column, prepend=-1))
    return np.append(edges[firsts], float(count)), np.maximum.reduceat(heights, firsts)
