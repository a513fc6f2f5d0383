"""The editor that the rest of the window knows: a few words over whichever component draws it.

Lines count from 1, columns and offsets are characters counted from 0.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from explorer.ui.widgets.editor.editing import (
    indentation_after,
    indented,
    outdented,
    toggled_comment,
)
from explorer.ui.widgets.editor.line_decorations import ExecutionMark, LineNote, Squiggle

CODE_PIXELS = 13
SMALLEST_ZOOM, LARGEST_ZOOM = -6, 30


class CodeEditor(QWidget):
    """An editor for Python with a gutter, notes at line ends and squiggles.

    What an implementation must provide raises ``NotImplementedError`` here; what can be said in
    terms of it (comment keys, indenting, moving lines) is written once, here.
    """

    text_changed = Signal()
    modified_changed = Signal(bool)
    """Whether the text differs from the one last saved."""
    caret_moved = Signal()
    breakpoints_changed = Signal()
    number_clicked = Signal(int)
    """The number of this line was clicked."""
    file_dropped = Signal(str)
    zoom_changed = Signal(int)
    view_moved = Signal()
    """Lines may stand elsewhere on the screen than before."""

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        inner = self.focusProxy()
        if inner is not None:  # what has the focus is what is read out
            inner.setAccessibleName(name)

    # The text.

    def text(self) -> str:
        """All of it."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Another document: undo starts anew, and it counts as saved."""
        raise NotImplementedError

    def replace_text(self, text: str) -> None:
        """The same document with another text, as one change that can be undone."""
        raise NotImplementedError

    def line_count(self) -> int:
        """At least 1."""
        raise NotImplementedError

    def line_text(self, line: int) -> str:
        """A line without its end."""
        raise NotImplementedError

    def replace_lines(self, first: int, last: int, lines: list[str]) -> None:
        """Put other lines in the place of ``first`` to ``last``, as one change."""
        raise NotImplementedError

    def is_modified(self) -> bool:
        """Whether the text differs from the one last saved."""
        raise NotImplementedError

    def set_saved(self) -> None:
        """The text as it stands is the one that was saved."""
        raise NotImplementedError

    # Caret and selection.

    def caret(self) -> tuple[int, int]:
        """Line and column."""
        raise NotImplementedError

    def set_caret(self, line: int, column: int = 0) -> None:
        """Put the caret there, with nothing selected, and show it."""
        raise NotImplementedError

    def caret_offset(self) -> int:
        """Characters before the caret."""
        raise NotImplementedError

    def selection(self) -> tuple[int, int]:
        """Start and end of what is selected, as offsets; equal when nothing is."""
        raise NotImplementedError

    def select(self, start: int, end: int) -> None:
        """Select from one offset to another, and show it."""
        raise NotImplementedError

    def selected_lines(self) -> tuple[int, int]:
        """First and last line that the selection touches."""
        raise NotImplementedError

    def select_lines(self, first: int, last: int) -> None:
        """Select whole lines."""
        raise NotImplementedError

    def replace_selection(self, text: str) -> None:
        """Put text in the place of the selection."""
        raise NotImplementedError

    # Commands that every component has of its own.

    def undo(self) -> None:
        """Take the last change back."""
        raise NotImplementedError

    def redo(self) -> None:
        """Make the change again that was taken back."""
        raise NotImplementedError

    def cut(self) -> None:
        """Move the selection to the clipboard."""
        raise NotImplementedError

    def copy(self) -> None:
        """Copy the selection to the clipboard."""
        raise NotImplementedError

    def paste(self) -> None:
        """Insert the clipboard's text."""
        raise NotImplementedError

    def select_all(self) -> None:
        """Select the whole text."""
        raise NotImplementedError

    def zoom_level(self) -> int:
        """Points added to the size of the letters."""
        raise NotImplementedError

    def set_zoom(self, level: int) -> None:
        """Set that number of points."""
        raise NotImplementedError

    # What is shown beside and under the text.

    def breakpoints(self) -> frozenset[int]:
        """Lines with a breakpoint; they move with the text."""
        raise NotImplementedError

    def set_breakpoints(self, lines: frozenset[int]) -> None:
        """Set exactly these breakpoints."""
        raise NotImplementedError

    def set_execution(self, mark: ExecutionMark | None) -> None:
        """Mark the line that is being looked at."""
        raise NotImplementedError

    def set_notes(self, notes: dict[int, LineNote]) -> None:
        """Words at the right end of lines."""
        raise NotImplementedError

    @property
    def notes(self) -> dict[int, LineNote]:
        """The words at the right end of lines."""
        raise NotImplementedError

    @property
    def execution(self) -> ExecutionMark | None:
        """The mark of the line that is being looked at."""
        raise NotImplementedError

    def set_squiggles(self, squiggles: list[Squiggle]) -> None:
        """Wavy lines under what is wrong."""
        raise NotImplementedError

    def set_matches(self, spans: list[tuple[int, int]]) -> None:
        """Mark these stretches of text (offsets) as found."""
        raise NotImplementedError

    def show_line(self, line: int) -> None:
        """Scroll so that a line is in view; does nothing when it is."""
        raise NotImplementedError

    def visible_lines(self) -> tuple[int, int]:
        """First and last line on the screen."""
        raise NotImplementedError

    def line_rect(self, line: int) -> QRect:
        """Where a line stands, from the left edge of the gutter to the right edge of the view."""
        raise NotImplementedError

    def line_end_x(self, line: int) -> int:
        """Where the text of a line ends."""
        raise NotImplementedError

    def gutter_width(self) -> int:
        """Width of all that stands left of the text."""
        raise NotImplementedError

    # Written once, in terms of the above.

    def toggle_comment(self) -> None:
        """Comment the selected lines out, or in again."""
        self._change_lines(toggled_comment)

    def indent(self) -> None:
        """The selected lines one level deeper."""
        self._change_lines(indented)

    def outdent(self) -> None:
        """The selected lines one level less deep."""
        self._change_lines(outdented)

    def _change_lines(self, change: Callable[[list[str]], list[str]]) -> None:
        first, last = self.selected_lines()
        line, column = self.caret()
        lines = [self.line_text(number) for number in range(first, last + 1)]
        made = change(lines)
        if made == lines:
            return
        self.replace_lines(first, last, made)
        if first == last:
            grown = len(made[0]) - len(lines[0])
            self.set_caret(line, max(column + grown, 0))
        else:
            self.select_lines(first, last)

    def move_lines(self, by: int) -> None:
        """Move the selected lines up (-1) or down (1) past their neighbour."""
        first, last = self.selected_lines()
        if first + by < 1 or last + by > self.line_count():
            return
        column = self.caret()[1]
        lines = [self.line_text(number) for number in range(first, last + 1)]
        neighbour = self.line_text(first - 1 if by < 0 else last + 1)
        if by < 0:
            self.replace_lines(first - 1, last, [*lines, neighbour])
        else:
            self.replace_lines(first, last + 1, [neighbour, *lines])
        if first == last:
            self.set_caret(first + by, column)
        else:
            self.select_lines(first + by, last + by)

    def new_line(self) -> None:
        """A line end at the caret, and the indentation that fits what stands before it."""
        line, column = self.caret()
        self.replace_selection("\n" + indentation_after(self.line_text(line)[:column]))

    def toggle_breakpoint(self, line: int) -> None:
        """Set or take away the breakpoint of a line."""
        self.set_breakpoints(self.breakpoints() ^ {line})

    def zoom_by(self, points: int) -> None:
        """Letters larger or smaller, within limits."""
        self.set_zoom(max(SMALLEST_ZOOM, min(self.zoom_level() + points, LARGEST_ZOOM)))
