"""One number, large."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from explorer.ui.theme import appearance, mono_font, theme, ui_font

LARGEST, SMALLEST = 64, 16


class ScalarView(QWidget):
    """Draws a text as large as it fits, on a tile, with a line of words below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._words = ""
        self._fill: QColor | None = None
        self.setAccessibleName("Number")
        appearance().changed.connect(self.update)

    def show_number(self, text: str, words: str, fill: QColor | None = None) -> None:
        """Draw another number; an empty text is one that is awaited."""
        self._text, self._words, self._fill = text, words, fill
        self.setAccessibleDescription(f"{text} {words}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = self._text or " "
        size = LARGEST
        while size > SMALLEST and self._width(text, size) > self.width() - 72:
            size -= 4
        wide, high = self._width(text, size) + 40, size * 1.7
        top = max((self.height() - high - 40) / 2.6, 8)
        tile = QRectF((self.width() - wide) / 2, top, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._fill or theme().neutral)
        painter.drawRoundedRect(tile, 8, 8)
        painter.setPen(theme().text)
        painter.setFont(mono_font(size))
        painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(theme().muted)
        painter.setFont(ui_font(12))
        below = QRectF(24, tile.bottom() + 10, self.width() - 48, 60)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(below, flags, self._words)

    @staticmethod
    def _width(text: str, size: int) -> float:
        return QFontMetricsF(mono_font(size)).horizontalAdvance(text)
