"""QPlainTextEdit with a gutter, and what of it is protected made public."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from explorer.ui.theme import theme

SYMBOL_WIDTH, NUMBER_GAP = 18, 13


class PlainText(QPlainTextEdit):
    """Lines count from 1."""

    gutter_clicked = Signal(int, bool)
    """Line, and whether it was on the number (else on the place for breakpoints)."""
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.document().setDocumentMargin(1)
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(lambda _: self.fit_gutter())
        self.updateRequest.connect(lambda *_: self._gutter.update())
        self.fit_gutter()

    def gutter_width(self) -> int:
        """Width of the place for breakpoints and of the numbers."""
        digits = max(len(str(self.blockCount())), 2)
        numbers = QFontMetrics(self.font()).horizontalAdvance("9" * digits) + 4
        return SYMBOL_WIDTH + numbers + NUMBER_GAP

    def fit_gutter(self) -> None:
        """Make room for the numbers."""
        width = self.gutter_width()
        self.setViewportMargins(width, 0, 0, 0)
        self._gutter.setGeometry(0, 0, width, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_gutter()
        self.resized.emit()

    def line_rect(self, line: int) -> QRect:
        """Where a line stands, from the left edge of the gutter."""
        block = self.document().findBlockByNumber(line - 1)
        box = self.blockBoundingGeometry(block).translated(self.contentOffset())
        return QRect(0, round(box.top()), self.viewport().geometry().right(), round(box.height()))

    def visible_lines(self) -> tuple[int, int]:
        """First and last line on the screen."""
        first = self.firstVisibleBlock().blockNumber() + 1
        height = max(self.line_rect(first).height(), 1)
        return first, min(first + self.viewport().height() // height + 1, self.blockCount())


class _Gutter(QWidget):
    def __init__(self, text: PlainText) -> None:
        super().__init__(text)
        self._text = text

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._text.font())
        painter.setPen(theme().faint)
        first, last = self._text.visible_lines()
        for line in range(first, last + 1):
            rect = self._text.line_rect(line)
            box = QRect(0, rect.top(), self.width() - NUMBER_GAP, rect.height())
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line)
            )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        first, last = self._text.visible_lines()
        for line in range(first, last + 1):
            rect = self._text.line_rect(line)
            if rect.top() <= place.y() < rect.top() + rect.height():
                self._text.gutter_clicked.emit(line, place.x() > SYMBOL_WIDTH)
