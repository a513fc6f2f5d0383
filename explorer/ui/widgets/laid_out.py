"""Words that are laid out once and drawn many times: painting a text anew costs three times as much
as drawing one that stands."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTransform

MOST_KEPT = 2000
WHOLE = 1 << 30
"""The room of a text that is not cut."""


class LaidOut:
    """Short texts of one font, cut to the room that they had; the last ``most`` are kept."""

    def __init__(
        self,
        font: QFont,
        *,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        most: int = MOST_KEPT,
    ) -> None:
        self.font = font
        self._cut, self._most = cut, most
        self.metrics = QFontMetricsF(font)
        self.height = self.metrics.height()
        self._widths: dict[str, float] = {}
        self._known: dict[tuple[str, int], tuple[QStaticText, float]] = {}

    def width(self, text: str) -> float:
        """Pixels of a whole text."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) >= self._most:
                self._widths.clear()
            found = self._widths[text] = self.metrics.horizontalAdvance(text)
        return found

    def whole(self, text: str) -> QStaticText:
        """A text that is not cut, for whoever places it himself."""
        return self._found(text, WHOLE)[0]

    def draw(self, painter: QPainter, room: QRectF, text: str, *, centred: bool = False) -> float:
        """Draw a text at the left or in the middle of a room, half way up, with the painter's pen;
        what has no room gives way to an ellipsis. Returns the width of what was drawn."""
        left, wide = room.x(), room.width()
        words, width = self._found(text, ceil(wide))
        if centred:
            left += (wide - width) / 2
        painter.setFont(self.font)
        painter.drawStaticText(QPointF(left, room.y() + (room.height() - self.height) / 2), words)
        return width

    def _found(self, text: str, room: int) -> tuple[QStaticText, float]:
        room = WHOLE if self.width(text) <= room else room
        found = self._known.get((text, room))
        if found is None:
            if len(self._known) >= self._most:
                self._known.clear()
            found = self._known[text, room] = self._made(text, room)
        return found

    def _made(self, text: str, room: int) -> tuple[QStaticText, float]:
        cut = text
        if room != WHOLE:
            cut = self.metrics.elidedText(text, self._cut, max(room, 0))
        words = QStaticText(cut)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.prepare(QTransform(), self.font)
        return words, self.width(cut)
