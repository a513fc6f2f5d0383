"""A page that fills the room there is, and is scrolled where that is less than it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


class ScrolledPage(QScrollArea):
    """Sentences that wrap are never cut: the parts that can be low become low before."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        page = _Page(self)
        self.column = QVBoxLayout(page)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)


class _Page(QWidget):
    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else -1
