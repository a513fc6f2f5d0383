"""A formula set as in a book, in one widget."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.maths import Line, Word, read_maths
from explorer.ui.theme import theme
from explorer.ui.widgets.maths_boxes import Box, box_of, outline

SIZE = 16.0
SMALLEST = 9.0
MARGIN = 6


class MathsView(QWidget):
    """Shows ``before = formula``; what does not fit is set smaller."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latex = self._before = ""
        self._box = Box()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Formula")

    def show_formula(self, before: str, latex: str, words: str) -> None:
        """Set another formula; ``words`` says the same for those who do not see it."""
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        if (before, latex) != (self._before, self._latex):
            self._before, self._latex = before, latex
            self._box = self._laid_out(SIZE)
            self.updateGeometry()
            self.update()

    @property
    def latex(self) -> str:
        """The formula that is shown."""
        return self._latex

    def _laid_out(self, size: float) -> Box:
        lead = (Word(self._before), Word("=")) if self._before else ()
        return box_of(Line((*lead, read_maths(self._latex))), size)

    def sizeHint(self) -> QSize:
        high = outline(self._box).height() if self._latex else 0
        return QSize(round(self._box.width) + 2 * MARGIN, round(high) + 2 * MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        box, room = self._box, self.width() - 2 * MARGIN
        if box.width > room > 0:
            box = self._laid_out(max(SIZE * room / box.width, SMALLEST))
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        base = (self.height() - box.ascent - box.descent) / 2 + box.ascent
        box.paint(painter, MARGIN, base, theme().text)
        painter.end()
