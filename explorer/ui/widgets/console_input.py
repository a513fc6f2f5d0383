"""A field for expressions: Enter evaluates, the arrows walk through what was typed before."""

from __future__ import annotations

import codeop

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from explorer.ui.theme import mono_font
from explorer.ui.widgets.editor.editing import indentation_after

MOST_LINES = 8


class ConsoleInput(QPlainTextEdit):
    """Grows with its text up to a few lines; Shift+Enter always begins a new one."""

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: list[str] = []
        self._place = 0
        self._draft = ""
        self.setFont(mono_font(12))
        self.document().setDocumentMargin(2)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height())

    def _height(self) -> int:
        lines = min(max(self.blockCount(), 1), MOST_LINES)
        return lines * self.fontMetrics().lineSpacing() + 8

    def _fit(self) -> None:
        self.setFixedHeight(self._height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        row = self.textCursor().blockNumber()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._return(new_line=shift)
        elif key == Qt.Key.Key_Up and row == 0:
            self._walk(-1)
        elif key == Qt.Key.Key_Down and row == self.blockCount() - 1:
            self._walk(1)
        else:
            super().keyPressEvent(event)

    def _return(self, *, new_line: bool) -> None:
        text = self.toPlainText()
        if not new_line and text.strip() and is_whole(text):
            self.enter(text)
        elif text.strip():
            cursor = self.textCursor()
            before = cursor.block().text()[: cursor.positionInBlock()]
            cursor.insertText("\n" + indentation_after(before))

    def enter(self, text: str) -> None:
        """Remember a text and tell of it."""
        if not self._history or self._history[-1] != text:
            self._history.append(text)
        self._place = len(self._history)
        self.clear()
        self.entered.emit(text)

    def _walk(self, by: int) -> None:
        if self._place == len(self._history):
            self._draft = self.toPlainText()
        place = self._place + by
        if 0 <= place <= len(self._history):
            self._place = place
            chosen = self._draft if place == len(self._history) else self._history[place]
            self.setPlainText(chosen)
            self.moveCursor(QTextCursor.MoveOperation.End)


def is_whole(text: str) -> bool:
    """Whether more lines could only spoil it: it is complete, or wrong already.

    As at Python's prompt, an indented block is complete after an empty line.
    """
    block = "\n" in text or text.rstrip().endswith(":")
    try:
        return codeop.compile_command(text + ("" if block else "\n"), symbol="single") is not None
    except (SyntaxError, ValueError, OverflowError):
        return True
