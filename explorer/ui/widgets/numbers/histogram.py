"""A histogram of exact counts; NaN, Inf and zeros stand apart from it."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.model.values.colour_scale import tick_text, ticks
from explorer.model.values.words import bar_edges, bar_words, histogram_words
from explorer.protocol.values import Statistics
from explorer.ui.theme import appearance, mono_font, theme, ui_font

LEFT, TOP, BOTTOM, RIGHT = 56, 14, 26, 14
APART = 46
"""Width of each of the bars that stand apart."""


class Histogram(QWidget):
    """Draws `Statistics`; one number may be marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Statistics | None = None
        self._marked: float | None = None
        self._logarithmic = False
        self._hovered = -1
        self.setMouseTracking(True)
        self.setMinimumSize(160, 100)
        self.setAccessibleName("Histogram")
        appearance().changed.connect(self.update)

    def show_statistics(self, found: Statistics | None) -> None:
        """Draw other counts; None while they are being counted."""
        self._found = found
        self._hovered = -1
        words = "" if found is None else histogram_words(found.bars)
        self.setAccessibleDescription(words)
        self.update()

    def set_logarithmic(self, on: bool) -> None:
        """Heights by the logarithm of the count, so that rare numbers are seen."""
        self._logarithmic = on
        self.update()

    def mark(self, number: float | None) -> None:
        """Point at a number."""
        if number != self._marked:
            self._marked = number
            self.update()

    def bar_at(self, point: QPointF) -> int:
        """The bar under a point, −1 for none."""
        found, room = self._found, self._room()
        if found is None or not found.bars.counts or not room.contains(point):
            return -1
        share = (point.x() - room.left()) / room.width()
        return min(int(share * len(found.bars.counts)), len(found.bars.counts) - 1)

    def _apart(self) -> list[tuple[str, int, QColor]]:
        """What stands apart: title, count, colour."""
        found = self._found
        if found is None:
            return []
        inf = found.plus_inf + found.minus_inf
        rows = [
            ("zeros", found.zeros, theme().faint),
            ("Inf", inf, theme().inf),
            ("NaN", found.nan, theme().nan),
        ]
        return [row for row in rows if row[1]]

    def _room(self) -> QRectF:
        """Where the bars stand."""
        right = RIGHT + APART * len(self._apart()) + (12 if self._apart() else 0)
        return QRectF(
            LEFT, TOP, max(self.width() - LEFT - right, 1), max(self.height() - TOP - BOTTOM, 1)
        )

    def _height(self, count: int, most: int) -> float:
        if not count or not most:
            return 0.0
        share = math.log1p(count) / math.log1p(most) if self._logarithmic else count / most
        return max(share * self._room().height(), 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().background)
        found, room = self._found, self._room()
        if found is None:
            return
        apart = self._apart()
        counts = found.bars.counts
        most = max([*counts, *(count for _, count, _ in apart)], default=0)
        self._paint_heights(painter, room, most)
        if counts:
            self._paint_bars(painter, room, counts, most)
            self._paint_numbers(painter, room)
        left = self.width() - RIGHT - APART * len(apart)
        for at, (title, count, colour) in enumerate(apart):
            height = self._height(count, most)
            x = left + at * APART
            bar = QRectF(x + 8, room.bottom() - height, APART - 16, height)
            painter.fillRect(bar, colour)
            painter.setPen(theme().muted)
            painter.setFont(ui_font(11))
            centre = Qt.AlignmentFlag.AlignHCenter
            painter.drawText(QRectF(x - 8, room.bottom() + 5, APART + 16, 16), centre, title)
            painter.drawText(QRectF(x - 8, bar.top() - 15, APART + 16, 14), centre, _short(count))

    def _paint_heights(self, painter: QPainter, room: QRectF, most: int) -> None:
        painter.setFont(mono_font(11))
        if self._logarithmic:
            marks = [10.0**power for power in range(len(str(most)))]
        else:
            marks = [tick for tick in ticks(0, most, 4) if tick == int(tick)]
        for mark in marks:
            y = room.bottom() - (self._height(int(mark), most) if mark else 0)
            painter.setPen(theme().line)
            painter.drawLine(QPointF(room.left(), y), QPointF(self.width() - RIGHT, y))
            painter.setPen(theme().muted)
            side = QRectF(0, y - 8, LEFT - 8, 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(side, flags, _short(int(mark)))

    def _paint_bars(
        self, painter: QPainter, room: QRectF, counts: tuple[int, ...], most: int
    ) -> None:
        width = room.width() / len(counts)
        gap = 1.0 if width > 4 else 0.0
        assert self._found is not None
        for at, count in enumerate(counts):
            height = self._height(count, most)
            low, high = bar_edges(self._found.bars, at)
            colour = theme().negative_strong if low + high < 0 else theme().positive_strong
            if at == self._hovered:
                colour = theme().accent
            bar = QRectF(room.left() + at * width, room.bottom() - height, width - gap, height)
            painter.fillRect(bar, colour)

    def _paint_numbers(self, painter: QPainter, room: QRectF) -> None:
        assert self._found is not None
        bars = self._found.bars
        low, high = bar_edges(bars, 0)[0], bar_edges(bars, len(bars.counts) - 1)[1]
        span = high - low
        if not (math.isfinite(span) and span > 0):
            return
        painter.setFont(mono_font(11))
        for number in ticks(low, high, max(int(room.width() / 60), 3)):
            x = room.left() + (number - low) / span * room.width()
            painter.setPen(theme().line)
            painter.drawLine(QPointF(x, room.bottom()), QPointF(x, room.bottom() + 4))
            painter.setPen(theme().muted)
            box = QRectF(x - 45, room.bottom() + 5, 90, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, tick_text(number))
        if self._marked is not None and low <= self._marked <= high:
            x = room.left() + (self._marked - low) / span * room.width()
            painter.setPen(QPen(theme().current, 2))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.bar_at(event.position())
        if at != self._hovered:
            self._hovered = at
            self.update()
        if at >= 0 and self._found is not None:
            words = bar_words(self._found.bars, at, sum(self._found.bars.counts))
            QToolTip.showText(event.globalPosition().toPoint(), words, self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()


def _short(count: int) -> str:
    """A count in few characters: ``980``, ``12k``, ``4.1M``."""
    size = float(count)
    for unit in ("", "k", "M", "G", "T"):
        if size < 1000:
            return f"{size:.3g}{unit}"
        size /= 1000
    return f"{size:.3g}P"
