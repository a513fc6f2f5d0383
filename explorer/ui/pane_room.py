"""The room of a pane in its dock."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from explorer.ui.widgets.hair_line import HairLine

SMALLEST = QSize(140, 70)
USUAL = QSize(256, 192)


class PaneRoom(QWidget):
    """A line, and all below it for the pane. No layout, which would tell the window that each
    sentence of a pane is another, and the window would lay out everything anew."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumSize(SMALLEST)  # whatever the pane itself would like
        self._line = HairLine(self)
        self._pane: QWidget | None = None

    def sizeHint(self) -> QSize:
        return USUAL

    def take(self, pane: QWidget) -> None:
        """Put the pane in."""
        self._pane = pane
        if pane.parentWidget() is not self:
            pane.setParent(self)
        self.setFocusProxy(pane)
        self._lay_out()
        pane.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        above = self._line.height()
        self._line.setGeometry(0, 0, self.width(), above)
        if self._pane is not None:
            self._pane.setGeometry(0, above, self.width(), self.height() - above)
