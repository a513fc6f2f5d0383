"""Where the editor stands: it keeps the room of the docks free until they are there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMargins
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.ui.theme import theme

LEFT_SHARE = 0.325
"""Of the window's width, for the editor."""
BELOW_SHARE = 0.22
"""Of the window's height, for what stands below the editor."""
SEPARATOR = 1
"""Pixels between docks, as the style sheet has it."""
LEAST = 200
"""Pixels of the editor's width."""


class Desk(QWidget):
    """The middle of the window; the editor in it stands from the first picture on where it will
    stand between the docks, so that nothing jumps when these come."""

    def __init__(self, editor: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._editor = editor
        self._free: QMargins | None = None
        self._waits = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(editor)

    def keep_free(self, margins: QMargins | None) -> None:
        """Leave this room around the editor; None: as much as the docks take at first."""
        self._free = margins
        self._lay_out()

    def let_go(self, arrange: Callable[[], object]) -> None:
        """The docks come: from now on the editor has all that they leave.

        ``arrange`` puts them in their places, one after the other; the editor, which would be made
        larger and smaller with each, keeps its size all the while.
        """
        layout, editor = self._window.layout(), self._editor
        assert layout is not None
        limits = editor.minimumSize(), editor.maximumSize()
        if self._window.isVisible():
            editor.setFixedSize(editor.size())
        self._waits = False
        self._lay_out()
        arrange()
        if self._window.isVisible():
            layout.activate()
        editor.setMinimumSize(limits[0])
        editor.setMaximumSize(limits[1])

    def room_around(self, above: int, below: int) -> QMargins:
        """What is left and right of it, and between it and the bars that end at ``above`` and
        begin at ``below``; all in pixels of the window."""
        place = self.geometry()
        right = self._window.width() - place.x() - place.width()
        under = below - place.y() - place.height()
        return QMargins(place.x(), place.y() - above, right, under)

    def _lay_out(self) -> None:
        column = self.layout()
        assert column is not None
        column.setContentsMargins(self._margins())

    def _margins(self) -> QMargins:
        if not self._waits:
            return QMargins()
        free = self._free
        if free is not None and free.left() + free.right() + LEAST < self.width():
            return free  # else the screen has become a smaller one
        half = round(self._window.width() * (1 - LEFT_SHARE)) // 2  # two docks beside each other
        below = round(self._window.height() * BELOW_SHARE)
        return QMargins(0, 0, 2 * (half + SEPARATOR), below + SEPARATOR)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._waits:
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines that will part the docks from the editor."""
        margins = self._margins()
        right, bottom = self.width() - margins.right(), self.height() - margins.bottom()
        painter = QPainter(self)
        if margins.right():
            painter.fillRect(right, 0, SEPARATOR, self.height(), theme().line)
        if margins.bottom():
            painter.fillRect(0, bottom, right, SEPARATOR, theme().line)
        painter.end()
