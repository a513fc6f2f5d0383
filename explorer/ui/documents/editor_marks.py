"""What the moment says about the lines of the open programs: marks, notes, breakpoints."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.ui.documents.document import Document
from explorer.ui.session import Run, Session
from explorer.ui.tensors.scalar_values import ScalarValues
from explorer.ui.theme import theme
from explorer.ui.widgets.editor.line_decorations import Chip, ExecutionMark, LineNote

if TYPE_CHECKING:
    from explorer.model.line_facts import LineFact, LineFacts
    from explorer.ui.layout.write_reader import WriteReader
    from explorer.ui.panes.editor import EditorPane


class EditorMarks(QObject):
    """Keeps the marks of one editor pane."""

    def __init__(self, session: Session, pane: EditorPane) -> None:
        super().__init__(pane)
        self._session = session
        self._pane = pane
        self._known_facts: LineFacts | None = None
        self._scalars = ScalarValues(session, self)
        self._writes: WriteReader | None = None
        self._paths: dict[str, str] = {}
        self._run = session.run.serial
        self._shown_step = session.moment.step
        session.turns.on_moment(self._moment_changed)
        session.turns.on_recording(self.show_notes)
        session.run_changed.connect(self._run_changed)
        self._scalars.arrived.connect(self._told_more)

    def recorded_path(self, document: Document) -> str:
        """How the recording calls a document's file; empty when it is not in it."""
        if self._session.is_empty:
            return ""
        wanted = self._real(str(document.run_path))
        for path in self._session.recording.steps.files.values():
            if self._real(path) == wanted:
                return path
        return ""

    def _real(self, path: str) -> str:
        if path not in self._paths:
            self._paths[path] = os.path.realpath(path)
        return self._paths[path]

    def _told_more(self) -> None:
        """Answers that come together are shown together."""
        self._session.turns.ask(self.show_notes)

    def _run_changed(self, run: Run) -> None:
        if run.serial != self._run:
            self._run = run.serial
            self._shown_step = -1
            self._paths.clear()
            for document in self._pane.documents:
                document.take_as_ran()
            self.tell_breakpoints()
        self._session.turns.ask(self.show_all)

    @property
    def _facts(self) -> LineFacts:
        """What is known of the lines of the recording that is shown."""
        recording = self._session.recording
        if self._known_facts is None or self._known_facts.recording is not recording:
            from explorer.model.line_facts import LineFacts  # the first picture needs no facts

            self._known_facts = LineFacts(recording)
        self._known_facts.going = self._session.run.going
        return self._known_facts

    def _moment_changed(self) -> None:
        step = self._session.moment.step
        if step == self._shown_step:
            return
        self._shown_step = step
        if not self._session.is_empty and 0 <= step < len(self._session.recording):
            document = self._pane.find_document(self._session.recording.step(step).file)
            if document is not None and document is not self._pane.document:
                self._pane.tabs.setCurrentIndex(self._pane.documents.index(document))
        self.show_all()

    def text_changed(self, document: Document) -> None:
        """Lines may have moved."""
        if document is self._pane.document:
            self.show_all(scroll=False)
            self.tell_breakpoints()

    def show_all(self, *, scroll: bool = True) -> None:
        """Mark the line of the moment and write the notes of the document in front."""
        self._show_execution(scroll)
        self.show_notes()

    def _show_execution(self, scroll: bool) -> None:
        document, session = self._pane.document, self._session
        mark = None
        step = session.moment.step
        if not session.is_empty and 0 <= step < len(session.recording):
            known = session.recording.step(step)
            if known.statement.line and known.file == self.recorded_path(document):
                line = document.line_map.to_now(known.statement.line)
                stopped = session.run.how == "stopped" and step == len(session.recording) - 1
                role = "error" if known.error is not None and not stopped else "current"
                mark = ExecutionMark(line, role) if line is not None else None
        document.editor.set_execution(mark)
        if mark is not None and scroll:
            document.editor.show_line(mark.line)

    def last_line_of_moment(self) -> int | None:
        """The last line of the statement of the moment in the text as it is now; None when it is
        not in the document in front, or was changed since."""
        document, session = self._pane.document, self._session
        step = session.moment.step
        if not 0 <= step < len(session.recording):
            return None
        known = session.recording.step(step)
        if not known.statement.line or known.file != self.recorded_path(document):
            return None
        return document.line_map.to_now(known.statement.end_line)

    def show_notes(self) -> None:
        """Write beside the lines on the screen what they did last."""
        document = self._pane.document
        path = self.recorded_path(document)
        if not path:
            document.editor.set_notes({})
            return
        first, last = document.editor.visible_lines()
        lines = document.line_map
        ran = {line: now for now in range(first, last + 1) if (line := lines.to_ran(now))}
        at = self._session.moment.step
        if not ran:
            document.editor.set_notes({})
            return
        facts = self._facts.of_lines(at, path, range(min(ran), max(ran) + 1))
        values = self._scalars.of(
            [(fact.step, fact.scalar) for fact in facts.values() if fact.scalar is not None]
        )
        notes = {}
        written = self._written([fact.step for fact in facts.values() if fact.writes])
        for line, fact in facts.items():
            if line in ran:
                if written.get(fact.step):
                    told = written[fact.step]
                    fact = replace(fact, text=told, short=told.partition(", seen by ")[0])
                value = values.get((fact.step, fact.scalar.tensor)) if fact.scalar else None
                notes[ran[line]] = _note(fact, value, current=fact.step == at)
        document.editor.set_notes({line: note for line, note in notes.items() if note.in_words()})

    def _written(self, steps: list[int]) -> dict[int, str]:
        """What steps wrote and who saw it, in words, for those of which it is known already."""
        if not steps:
            return {}
        from explorer.model.layout.aliases import write_sentence
        from explorer.ui.layout.write_reader import WriteReader

        if self._writes is None:
            self._writes = WriteReader(self._session, self)
            self._writes.arrived.connect(self._told_more)
        self._writes.want(steps)
        return {step: write_sentence(self._writes.seen(step) or ()) for step in steps}

    def tell_breakpoints(self) -> None:
        """Tell the session of the breakpoints of all documents, by the lines that ran."""
        places = set()
        for document in self._pane.documents:
            path = self.recorded_path(document) or str(document.run_path)
            for line in document.editor.breakpoints():
                ran = document.line_map.to_ran(line)
                if ran is not None:
                    places.add((path, ran))
        self._session.set_breakpoints(frozenset(places))


def _note(fact: LineFact, value: str | None, *, current: bool) -> LineNote:
    colours = theme()
    chips = tuple(
        Chip(name, colours.storage_colour(letter), colours.on_storage(letter))
        for name, letter in fact.names
    )
    text = f"{fact.text} = {value}" if value is not None else fact.text
    role = "current" if current and fact.role == "muted" else fact.role
    return LineNote(text, chips, role, fact.short if value is None else value)
