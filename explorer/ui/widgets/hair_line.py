"""A line of one pixel between what stands above and what stands below."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from explorer.ui.theme import theme


class HairLine(QWidget):
    """Takes its colour from the theme whenever it is painted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().line)
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()
