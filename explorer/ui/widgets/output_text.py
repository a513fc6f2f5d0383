"""Text that a program prints, line by line, each with the step that printed it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
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
"""Pixels at each side of a step's number."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_PLACE = re.compile(r'^\s*File "(.+)", line (\d+)')
_ROLES = {"stdout": "text", "stderr": "error", "input": "accent", "note": "muted"}


class StepNumbers(QWidget):
    """The column at the right of the text: by each line the step that printed it."""

    def __init__(self, text: OutputText) -> None:
        super().__init__(text)
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(ui_font(11))
        painter.setPen(theme().faint)
        tall = painter.fontMetrics().height()
        for middle, label in self._text.labels():
            place = QRectF(0, middle - tall / 2, self.width() - LABEL_PAD, tall)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, label)
        painter.end()


class OutputText(QPlainTextEdit):
    """Lines of several kinds; a click on a line tells its step, or the place that it names."""

    step_clicked = Signal(int)
    place_clicked = Signal(str, int)

    def __init__(self, label: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._current = -1
        self._is_last = False
        self._widest = ""
        self._room = 0
        self.numbers = StepNumbers(self)
        self.setReadOnly(True)
        self.setFont(mono_font(12))
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST_LINES)
        self.setLineWrapMode(self.LineWrapMode.NoWrap)  # rows of a tensor stay rows
        self.setViewportMargins(10, 6, 0, 0)
        self.document().setDocumentMargin(0)
        self.updateRequest.connect(lambda *_: self.numbers.update())
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
        self._make_room("")

    def append_text(self, text: str, kind: str, step: int) -> None:
        """Add text of one kind: ``stdout``, ``stderr``, ``input`` or ``note``.

        A carriage return goes back to the start of the line, as on a terminal; other control
        sequences are left out; lines beyond `LONGEST_LINE` characters are cut.
        """
        below = self.verticalScrollBar().value() >= self.verticalScrollBar().maximum() - 4
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        self._make_room(self._label(step))
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

    def _make_room(self, label: str) -> None:
        """Keep a column at the right for the numbers of steps: no line runs into them."""
        if not label or len(label) > len(self._widest):
            self._widest = label
            wide = QFontMetrics(ui_font(11)).horizontalAdvance(label) + 2 * LABEL_PAD
            self._room = wide if label else 0
            self.setViewportMargins(10, 6, self._room, 0)
            self._place_numbers()

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

    def labels(self) -> list[tuple[float, str]]:
        """The numbers of steps that are in view, each with the height of its line's middle."""
        found = []
        block = self.firstVisibleBlock()
        before = block.previous().userState() if block.blockNumber() else -1
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > self.viewport().height():
                break
            step = block.userState()
            if step != before and step >= 0 and block.length() > 1:
                found.append((box.center().y(), self._label(step)))
            before = step
            block = block.next()
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_numbers()

    def _place_numbers(self) -> None:
        text = self.viewport().geometry()
        self.numbers.setGeometry(text.right() + 1, text.top(), self._room, text.height())

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
