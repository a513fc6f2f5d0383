"""One open program: its editor, its file, and the copy that is kept until it is saved."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from explorer.ui.documents.autosave import Autosave, LeftText
from explorer.ui.documents.files import FileProblem, SourceFile, read_source, stamp_of, write_source
from explorer.ui.documents.line_map import LineMap
from explorer.ui.widgets.editor.code_editor import CodeEditor
from explorer.ui.widgets.editor.make import make_code_editor

KEEP_MS = 700
"""How long after the last key the copy is written."""


class Document(QObject):
    """A text that may have a file; ``scratch`` is where it is put to be run when it has none."""

    changed = Signal()
    """Its name, or whether it is saved."""
    problem = Signal(str)

    def __init__(self, autosave: Autosave, scratch: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.editor: CodeEditor = make_code_editor(parent)
        self.path: Path | None = None
        self._autosave = autosave
        self.scratch = scratch
        self._copy = autosave.new_copy()
        self._source = SourceFile(scratch, "")
        self._apart = False
        self._ran: list[str] | None = None
        self._line_map: LineMap | None = None
        self._keep_timer = QTimer(self, interval=KEEP_MS, singleShot=True)
        self._keep_timer.timeout.connect(self.keep_copy)
        self.editor.text_changed.connect(self._text_changed)
        self.editor.modified_changed.connect(self._modified_changed)

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name if self.path else self.scratch.name

    @property
    def run_path(self) -> Path:
        """The file that is run: its own, or the one for texts without a file."""
        return self.path or self.scratch

    @property
    def is_modified(self) -> bool:
        """Whether the text is not the one on disk, as far as is known."""
        return self._apart or self.editor.is_modified()

    @property
    def is_pristine(self) -> bool:
        """Whether nothing would be lost if another text took its place."""
        return self.path is None and not self.is_modified and not self.editor.text()

    def open(self, path: Path) -> None:
        """Read a file into the editor.

        Raises:
            FileProblem: when it cannot be read; the text stays as it was.
        """
        path = Path(os.path.abspath(path))  # noqa: PTH100  a link keeps its own name
        source = read_source(path)
        self.path, self._source, self._apart = path, source, False
        self.editor.set_text(source.text)
        self._forget_copy()
        self.changed.emit()

    def show_text(self, text: str) -> None:
        """A text that has no file yet and is not saved."""
        self.editor.set_text("")
        self.editor.replace_text(text)
        self.editor.set_caret(1)

    def recover(self, left: LeftText) -> None:
        """Take over a text that another window left behind; the file on disk stays as it is."""
        if left.path:
            self.path, self._apart = Path(left.path), False
            self._source = SourceFile(self.path, "", stamp=stamp_of(self.path))
            try:
                self._source = read_source(self.path)
                self.editor.set_text(self._source.text)
            except FileProblem:
                self.editor.set_text("")
        self.editor.replace_text(left.text)
        self.keep_copy()
        self._autosave.forget(left.copy)
        self.changed.emit()

    def save(self, path: Path | None = None) -> None:
        """Write the text to its file, or to another one that is its file from then on.

        Raises:
            FileProblem: when it cannot be written, or it has no file and none is given.
        """
        target = path or self.path
        if target is None:
            raise FileProblem("This text has no file yet; choose a name for it.")
        target = Path(os.path.abspath(target))  # noqa: PTH100
        source = self._source._replace(path=target, text=self.editor.text())
        stamp = write_source(source)
        self.path, self._source, self._apart = target, source._replace(stamp=stamp), False
        self.editor.set_saved()
        self._forget_copy()
        self.changed.emit()

    def prepare_run(self) -> Path:
        """Put the text where it can be run.

        Raises:
            FileProblem: when it cannot be written.
        """
        if self.path is None:
            self.scratch.parent.mkdir(parents=True, exist_ok=True)
            write_source(SourceFile(self.scratch, self.editor.text()))
        elif self.is_modified:
            self.save()
        return self.run_path

    def take_as_ran(self) -> None:
        """The text as it stands is the one whose recording is shown."""
        self._ran = self.editor.text().split("\n")
        self._line_map = None

    @property
    def line_map(self) -> LineMap:
        """From the lines that ran to the lines as they stand now."""
        if self._line_map is None:
            now = self.editor.text().split("\n")
            self._line_map = LineMap(now if self._ran is None else self._ran, now)
        return self._line_map

    def disk_state(self) -> str:
        """``same``, ``changed`` or ``gone``: the file on disk against the one that was read."""
        if self.path is None or self._source.stamp is None:
            return "same"
        now = stamp_of(self.path)
        if now is None:
            return "gone"
        if now != self._source.stamp:
            try:
                found = read_source(self.path)
            except FileProblem:
                return "changed"
            if found.text != self._source.text:
                return "changed"
            self._source = found  # written again as it was
        return "same"

    def accept_disk(self) -> None:
        """Keep the text, as one that is not saved; the file on disk counts as known from now on."""
        if self.path is not None:
            self._source = self._source._replace(stamp=stamp_of(self.path))
            self._apart = True
            self._keep_timer.start()
            self.changed.emit()

    def reload(self) -> None:
        """Take the text that lies on disk; undo brings the other one back.

        Raises:
            FileProblem: when it cannot be read.
        """
        if self.path is None:
            return
        self._source, self._apart = read_source(self.path), False
        self.editor.replace_text(self._source.text)
        self.editor.set_saved()
        self._forget_copy()
        self.changed.emit()

    def keep_copy(self) -> None:
        """Write the copy that is offered back after a crash."""
        self._keep_timer.stop()
        if not self.is_modified:
            return
        try:
            self._autosave.keep(self._copy, str(self.path or ""), self.editor.text())
        except OSError as err:
            self.problem.emit(f"No copy of {self.name} could be kept: {err.strerror or err}.")

    def give_up(self) -> None:
        """Close it without saving."""
        self._forget_copy()
        self.editor.deleteLater()
        self.deleteLater()

    def _forget_copy(self) -> None:
        self._keep_timer.stop()
        self._autosave.forget(self._copy)

    def _text_changed(self) -> None:
        self._line_map = None
        self._keep_timer.start()

    def _modified_changed(self, modified: bool) -> None:
        if not modified and not self._apart:
            self._forget_copy()
        self.changed.emit()
