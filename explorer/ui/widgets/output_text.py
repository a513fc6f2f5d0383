"""Text that a program prints, line by line, each with the step that printed it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from explorer.ui.theme import appearance, mono_font, theme, ui_font

MOST_LINES = 20_000
LONGEST_LINE = 4_000
LABEL_PAD = 6

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_PLACE = re.compile(r'^\s*File "(.+)", line (\d+)')
_ROLES = {"stdout": "text", "stderr": "error", "input": "accent", "note": "muted"}


class OutputText(QPlainTextEdit):
    """Lines of several kinds; a click on a line tells its step, or the place that it names."""

    step_clicked = Signal(int)
    place_clicked = Signal(str, int)

    def __init__(self, label: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._current = -1
        self._is_last = False
        self.setReadOnly(True)
        self.setFont(mono_font(12))
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST_LINES)
        self.setLineWrapMode(self.LineWrapMode.NoWrap)  # rows of a tensor stay rows
        self.setViewportMargins(10, 6, 0, 0)
        self.document().setDocumentMargin(0)
        appearance().changed.connect(self._take_theme)

    @property
    def current_step(self) -> int:
        """The step that `mark_step` was told last."""
        return self._current

    def start_anew(self) -> None:
        """Another program: an empty page."""
        self.clear()
        self._current = -1
        self._is_last = False

    def append_text(self, text: str, kind: str, step: int) -> None:
        """Add text of one kind: ``stdout``, ``stderr``, ``input`` or ``note``.

        A carriage return goes back to the start of the line, as on a terminal; other control
        sequences are left out; lines beyond `LONGEST_LINE` characters are cut.
        """
        below = self.verticalScrollBar().value() >= self.verticalScrollBar().maximum() - 4
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        lines = _ESCAPES.sub("", text).replace("\0", "␀").split("\n")
        for place, line in enumerate(lines):
            if place:
                cursor.insertBlock()
                cursor.block().setUserState(step)
            self._write(cursor, line, kind, step)
        cursor.endEditBlock()
        if below:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self.mark_step(self._current)

    def _write(self, cursor: QTextCursor, line: str, kind: str, step: int) -> None:
        if "\r" in line.rstrip("\r"):
            line = line.rstrip("\r").rpartition("\r")[2]
            cursor.movePosition(
                QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            cursor.removeSelectedText()
        room = LONGEST_LINE - cursor.positionInBlock()
        line = line.rstrip("\r")
        if len(line) > room:
            line = line[: max(room, 0)] + (" …" if room > 0 else "")
        if cursor.block().userState() < 0 or cursor.positionInBlock() == 0:
            cursor.block().setUserState(step)
        cursor.insertText(line, self._format(kind))

    def _format(self, kind: str) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(getattr(theme(), _ROLES[kind]))
        made.setProperty(QTextFormat.Property.UserProperty, kind)
        return made

    def _take_theme(self) -> None:
        """Write every stretch of text anew in the colour of its kind."""
        block = self.document().firstBlock()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        while block.isValid():
            for form in block.textFormats():
                kind = form.format.property(QTextFormat.Property.UserProperty)
                if kind in _ROLES:
                    cursor.setPosition(block.position() + form.start)
                    end = block.position() + form.start + form.length
                    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                    cursor.setCharFormat(self._format(kind))
            block = block.next()
        cursor.endEditBlock()
        self.mark_step(self._current)

    def mark_step(self, step: int, *, last: bool | None = None) -> None:
        """Tint what this step printed, and fade what was printed later.

        Of the ``last`` step everything counts that was printed after it began, such as a traceback.
        """
        self._current = step
        self._is_last = self._is_last if last is None else last
        end = self.document().blockCount()
        first = self._first_later(step - 1)
        later = end if self._is_last else self._first_later(step)
        marks = []
        if step >= 0 and first < later:
            marks.append(self._stretch(first, later - 1, theme().current_line, None))
        if step >= 0 and later < end:
            marks.append(self._stretch(later, end - 1, None, theme().faint))
        self.setExtraSelections(marks)

    def _first_later(self, step: int) -> int:
        """Number of the first line that was printed after ``step``."""
        document = self.document()
        return bisect_right(
            range(document.blockCount()),
            step,
            key=lambda number: document.findBlockByNumber(number).userState(),
        )

    def _stretch(
        self, first: int, last: int, ground: QColor | None, ink: QColor | None
    ) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document().findBlockByNumber(first))
        block = self.document().findBlockByNumber(last)
        cursor.setPosition(block.position() + block.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        if ground is not None:
            form.setBackground(ground)
        if ink is not None:
            form.setForeground(ink)
        made.cursor, made.format = cursor, form
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(ui_font(11))
        painter.setPen(theme().faint)
        block = self.firstVisibleBlock()
        before = block.previous().userState() if block.blockNumber() else -1
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > self.viewport().height():
                break
            step = block.userState()
            if step != before and step >= 0 and block.length() > 1:
                self._paint_label(painter, box, self._label(step))
            before = step
            block = block.next()
        painter.end()

    def _paint_label(self, painter: QPainter, box: QRectF, text: str) -> None:
        space = painter.fontMetrics().horizontalAdvance(text) + 2 * LABEL_PAD
        place = QRectF(self.viewport().width() - space, box.top(), space - LABEL_PAD, box.height())
        painter.fillRect(place.adjusted(0, 0, LABEL_PAD, 0), self.palette().base())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._tell(self.cursorForPosition(event.position().toPoint()).block())

    def _tell(self, block: QTextBlock) -> None:
        named = _PLACE.match(block.text())
        if named:
            self.place_clicked.emit(named[1], int(named[2]))
        elif block.userState() >= 0 and block.length() > 1:
            self.step_clicked.emit(block.userState())
