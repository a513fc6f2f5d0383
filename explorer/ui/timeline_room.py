"""Where the timeline stands, before it is there and after."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

HEIGHT = 66
"""Pixels: as high empty as with the timeline in it, so that nothing jumps."""


class TimelineRoom(QWidget):
    """Keeps the height of the timeline free."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def take(self, timeline: QWidget) -> None:
        """Put the timeline in."""
        column = self.layout()
        assert column is not None
        column.addWidget(timeline)
