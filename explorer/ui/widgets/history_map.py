"""Histograms beside each other: time goes right, numbers go up, the darker the more of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.ui.theme import appearance, theme, ui_font

LEFT, RIGHT, TOP, BOTTOM = 66, 10, 24, 20


class HistoryMap(QWidget):
    """One tensor's histograms; a click chooses a frame."""

    frame_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(110)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = ""
        self.setAccessibleName("Histograms over time")
        self._density = np.zeros((1, 0))
        self._span = (0.0, 0.0)
        self._means: list[float | None] = []
        self._labels: tuple[str, str] = ("", "")
        self._current = -1
        self._image: QImage | None = None
        appearance().changed.connect(self._dress)

    def show_history(
        self,
        title: str,
        density: NDArray[np.float64],
        span: tuple[float, float],
        means: list[float | None],
        labels: tuple[str, str],
    ) -> None:
        """Show rows (lowest numbers first) × frames; ``labels`` are those of the first and the
        last frame."""
        self._title, self._density, self._span = title, density, span
        self._means, self._labels = means, labels
        self.setAccessibleName(f"Histograms of {title} over time")
        frames = density.shape[1]
        self.setAccessibleDescription(
            f"{title}: {frames} histograms, numbers from {span[0]:.4g} to {span[1]:.4g}."
        )
        self._dress()

    def set_current(self, frame: int) -> None:
        """Mark the frame that holds at the moment (-1: none)."""
        if frame != self._current:
            self._current = frame
            self.update()

    @property
    def frames(self) -> int:
        """How many histograms are shown."""
        return int(self._density.shape[1])

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    def _dress(self) -> None:
        self._image = None
        self.update()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)

    def _picture(self) -> QImage:
        """One pixel a cell, from the background to the accent colour."""
        if self._image is None:
            part = self._density / max(float(self._density.max(initial=0.0)), 1e-12)
            shade = np.sqrt(part)[::-1, :, None]
            ground, ink = _rgb(theme().panel), _rgb(theme().accent)
            pixels = np.ascontiguousarray((ground + (ink - ground) * shade).astype(np.uint8))
            rows, columns = pixels.shape[:2]
            image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
            self._image = image.copy()
        return self._image

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().background)
        room = self._room()
        painter.setFont(ui_font(12, bold=True))
        painter.setPen(theme().text)
        painter.drawText(QPointF(12, 16), self._title)
        if self.frames and room.width() > 4 and room.height() > 4:
            painter.drawImage(room, self._picture())
            self._paint_means(painter, room)
            self._paint_current(painter, room)
            self._paint_labels(painter, room)
        if self.hasFocus():
            painter.setPen(theme().accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _y(self, number: float, room: QRectF) -> float:
        low, high = self._span
        return room.bottom() - (number - low) / ((high - low) or 1.0) * room.height()

    def _paint_means(self, painter: QPainter, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().current, 1.6))
        wide = room.width() / self.frames
        points = [
            QPointF(room.left() + (at + 0.5) * wide, self._y(mean, room))
            for at, mean in enumerate(self._means)
            if mean is not None
        ]
        painter.drawPolyline(points)
        low, high = self._span
        if low < 0 < high:
            painter.setPen(QPen(theme().faint, 1, Qt.PenStyle.DashLine))
            y = self._y(0.0, room)
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))

    def _paint_current(self, painter: QPainter, room: QRectF) -> None:
        if 0 <= self._current < self.frames:
            wide = room.width() / self.frames
            left = room.left() + self._current * wide
            painter.setPen(QPen(theme().current, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(left, room.top(), max(wide, 2.0), room.height()))

    def _paint_labels(self, painter: QPainter, room: QRectF) -> None:
        painter.setFont(ui_font(11))
        painter.setPen(theme().muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        low, high = self._span
        for number, y in ((high, room.top() + 6), (low, room.bottom() - 6)):
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), right, f"{number:.3g}")
        y = self._y(0.0, room)
        if low < 0 < high and room.top() + 18 < y < room.bottom() - 18:
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), right, "0")
        first, last = self._labels
        under = room.bottom() + 14
        painter.drawText(QPointF(room.left(), under), first)
        wide = QFontMetrics(painter.font()).horizontalAdvance(last)
        painter.drawText(QPointF(room.right() - wide, under), last)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        room = self._room()
        if self.frames and room.contains(event.position()):
            at = (event.position().x() - room.left()) / room.width() * self.frames
            self.frame_chosen.emit(min(int(at), self.frames - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        way = ways.get(Qt.Key(event.key()))
        if way is None or not self.frames:
            super().keyPressEvent(event)
            return
        at = self._current if self._current >= 0 else 0
        self.frame_chosen.emit(max(0, min(at + way, self.frames - 1)))


def _rgb(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
