"""The order in which a tensor visits its storage: places across, time down, jumps marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.layout.walk import LINE_BYTES, jumps_between, places_visited
from explorer.model.strides import Layout, index_at
from explorer.ui.theme import mono_font, theme, ui_font

MOST_SHOWN = 512
"""Visits that are drawn; a longer reading is shown by its beginning."""

TITLE, LEFT, GAP, FOOT = 40, 8, 28, 22


@dataclass(frozen=True)
class Walker:
    """One reading: a title, the layout that is read row by row, and its colour's letter."""

    title: str
    layout: Layout
    itemsize: int
    letter: str

    @property
    def places(self) -> NDArray[np.int64]:
        """The places of the visits that are drawn."""
        return places_visited(self.layout, 0, MOST_SHOWN)


class StrideWalk(QWidget):
    """One or two readings side by side. Space plays, arrow keys step, Home begins anew."""

    moved = Signal(int)
    """How many visits have been made."""
    playing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._walkers: tuple[Walker, ...] = ()
        self._places: tuple[NDArray[np.int64], ...] = ()
        self._jumps: tuple[NDArray[np.bool_], ...] = ()
        self._made = 0
        self._timer = QTimer(self)
        self._timer.setInterval(120)
        self._timer.timeout.connect(self._tick)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Walk through memory")

    def sizeHint(self) -> QSize:
        return QSize(420, 300)

    # What is shown.

    def show_walkers(self, walkers: tuple[Walker, ...]) -> None:
        """Show one or two readings from their beginnings, all visits made."""
        if walkers == self._walkers:
            return
        self.stop()
        self._walkers = walkers
        self._places = tuple(walker.places for walker in walkers)
        self._jumps = tuple(
            jumps_between(places, walker.itemsize)
            for walker, places in zip(walkers, self._places, strict=True)
        )
        self.go_to(self.total)

    @property
    def total(self) -> int:
        """Visits of the longest reading that is drawn."""
        return max((len(places) for places in self._places), default=0)

    @property
    def made(self) -> int:
        return self._made

    def go_to(self, made: int) -> None:
        """Show the first visits."""
        self._made = max(0, min(made, self.total))
        self.setAccessibleDescription(self.sentence())
        self.update()
        self.moved.emit(self._made)

    def sentence(self) -> str:
        """Where each reading stands, and how often it has jumped."""
        return " ".join(self._told(number) for number in range(len(self._walkers)))

    def _told(self, number: int) -> str:
        walker, places = self._walkers[number], self._places[number]
        made = min(self._made, len(places))
        if not made:
            return f"{walker.title} has not begun."
        index = ", ".join(map(str, index_at(walker.layout, made - 1)))
        jumps = int(self._jumps[number][:made].sum())
        return (
            f"{walker.title}: visit {made}, [{index}] at place {places[made - 1]}, {jumps} jumps."
        )

    # Playing.

    def play(self) -> None:
        """Make the visits one by one; from the start when all are made."""
        if self._made >= self.total:
            self.go_to(0)
        self._timer.start()
        self.playing_changed.emit(True)

    def stop(self) -> None:
        """Stop playing."""
        if self._timer.isActive():
            self._timer.stop()
            self.playing_changed.emit(False)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    def set_speed(self, visits_per_second: float) -> None:
        """How fast to play."""
        self._timer.setInterval(max(8, round(1000 / visits_per_second)))

    def _tick(self) -> None:
        self.go_to(self._made + 1)
        if self._made >= self.total:
            self.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Right: self._made + 1,
            Qt.Key.Key_Down: self._made + 1,
            Qt.Key.Key_Left: self._made - 1,
            Qt.Key.Key_Up: self._made - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.total,
        }
        if event.key() == Qt.Key.Key_Space:
            self.stop() if self.playing else self.play()
        elif Qt.Key(event.key()) in moves:
            self.stop()
            self.go_to(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().background)
        count = len(self._walkers)
        if not count or not self.total:
            return
        low = min(int(places.min()) for places in self._places if len(places))
        high = max(int(places.max()) for places in self._places if len(places))
        width = (self.width() - 2 * LEFT - (count - 1) * GAP) / count
        for number in range(count):
            left = LEFT + number * (width + GAP)
            box = QRectF(left, TITLE, width, max(self.height() - TITLE - FOOT, 10))
            self._paint_reading(painter, number, box, low, high)

    def _paint_reading(
        self, painter: QPainter, number: int, box: QRectF, low: int, high: int
    ) -> None:
        walker, places = self._walkers[number], self._places[number]
        across = box.width() / (high - low + 1)
        down = box.height() / max(self.total, 1)
        self._paint_lines(painter, walker, box, low, high)
        made = min(self._made, len(places))
        points = [
            QPointF(box.left() + (place - low + 0.5) * across, box.top() + (at + 0.5) * down)
            for at, place in enumerate(places[:made].tolist())
        ]
        colour = theme().storage_colour(walker.letter)
        self._paint_trail(painter, points, self._jumps[number], colour)
        radius = max(1.2, min(4.0, across * 0.4, down * 0.45))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, radius, radius)
        if points:
            painter.setBrush(theme().current)
            painter.drawEllipse(points[-1], radius + 2, radius + 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_words(painter, number, box, low, high)

    def _paint_lines(
        self, painter: QPainter, walker: Walker, box: QRectF, low: int, high: int
    ) -> None:
        """Cache lines as bands; places are visited inside them without a jump."""
        across = box.width() / (high - low + 1)
        first, last = low * walker.itemsize // LINE_BYTES, high * walker.itemsize // LINE_BYTES
        if last - first > 400:
            return
        for line in range(first, last + 1):
            start = max(line * LINE_BYTES / walker.itemsize, low)
            stop = min((line + 1) * LINE_BYTES / walker.itemsize, high + 1)
            left = box.left() + (start - low) * across
            band = QRectF(left, box.top(), (stop - start) * across, box.height())
            painter.fillRect(band, theme().panel if line % 2 else theme().neutral)

    def _paint_trail(
        self,
        painter: QPainter,
        points: list[QPointF],
        jumps: NDArray[np.bool_],
        colour: QColor,
    ) -> None:
        painter.setPen(QPen(colour, 1.2))
        start = 0
        for at in [*np.flatnonzero(jumps[: len(points)]).tolist(), len(points)]:
            painter.drawPolyline(QPolygonF(points[start:at]))
            start = at
        painter.setPen(QPen(theme().error, 1.0, Qt.PenStyle.DashLine))
        for at in np.flatnonzero(jumps[: len(points)]).tolist():
            painter.drawLine(points[at - 1], points[at])

    def _paint_words(
        self, painter: QPainter, number: int, box: QRectF, low: int, high: int
    ) -> None:
        walker = self._walkers[number]
        painter.setPen(theme().text)
        painter.setFont(ui_font(13, bold=True))
        painter.drawText(QPointF(box.left(), 15), walker.title)
        painter.setFont(ui_font(12))
        painter.setPen(theme().muted)
        made = min(self._made, len(self._places[number]))
        jumps = int(self._jumps[number][:made].sum())
        strides = ", ".join(map(str, walker.layout.stride)) or "none"
        told = f"stride {strides} · {made} visits · {jumps} jumps"
        painter.drawText(QPointF(box.left(), 32), told)
        painter.setFont(mono_font(10))
        painter.setPen(theme().faint)
        foot = QRectF(box.left(), box.bottom() + 4, box.width(), 14)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, f"place {low}")
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{high}")
