"""A timer for pieces of work of which each has a turn of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class Pace(QObject):
    """Every other turn is left to Qt, which lays out and paints what the last piece has made."""

    timeout = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._tick)
        self._rests = False

    def start(self) -> None:
        """Begin, or go on."""
        self._timer.start()

    def stop(self) -> None:
        """No more pieces for now."""
        self._timer.stop()

    def _tick(self) -> None:
        self._rests = not self._rests
        if self._rests:
            self.timeout.emit()
