"""Marks in a plain editor: the line looked at, squiggles, matches. Qt shows them as selections."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from explorer.ui.theme import theme
from explorer.ui.widgets.editor.line_decorations import ExecutionMark, Squiggle
from explorer.ui.widgets.editor.line_overlay import execution_tint
from explorer.ui.widgets.editor.plain_text import PlainText

Selection = QTextEdit.ExtraSelection


class PlainMarks:
    """All marks of one text."""

    def __init__(self, edit: PlainText) -> None:
        self._edit = edit
        self._execution: ExecutionMark | None = None
        self._squiggles: list[Selection] = []
        self._matches: list[Selection] = []

    def set_execution(self, mark: ExecutionMark | None) -> None:
        """Tint a whole line."""
        self._execution = mark
        self.show()

    def set_squiggles(self, squiggles: list[Squiggle]) -> None:
        """Wavy lines; where there is no letter to stand under, under the whole line."""
        lines = self._edit.blockCount()
        self._squiggles = [self._wave(each) for each in squiggles if 1 <= each.line <= lines]
        self.show()

    def _wave(self, squiggle: Squiggle) -> Selection:
        block = self._edit.document().findBlockByNumber(squiggle.line - 1)
        text = block.text()
        end = squiggle.column + squiggle.length if squiggle.length else len(text)
        start = min(squiggle.column, len(text))
        if start == min(end, len(text)):
            start = len(text) - len(text.lstrip())
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(getattr(theme(), squiggle.role))
        place = block.position()
        units = utf16_length(text[:start]), utf16_length(text[:end])
        return self._stretch(place + units[0], place + units[1], form)

    def set_matches(self, spans: list[tuple[int, int]]) -> None:
        """Mark stretches of the text, given in characters."""
        text, form = self._edit.toPlainText(), QTextCharFormat()
        colour = QColor(theme().current)
        colour.setAlpha(70)
        form.setBackground(colour)
        self._matches = [
            self._stretch(utf16_length(text[:start]), utf16_length(text[:end]), form)
            for start, end in spans
        ]
        self.show()

    def show(self) -> None:
        """Draw them all, by the theme in force."""
        tint = []
        if self._execution is not None:
            form = QTextCharFormat()
            form.setBackground(execution_tint(self._execution.role))
            form.setProperty(QTextFormat.Property.FullWidthSelection, True)
            block = self._edit.document().findBlockByNumber(self._execution.line - 1)
            tint = [self._stretch(block.position(), block.position(), form)]
        self._edit.setExtraSelections([*tint, *self._matches, *self._squiggles])

    def _stretch(self, start: int, end: int, form: QTextCharFormat) -> Selection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        made.cursor, made.format = cursor, form
        return made


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, in which Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
