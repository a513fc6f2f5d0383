"""The editor keeps its part of the width when the window is made wider or narrower."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from explorer.ui.dock import Dock
from explorer.ui.docks import Docks

LEAST = 60
"""Pixels that are left of everything."""


class EditorShare(QObject):
    """Left to itself Qt takes from the editor alone what a window loses."""

    def __init__(self, window: QMainWindow, docks: Docks) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._width = window.width()
        self._share = self._editor.width() / max(self._width, 1)
        window.installEventFilter(self)
        self._editor.installEventFilter(self)

    @property
    def _editor(self) -> QWidget:
        found = self._window.centralWidget()
        assert found is not None, "a window without an editor"
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            if watched is self._window:
                self._window_resized()
            elif self._window.width() == self._width:
                self._share = self._editor.width() / self._width  # the user drew the border
        return False

    def _window_resized(self) -> None:
        if self._width and self._share and self._width != self._window.width():
            share = self._share
            self._keep(round(self._window.width() * share))
            self._share = share
        self._width = self._window.width()

    def _keep(self, wanted: int) -> None:
        row = self._beside()
        more = self._editor.width() - wanted
        whole = sum(dock.width() for dock in row)
        if row and more and whole + more > LEAST:
            sizes = [round(dock.width() * (whole + more) / whole) for dock in row]
            self._window.resizeDocks(row, sizes, Qt.Orientation.Horizontal)

    def _beside(self) -> list[Dock]:
        """The docks right of the editor that stand highest, from left to right."""
        end = self._editor.geometry().right()
        found = [
            dock
            for dock in self._docks.docks.values()
            if dock.seen and not dock.isFloating() and dock.x() > end
        ]
        top = min((dock.y() for dock in found), default=0)
        return sorted((dock for dock in found if dock.y() == top), key=lambda dock: dock.x())
