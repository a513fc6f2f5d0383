"""Scrolling over more pixels than a scroll bar can count."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QScrollBar

STEPS = 1 << 30
"""Most steps of a bar; Qt's own limit is 2³¹ − 1."""


class LongScroll(QObject):
    """A position in pixels, of any size, that a scroll bar follows as well as it can."""

    moved = Signal()

    def __init__(self, bar: QScrollBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._length = 0
        self._page = 0
        self._line = 1
        self._showing = False
        self.position = 0
        bar.valueChanged.connect(self._bar_moved)

    @property
    def last(self) -> int:
        """The furthest position."""
        return max(self._length - self._page, 0)

    def set_extent(self, length: int, page: int, line: int) -> None:
        """Length of everything, of what is seen at once, and of one line, in pixels."""
        self._length, self._page, self._line = length, max(page, 1), max(line, 1)
        self.position = min(self.position, self.last)
        self._show()

    def move_to(self, position: int) -> None:
        """Go to a position, or as near as there is."""
        position = min(max(position, 0), self.last)
        if position != self.position:
            self.position = position
            self._show()
            self.moved.emit()

    def reveal(self, start: int, length: int) -> None:
        """Move as little as is needed to see a stretch."""
        if start < self.position:
            self.move_to(start)
        elif start + length > self.position + self._page:
            self.move_to(start + length - self._page)

    def _show(self) -> None:
        steps = min(self.last, STEPS)
        page = self._page if self.last <= STEPS else max(self._page * STEPS // self._length, 1)
        self._showing = True  # the bar's signals go on to Qt, which hides it when it is not needed
        self._bar.setRange(0, steps)
        self._bar.setPageStep(page)
        self._bar.setSingleStep(self._line if self.last <= STEPS else 1)
        self._bar.setValue(self.position * steps // self.last if self.last else 0)
        self._showing = False
        self._bar.update()

    def _bar_moved(self, value: int) -> None:
        if self._showing:
            return
        steps = min(self.last, STEPS)
        self.position = value * self.last // steps if steps else 0
        self.moved.emit()
