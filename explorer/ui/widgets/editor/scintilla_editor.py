"""The editor over Scintilla. Scintilla counts lines from 0 and places in bytes of UTF-8."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pyside6_scintilla import Scintilla, ScintillaEdit

from explorer.ui.theme import appearance
from explorer.ui.widgets.editor import scintilla_look as look
from explorer.ui.widgets.editor.code_editor import CodeEditor
from explorer.ui.widgets.editor.keys import takes_drop, takes_key, takes_tip, takes_wheel
from explorer.ui.widgets.editor.line_decorations import ExecutionMark, LineNote, Squiggle
from explorer.ui.widgets.editor.line_overlay import LineOverlay
from explorer.ui.widgets.editor.scintilla_colouring import style_to
from explorer.ui.widgets.editor.scintilla_component import Component


class ScintillaEditor(CodeEditor):
    """`CodeEditor` drawn by Scintilla."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = Component(self._takes, self)
        self._edit.setFrameShape(ScintillaEdit.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._edit)
        self.setFocusProxy(self._edit)
        self._overlay = LineOverlay(self, self._edit)
        self._breakpoints_before: frozenset[int] = frozenset()
        look.set_up(self._edit)
        look.dress(self._edit)
        # Text changes are told after Scintilla has finished its own work on them.
        self._told = QTimer(self, interval=0, singleShot=True)
        self._told.timeout.connect(self._tell_of_change)
        self._connect()

    def _connect(self) -> None:
        self._edit.styleNeeded.connect(lambda end: style_to(self._edit, end))
        self._edit.modified.connect(lambda *_: self._told.start())
        self._edit.savePointChanged.connect(self.modified_changed)
        self._edit.updateUi.connect(self._view_changed)
        self._edit.marginClicked.connect(self._margin_clicked)
        self._edit.installEventFilter(self)
        appearance().changed.connect(self._dress)

    def _dress(self) -> None:
        look.dress(self._edit)
        self._edit.clearDocumentStyle()
        self._overlay.update()

    def _tell_of_change(self) -> None:
        look.fit_numbers(self._edit)
        self.text_changed.emit()
        self._tell_breakpoints()
        self._overlay.update()

    def _view_changed(self, what: int) -> None:
        self._overlay.update()
        if what & Scintilla.Update.Selection:
            self.caret_moved.emit()
        if what & (Scintilla.Update.VScroll | Scintilla.Update.HScroll):
            self.view_moved.emit()

    def _margin_clicked(self, position: int, modifiers: int, margin: int) -> None:
        line = self._edit.lineFromPosition(position) + 1
        if margin == look.SYMBOL_MARGIN:
            self.toggle_breakpoint(line)
        else:
            self.number_clicked.emit(line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return takes_key(self, event)
        return super().eventFilter(watched, event)

    def _takes(self, event: QEvent) -> bool:
        """What happens over the text, before Scintilla hears of it."""
        if isinstance(event, QResizeEvent):
            self._overlay.setGeometry(QRect(QPoint(0, 0), event.size()))
        elif isinstance(event, QWheelEvent):
            return takes_wheel(self, event)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            return takes_tip(self._overlay, event)
        elif isinstance(event, (QDragEnterEvent, QDropEvent)):
            return takes_drop(self, event)
        return False

    # The text.

    def text(self) -> str:
        return bytes(self._edit.getText(self._edit.textLength() + 1).data()).decode("utf-8")

    def set_text(self, text: str) -> None:
        self._edit.clearAll()
        self._edit.addText(*_sized(text))
        self._edit.emptyUndoBuffer()
        self._edit.setSavePoint()
        self._edit.gotoPos(0)

    def replace_text(self, text: str) -> None:
        line, column = self.caret()
        self._replace(0, self._edit.textLength(), text)
        self.set_caret(min(line, self.line_count()), column)

    def _replace(self, start: int, end: int, text: str) -> None:
        self._edit.setTargetRange(start, end)
        self._edit.replaceTarget(*_sized(text))

    def line_count(self) -> int:
        return self._edit.lineCount()

    def line_text(self, line: int) -> str:
        raw = bytes(self._edit.getLine(line - 1).data())
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    def replace_lines(self, first: int, last: int, lines: list[str]) -> None:
        start = self._edit.positionFromLine(first - 1)
        self._replace(start, self._edit.lineEndPosition(last - 1), "\n".join(lines))

    def is_modified(self) -> bool:
        return bool(self._edit.modify())

    def set_saved(self) -> None:
        self._edit.setSavePoint()

    # Caret and selection.

    def caret(self) -> tuple[int, int]:
        place = self._edit.currentPos()
        line = self._edit.lineFromPosition(place)
        return line + 1, self._edit.countCharacters(self._edit.positionFromLine(line), place)

    def set_caret(self, line: int, column: int = 0) -> None:
        start = self._edit.positionFromLine(max(min(line, self.line_count()), 1) - 1)
        end = self._edit.lineEndPosition(self._edit.lineFromPosition(start))
        place = self._edit.positionRelative(start, column) if column else start
        self._edit.gotoPos(min(place, end) if place or not column else end)

    def caret_offset(self) -> int:
        return self._edit.countCharacters(0, self._edit.currentPos())

    def _position(self, offset: int) -> int:
        place = self._edit.positionRelative(0, offset) if offset else 0
        return place if place or not offset else self._edit.textLength()

    def selection(self) -> tuple[int, int]:
        start = self._edit.countCharacters(0, self._edit.selectionStart())
        length = self._edit.countCharacters(self._edit.selectionStart(), self._edit.selectionEnd())
        return start, start + length

    def select(self, start: int, end: int) -> None:
        self._edit.setSel(self._position(start), self._position(end))
        self._edit.scrollCaret()

    def selected_lines(self) -> tuple[int, int]:
        start, end = self._edit.selectionStart(), self._edit.selectionEnd()
        first, last = self._edit.lineFromPosition(start), self._edit.lineFromPosition(end)
        if last > first and end == self._edit.positionFromLine(last):
            last -= 1
        return first + 1, last + 1

    def select_lines(self, first: int, last: int) -> None:
        start = self._edit.positionFromLine(first - 1)
        self._edit.setSel(start, self._edit.lineEndPosition(last - 1))

    def replace_selection(self, text: str) -> None:
        self._edit.replaceSel(_sized(text)[1])

    # Commands that Scintilla has of its own.

    def undo(self) -> None:
        self._edit.undo()

    def redo(self) -> None:
        self._edit.redo()

    def cut(self) -> None:
        self._edit.cut()

    def copy(self) -> None:
        self._edit.copyAllowLine()

    def paste(self) -> None:
        self._edit.paste()

    def select_all(self) -> None:
        self._edit.selectAll()

    def zoom_level(self) -> int:
        return self._edit.send(Scintilla.Message.GetZoom)

    def set_zoom(self, level: int) -> None:
        if level != self.zoom_level():
            self._edit.setZoom(level)
            look.fit_numbers(self._edit)
            self._overlay.update()
            self.zoom_changed.emit(level)

    # What is shown beside and under the text.

    def breakpoints(self) -> frozenset[int]:
        found, line = set(), -1
        while (line := self._edit.markerNext(line + 1, 1 << look.BREAKPOINT_MARK)) >= 0:
            found.add(line + 1)
        return frozenset(found)

    def set_breakpoints(self, lines: frozenset[int]) -> None:
        self._edit.markerDeleteAll(look.BREAKPOINT_MARK)
        for line in lines:
            self._edit.markerAdd(line - 1, look.BREAKPOINT_MARK)
        self._overlay.update()
        self._tell_breakpoints()

    def _tell_breakpoints(self) -> None:
        now = self.breakpoints()
        if now != self._breakpoints_before:
            self._breakpoints_before = now
            self.breakpoints_changed.emit()

    def set_execution(self, mark: ExecutionMark | None) -> None:
        for number in (look.CURRENT_MARK, look.ERROR_MARK):
            self._edit.markerDeleteAll(number)
        if mark is not None:
            number = look.CURRENT_MARK if mark.role == "current" else look.ERROR_MARK
            self._edit.markerAdd(mark.line - 1, number)
        self._overlay.execution = mark
        self._overlay.update()

    def set_notes(self, notes: dict[int, LineNote]) -> None:
        self._overlay.show_notes(notes)

    @property
    def notes(self) -> dict[int, LineNote]:
        return self._overlay.notes

    @property
    def execution(self) -> ExecutionMark | None:
        return self._overlay.execution

    def set_squiggles(self, squiggles: list[Squiggle]) -> None:
        self._overlay.squiggles = squiggles
        self._overlay.update()
        for wave in look.WAVES.values():
            self._clear_indicator(wave)
        for squiggle in squiggles:
            if not 1 <= squiggle.line <= self.line_count():
                continue
            line_start = self._edit.positionFromLine(squiggle.line - 1)
            line_end = self._edit.lineEndPosition(squiggle.line - 1)
            text = self.line_text(squiggle.line)
            stop = squiggle.column + squiggle.length if squiggle.length else len(text)
            start = line_start + len(text[: squiggle.column].encode())
            length = len(text[squiggle.column : stop].encode())
            if length == 0:  # behind the last character: the last word is what can be seen
                start, length = self._edit.lineIndentPosition(squiggle.line - 1), 0
                length = line_end - start
            self._edit.setIndicatorCurrent(look.WAVES[squiggle.role])
            self._edit.indicatorFillRange(start, length)

    def set_matches(self, spans: list[tuple[int, int]]) -> None:
        self._clear_indicator(look.MATCH_BOX)
        position, offset = 0, 0
        for start, end in spans:
            position = self._edit.positionRelative(position, start - offset) or position
            stop = self._edit.positionRelative(position, end - start) or self._edit.textLength()
            self._edit.indicatorFillRange(position, stop - position)
            offset = start

    def _clear_indicator(self, number: int) -> None:
        self._edit.setIndicatorCurrent(number)
        self._edit.indicatorClearRange(0, self._edit.textLength())

    def show_line(self, line: int) -> None:
        above, whole = self._edit.firstVisibleLine(), self._edit.linesOnScreen()
        if not above < line <= above + whole:
            self._edit.setFirstVisibleLine(max(line - 1 - whole // 3, 0))

    def visible_lines(self) -> tuple[int, int]:
        first = self._edit.docLineFromVisible(self._edit.firstVisibleLine())
        return first + 1, min(first + self._edit.linesOnScreen() + 2, self.line_count())

    def line_rect(self, line: int) -> QRect:
        top = self._edit.pointYFromPosition(self._edit.positionFromLine(line - 1))
        return QRect(0, top, self._overlay.width(), self._edit.textHeight(line - 1))

    def line_end_x(self, line: int) -> int:
        return self._edit.pointXFromPosition(self._edit.lineEndPosition(line - 1))

    def gutter_width(self) -> int:
        return sum(self._edit.marginWidthN(margin) for margin in range(3))


def _sized(text: str) -> tuple[int, str]:
    """Length in bytes, and a text that can be told in UTF-8 (lone surrogates become ``?``)."""
    raw = text.encode("utf-8", "replace")
    return len(raw), raw.decode("utf-8")
