"""The editor over QPlainTextEdit, for places where Scintilla cannot be loaded."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QTextBlock,
    QTextBlockUserData,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.ui.theme import appearance, mono_font
from explorer.ui.widgets.editor.code_editor import CODE_PIXELS, CodeEditor
from explorer.ui.widgets.editor.keys import takes_drop, takes_key, takes_tip, takes_wheel
from explorer.ui.widgets.editor.line_decorations import ExecutionMark, LineNote, Squiggle
from explorer.ui.widgets.editor.line_overlay import LineOverlay
from explorer.ui.widgets.editor.plain_colouring import PlainColouring
from explorer.ui.widgets.editor.plain_marks import PlainMarks, utf16_length
from explorer.ui.widgets.editor.plain_text import PlainText


class _Breakpoint(QTextBlockUserData):
    """Hangs on the block of a line that has a breakpoint, and moves with it."""


class PlainCodeEditor(CodeEditor):
    """`CodeEditor` drawn by Qt's own text widget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = PlainText(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._edit)
        self.setFocusProxy(self._edit)
        self._zoom = 0
        self._before: frozenset[int] = frozenset()
        self._marks = PlainMarks(self._edit)
        self._colouring = PlainColouring(self._edit.document())
        self._overlay = LineOverlay(self, self._edit)
        self._edit.installEventFilter(self)
        self._edit.viewport().installEventFilter(self)
        self._edit.textChanged.connect(self._text_changed)
        self._edit.document().modificationChanged.connect(self.modified_changed)
        self._edit.cursorPositionChanged.connect(self.caret_moved)
        self._edit.updateRequest.connect(lambda *_: self._overlay.update())
        self._edit.verticalScrollBar().valueChanged.connect(lambda _: self.view_moved.emit())
        self._edit.resized.connect(self._fit_overlay)
        self._edit.gutter_clicked.connect(self._gutter_clicked)
        appearance().changed.connect(self._dress)
        self._set_font()

    def _dress(self) -> None:
        self._colouring.take_theme()
        self._marks.show()

    def _set_font(self) -> None:
        self._edit.setFont(mono_font(max(CODE_PIXELS + round(self._zoom * 96 / 72), 6)))
        self._edit.setTabStopDistance(self._edit.fontMetrics().horizontalAdvance(" ") * 4)
        self._edit.fit_gutter()

    def _fit_overlay(self) -> None:
        self._overlay.setGeometry(self._edit.rect())
        self._overlay.raise_()

    def _text_changed(self) -> None:
        self.text_changed.emit()
        if self._before:
            self._tell_breakpoints()

    def _gutter_clicked(self, line: int, on_number: bool) -> None:
        if on_number:
            self.number_clicked.emit(line)
        else:
            self.toggle_breakpoint(line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self._edit and takes_key(self, event):
                return True
            if event.key() == Qt.Key.Key_Tab and watched is self._edit:
                self._edit.insertPlainText(" " * (4 - self.caret()[1] % 4))
                return True
        elif isinstance(event, QWheelEvent):
            return takes_wheel(self, event)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            return takes_tip(self._overlay, event)
        elif isinstance(event, (QDragEnterEvent, QDropEvent)):
            return takes_drop(self, event)
        return super().eventFilter(watched, event)

    # The text.

    def text(self) -> str:
        return self._edit.toPlainText()

    def set_text(self, text: str) -> None:
        self._edit.setPlainText(text.encode("utf-8", "replace").decode("utf-8"))
        self.set_saved()

    def replace_text(self, text: str) -> None:
        line, column = self.caret()
        self._replace(0, self._edit.document().characterCount() - 1, text)
        self.set_caret(min(line, self.line_count()), column)

    def _replace(self, start: int, end: int, text: str) -> None:
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    def line_count(self) -> int:
        return self._edit.blockCount()

    def _block(self, line: int) -> QTextBlock:
        return self._edit.document().findBlockByNumber(line - 1)

    def line_text(self, line: int) -> str:
        return self._block(line).text()

    def replace_lines(self, first: int, last: int, lines: list[str]) -> None:
        start, end = self._block(first).position(), self._block(last)
        self._replace(start, end.position() + end.length() - 1, "\n".join(lines))

    def is_modified(self) -> bool:
        return self._edit.document().isModified()

    def set_saved(self) -> None:
        self._edit.document().setModified(False)

    # Caret and selection.

    def caret(self) -> tuple[int, int]:
        cursor = self._edit.textCursor()
        before = cursor.block().text().encode("utf-16-le", "surrogatepass")
        units = before[: 2 * cursor.positionInBlock()]
        return cursor.blockNumber() + 1, len(units.decode("utf-16-le", "replace"))

    def set_caret(self, line: int, column: int = 0) -> None:
        block = self._block(max(1, min(line, self.line_count())))
        self._put(block.position() + utf16_length(block.text()[:column]))

    def _put(self, position: int, anchor: int | None = None) -> None:
        cursor = self._edit.textCursor()
        cursor.setPosition(position if anchor is None else anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()

    def caret_offset(self) -> int:
        return self._offset(self._edit.textCursor().position())

    def _offset(self, units: int) -> int:
        raw = self.text().encode("utf-16-le", "surrogatepass")
        return len(raw[: 2 * units].decode("utf-16-le", "replace"))

    def selection(self) -> tuple[int, int]:
        cursor = self._edit.textCursor()
        return self._offset(cursor.selectionStart()), self._offset(cursor.selectionEnd())

    def select(self, start: int, end: int) -> None:
        text = self.text()
        self._put(utf16_length(text[:end]), utf16_length(text[:start]))

    def selected_lines(self) -> tuple[int, int]:
        cursor, document = self._edit.textCursor(), self._edit.document()
        first = document.findBlock(cursor.selectionStart())
        last = document.findBlock(cursor.selectionEnd())
        if last.blockNumber() > first.blockNumber() and cursor.selectionEnd() == last.position():
            last = last.previous()
        return first.blockNumber() + 1, last.blockNumber() + 1

    def select_lines(self, first: int, last: int) -> None:
        end = self._block(last)
        self._put(end.position() + end.length() - 1, self._block(first).position())

    def replace_selection(self, text: str) -> None:
        self._edit.insertPlainText(text)

    # Commands that Qt has of its own.

    def undo(self) -> None:
        self._edit.undo()

    def redo(self) -> None:
        self._edit.redo()

    def cut(self) -> None:
        self._edit.cut()

    def copy(self) -> None:
        self._edit.copy()

    def paste(self) -> None:
        self._edit.paste()

    def select_all(self) -> None:
        self._edit.selectAll()

    def zoom_level(self) -> int:
        return self._zoom

    def set_zoom(self, level: int) -> None:
        if level != self._zoom:
            self._zoom = level
            self._set_font()
            self.zoom_changed.emit(level)

    # What is shown beside and under the text.

    def breakpoints(self) -> frozenset[int]:
        found = set()
        block = self._edit.document().firstBlock()
        while block.isValid():
            if isinstance(block.userData(), _Breakpoint):
                found.add(block.blockNumber() + 1)
            block = block.next()
        return frozenset(found)

    def set_breakpoints(self, lines: frozenset[int]) -> None:
        for line in self.breakpoints() - lines:
            self._block(line).setUserData(QTextBlockUserData())
        for line in lines:
            self._block(line).setUserData(_Breakpoint())
        self._overlay.update()
        self._tell_breakpoints()

    def _tell_breakpoints(self) -> None:
        now = self.breakpoints()
        if now != self._before:
            self._before = now
            self.breakpoints_changed.emit()

    def set_execution(self, mark: ExecutionMark | None) -> None:
        self._overlay.execution = mark
        self._overlay.update()
        self._marks.set_execution(mark)

    def set_notes(self, notes: dict[int, LineNote]) -> None:
        self._overlay.show_notes(notes)

    @property
    def notes(self) -> dict[int, LineNote]:
        return self._overlay.notes

    @property
    def execution(self) -> ExecutionMark | None:
        return self._overlay.execution

    def set_squiggles(self, squiggles: list[Squiggle]) -> None:
        self._marks.set_squiggles(squiggles)
        self._overlay.squiggles = squiggles
        self._overlay.update()

    def set_matches(self, spans: list[tuple[int, int]]) -> None:
        self._marks.set_matches(spans)

    def show_line(self, line: int) -> None:
        first, last = self.visible_lines()
        whole = self.line_rect(line).bottom() <= self._edit.viewport().height()
        if not (first <= line < last and whole):
            self._edit.verticalScrollBar().setValue(max(line - 1 - (last - first) // 3, 0))

    def visible_lines(self) -> tuple[int, int]:
        return self._edit.visible_lines()

    def line_rect(self, line: int) -> QRect:
        return self._edit.line_rect(line)

    def line_end_x(self, line: int) -> int:
        cursor = QTextCursor(self._block(line))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        return self._edit.cursorRect(cursor).right() + self._edit.gutter_width()

    def gutter_width(self) -> int:
        return self._edit.gutter_width()
