"""Pictures in rows and columns: one image, a batch as a contact sheet, small multiples."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from explorer.ui.theme import appearance, theme, ui_font

EDGE, GAP, LABEL = 10, 10, 16


@dataclass(frozen=True)
class Frame:
    """One picture with its label; ``rows`` × ``columns`` cells lie under it."""

    image: QImage
    label: str
    rows: int
    columns: int


class ImageView(QWidget):
    """Lays frames out as large as they can be."""

    chosen = Signal(int, object, object)
    """Number of the frame, row and column."""
    hovered = Signal(object)
    """(frame, row, column) under the pointer, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: list[Frame] = []
        self._current: tuple[int, int, int] | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(100, 80)
        self.setAccessibleName("Image")
        appearance().changed.connect(self.update)

    def show_frames(self, frames: list[Frame], words: str) -> None:
        """Show other pictures, described by a sentence."""
        self._frames = frames
        self.setAccessibleDescription(words)
        self.update()

    def set_current(self, place: tuple[int, int, int] | None) -> None:
        """Mark a cell: frame, row, column."""
        if place != self._current:
            self._current = place
            self.update()

    @property
    def frames(self) -> list[Frame]:
        return self._frames

    def places(self) -> list[QRectF]:
        """Where each picture is painted."""
        if not self._frames:
            return []
        across = self._across()
        down = math.ceil(len(self._frames) / across)
        label = LABEL if len(self._frames) > 1 else 0
        wide = (self.width() - 2 * EDGE - GAP * (across - 1)) / across
        high = (self.height() - 2 * EDGE - GAP * (down - 1)) / down - label
        found = []
        for at, frame in enumerate(self._frames):
            scale = self._scale(frame, wide, high)
            x = EDGE + (at % across) * (wide + GAP)
            y = EDGE + (at // across) * (high + label + GAP)
            found.append(QRectF(x, y + label, frame.columns * scale, frame.rows * scale))
        return found

    def _scale(self, frame: Frame, wide: float, high: float) -> float:
        scale = min(wide / max(frame.columns, 1), high / max(frame.rows, 1))
        return max(scale, 1e-9)

    def _across(self) -> int:
        """How many pictures stand side by side so that each is largest."""
        first = self._frames[0]
        count = len(self._frames)

        def size(across: int) -> float:
            wide = self.width() / across / max(first.columns, 1)
            return min(wide, self.height() / math.ceil(count / across) / max(first.rows, 1))

        return max(range(1, count + 1), key=size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().background)
        painter.setFont(ui_font(11))
        places = self.places()
        for frame, place in zip(self._frames, places, strict=True):
            painter.drawImage(place, frame.image)
            if len(self._frames) > 1:
                painter.setPen(theme().muted)
                above = QRectF(place.left(), place.top() - LABEL, max(place.width(), 60), LABEL - 1)
                painter.drawText(above, Qt.AlignmentFlag.AlignVCenter, frame.label)
        if self._current is not None and self._current[0] < len(self._frames):
            at, row, column = self._current
            frame, place = self._frames[at], places[at]
            wide, high = place.width() / frame.columns, place.height() / frame.rows
            cell = QRectF(place.left() + column * wide, place.top() + row * high, wide, high)
            grown = max(6 - wide, 6 - high, 0) / 2
            painter.setPen(QPen(theme().current, 2))
            painter.drawRect(cell.adjusted(-grown, -grown, grown, grown))

    def place_at(self, point: QPointF) -> tuple[int, int, int] | None:
        """Frame, row and column under a point."""
        for at, (frame, place) in enumerate(zip(self._frames, self.places(), strict=True)):
            if place.contains(point):
                row = int((point.y() - place.top()) / place.height() * frame.rows)
                column = int((point.x() - place.left()) / place.width() * frame.columns)
                return at, min(row, frame.rows - 1), min(column, frame.columns - 1)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.place_at(event.position())
        if found is not None:
            self.chosen.emit(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
