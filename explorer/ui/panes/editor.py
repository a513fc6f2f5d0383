"""The editor pane: open programs in tabs, and what the moment says about their lines."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from explorer.ui.documents.autosave import Autosave, LeftText
from explorer.ui.documents.disk_watch import DiskWatch
from explorer.ui.documents.document import Document
from explorer.ui.documents.editor_marks import EditorMarks
from explorer.ui.documents.editor_troubles import EditorTroubles
from explorer.ui.documents.files import FileProblem
from explorer.ui.session import Session
from explorer.ui.widgets.banner import Banner
from explorer.ui.widgets.editor.line_decorations import Squiggle
from explorer.ui.widgets.hair_line import HairLine

if TYPE_CHECKING:
    from explorer.protocol.running import ProgramEnded
    from explorer.ui.widgets.editor.find_bar import FindBar


class EditorPane(QWidget):
    """Holds the documents; there is always at least one."""

    document_changed = Signal()
    """Another document is in front, or its name or saved state is another."""
    text_changed = Signal()
    """The text in front has been changed."""
    file_opened = Signal(str)
    file_saved = Signal(str)
    line_wanted = Signal(str, int, bool)
    """File and line of the recording whose next (True) or previous run is wanted."""
    zoom_changed = Signal(int)
    last_closed = Signal()

    def __init__(
        self, session: Session, autosave: Autosave, scratch: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._autosave = autosave
        self._scratch = scratch
        self._zoom = 0
        self.documents: list[Document] = []
        self.tabs = QTabBar(self)
        self.banner = Banner(self)
        self._find_bar: FindBar | None = None
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._marks = EditorMarks(session, self)
        self._troubles = EditorTroubles(session, self, self._marks.recorded_path)
        self.disk = DiskWatch(lambda: self.document, self.save, self.banner, self)
        self.new()

    def _lay_out(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setMovable(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setAccessibleName("Open programs")
        self.tabs.currentChanged.connect(self._front_changed)
        self.tabs.tabMoved.connect(self._tab_moved)
        self.tabs.tabBarDoubleClicked.connect(lambda place: self.new() if place < 0 else None)
        head = QHBoxLayout()
        head.setContentsMargins(5, 0, 5, 0)
        head.addWidget(self.tabs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(HairLine(self))
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)

    @property
    def find_bar(self) -> FindBar:
        """Find and replace, below the program; made when it is first wanted."""
        if self._find_bar is None:
            from explorer.ui.widgets.editor.find_bar import FindBar

            self._find_bar = FindBar(self)
            self._find_bar.set_editor(self.document.editor)
            column = self.layout()
            assert column is not None
            column.addWidget(self._find_bar)
        return self._find_bar

    @property
    def document(self) -> Document:
        """The one in front."""
        return self.documents[max(self.tabs.currentIndex(), 0)]

    # Opening and closing.

    def new(self, text: str = "") -> Document:
        """An empty document, or one with a text that has no file yet."""
        document = Document(self._autosave, self._free_scratch(), self)
        self._add(document)
        if text:
            document.show_text(text)
        return document

    def _free_scratch(self) -> Path:
        """A file for a text without one, that no open document uses."""
        used = {document.scratch for document in self.documents}
        numbers = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
        files = (self._scratch / f"untitled{number}.py" for number in numbers)
        return next(file for file in files if file not in used)

    def _add(self, document: Document) -> None:
        editor = document.editor
        editor.set_zoom(self._zoom)
        self.documents.append(document)
        self._stack.addWidget(editor)
        document.changed.connect(self._names_changed)
        document.problem.connect(lambda sentence: self.banner.tell(sentence, role="error"))
        editor.file_dropped.connect(self.open)
        editor.number_clicked.connect(self._number_clicked)
        editor.breakpoints_changed.connect(self._breakpoints_changed)
        editor.text_changed.connect(lambda: self._text_changed(document))
        editor.view_moved.connect(self._marks.show_notes)
        editor.zoom_changed.connect(self.set_zoom)
        editor.setAccessibleName(f"Program {document.name}")
        self.tabs.addTab(document.name)
        self.tabs.setCurrentIndex(len(self.documents) - 1)
        editor.setFocus()

    def find_document(self, path: str) -> Document | None:
        """The open document of a file, however the path is written."""
        wanted = os.path.realpath(path)
        for document in self.documents:
            if os.path.realpath(document.run_path) == wanted:
                return document
        return None

    def open(self, path: str) -> bool:
        """Open a file, or bring it to the front; a file that cannot be read is told of."""
        known = self.find_document(path)
        if known is not None:
            self.tabs.setCurrentIndex(self.documents.index(known))
            self.disk.check()
            return True
        fresh = not self.document.is_pristine
        document = self.new() if fresh else self.document
        try:
            document.open(Path(path))
        except FileProblem as err:
            if fresh:
                self._remove(document)
            self.banner.tell(str(err), role="error")
            return False
        self.file_opened.emit(str(document.path))
        return True

    def recover(self, left: LeftText) -> None:
        """Open a text that was left behind by a crash, as an unsaved one."""
        document = self.find_document(left.path) if left.path else None
        if document is None or document.is_modified:
            document = self.document if self.document.is_pristine else self.new()
        document.recover(left)
        self.tabs.setCurrentIndex(self.documents.index(document))

    def close_document(self, document: Document) -> None:
        """Close without asking; the last one makes room for an empty one."""
        self._remove(document)
        if not self.documents:
            self.new()
            self.last_closed.emit()

    def _remove(self, document: Document) -> None:
        place = self.documents.index(document)
        self.documents.pop(place)
        self._stack.removeWidget(document.editor)
        if self._find_bar is not None:
            self._find_bar.set_editor(None)
        self.tabs.removeTab(place)
        document.give_up()

    def save(self, document: Document, path: Path | None = None) -> bool:
        """Save a document; what stands in the way is told of."""
        if path is None and not self.disk.check(document):
            return False
        try:
            document.save(path)
        except FileProblem as err:
            self.banner.tell(str(err), role="error")
            return False
        self.banner.hush("disk")
        self.file_saved.emit(str(document.path))
        return True

    def prepare_run(self) -> Path | None:
        """Put the program in front where it can be run; None when it cannot be written."""
        self.banner.hush("syntax")
        document = self.document
        if not self.disk.check():
            return None
        if document.path and document.is_modified and not self.save(document):
            return None
        try:
            path = document.prepare_run()
        except FileProblem as err:
            self.banner.tell(str(err), role="error")
            return None
        self._troubles.forget_refusals()
        return path

    # Tabs.

    def _text_changed(self, document: Document) -> None:
        self._marks.text_changed(document)
        if document is self.document:
            self.text_changed.emit()
        if self._session.troubles:
            self._troubles.show(document)

    def _names_changed(self) -> None:
        for place, document in enumerate(self.documents):
            mark = " •" if document.is_modified else ""
            self.tabs.setTabText(place, document.name + mark)
            self.tabs.setTabToolTip(place, str(document.path or "not saved yet"))
        self.document_changed.emit()

    def _front_changed(self, place: int) -> None:
        if 0 <= place < len(self.documents):
            editor = self.documents[place].editor
            self._stack.setCurrentWidget(editor)
            if self._find_bar is not None:
                self._find_bar.set_editor(editor)
            self._marks.show_all()
            self.disk.check()
            self.document_changed.emit()

    def _tab_moved(self, start: int, end: int) -> None:
        self.documents.insert(end, self.documents.pop(start))
        self._names_changed()

    def set_zoom(self, points: int) -> None:
        """Letters of every document larger or smaller."""
        if points != self._zoom:
            self._zoom = points
            for document in self.documents:
                document.editor.set_zoom(points)
            self.zoom_changed.emit(points)

    # The recording and the lines.

    def program_refused(self, news: ProgramEnded) -> None:
        """Mark the line because of which the program could not begin."""
        if news.error is None:
            return
        document = self.find_document(news.error.file) or self.document
        line = max(news.error.line, 1)
        self._troubles.refuse(document, Squiggle(line, 0, 0, news.error.message))
        document.editor.show_line(line)
        said = news.error.message.split("\n", 1)[0]
        sentence = f"{news.error.type} in line {line}: {said.rstrip('.')}."
        if len(self._session.recording):
            sentence += " The recording of the last run stays."
        self.banner.tell(sentence, role="error", subject="syntax")

    def _number_clicked(self, line: int) -> None:
        shift = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.want_line(line, forward=not shift)

    def want_line(self, line: int, *, forward: bool) -> None:
        """Ask for the next or previous time that a line of the document in front ran."""
        ran = self.document.line_map.to_ran(line)
        path = self._marks.recorded_path(self.document)
        if ran is None:
            self._session.note(f"Line {line} was changed since the program ran.")
        elif not path:
            self._session.note(f"{self.document.name} has not run yet; press Run.")
        else:
            self.line_wanted.emit(path, ran, forward)

    def want_caret_line(self, *, forward: bool) -> None:
        """The same for the line of the caret."""
        self.want_line(self.document.editor.caret()[0], forward=forward)

    def look_at_caret_line(self) -> None:
        """Go to the last time that the line of the caret ran, if it has run."""
        ran = self.document.line_map.to_ran(self.document.editor.caret()[0])
        path = self._marks.recorded_path(self.document)
        runs = self._session.recording.steps.runs_of_line(path, ran) if ran and path else []
        if len(runs):
            self._session.go(runs[-1])

    def insert_code(self, code: str) -> None:
        """Write a line below the statement of the moment, or below the text cursor when that
        statement is not in front; indented as the place needs it."""
        editor = self.document.editor
        line = self._marks.last_line_of_moment() or editor.caret()[0]
        above = editor.line_text(line)
        indent = above[: len(above) - len(above.lstrip())]
        deeper = "    " if above.rstrip().endswith(":") else ""
        editor.replace_lines(line, line, [above, f"{indent}{deeper}{code}"])

    def toggle_breakpoint(self) -> None:
        """Set or take away the breakpoint on the line of the caret."""
        self.document.editor.toggle_breakpoint(self.document.editor.caret()[0])

    def _breakpoints_changed(self) -> None:
        self._marks.tell_breakpoints()
