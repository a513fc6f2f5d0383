"""The gestures of the Edit menu, and those that need the line of the text cursor."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.ui.panes.editor import EditorPane
from explorer.ui.widgets.editor.code_editor import CodeEditor


class EditGestures(QObject):
    """Works on the program in front."""

    def __init__(self, pane: EditorPane) -> None:
        super().__init__(pane)
        self._pane = pane

    @property
    def _editor(self) -> CodeEditor:
        return self._pane.document.editor

    def undo(self) -> None:
        """Take the last change back."""
        self._editor.undo()

    def redo(self) -> None:
        """Make it again."""
        self._editor.redo()

    def cut(self) -> None:
        """Move the selection to the clipboard."""
        self._editor.cut()

    def copy(self) -> None:
        """Copy the selection."""
        self._editor.copy()

    def paste(self) -> None:
        """Insert the clipboard."""
        self._editor.paste()

    def select_all(self) -> None:
        """Select the whole text."""
        self._editor.select_all()

    def find(self) -> None:
        """Open the bar below the text."""
        self._pane.find_bar.open(replace=False)

    def replace(self) -> None:
        """Open the bar with the second field in front."""
        self._pane.find_bar.open(replace=True)

    def find_next(self) -> None:
        """The next match."""
        self._pane.find_bar.next()

    def find_previous(self) -> None:
        """The match before."""
        self._pane.find_bar.previous()

    def toggle_comment(self) -> None:
        """Comment lines out or in."""
        self._editor.toggle_comment()

    def indent(self) -> None:
        """Lines one level deeper."""
        self._editor.indent()

    def outdent(self) -> None:
        """Lines one level less deep."""
        self._editor.outdent()

    def zoom_in(self) -> None:
        """Larger letters."""
        self._editor.zoom_by(1)

    def zoom_out(self) -> None:
        """Smaller letters."""
        self._editor.zoom_by(-1)

    def zoom_reset(self) -> None:
        """Letters of the usual size."""
        self._editor.set_zoom(0)

    def next_run(self) -> None:
        """The next time that the cursor's line ran."""
        self._pane.want_caret_line(forward=True)

    def previous_run(self) -> None:
        """The last time before that it ran."""
        self._pane.want_caret_line(forward=False)

    def toggle_breakpoint(self) -> None:
        """Set or take away a breakpoint on the cursor's line."""
        self._pane.toggle_breakpoint()
