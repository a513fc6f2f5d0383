"""Wavy lines under what is wrong: because of which a program could not begin, and what was found
to go wrong in the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.ui.document import Document
from explorer.ui.session import Session
from explorer.ui.trouble_problems import ENDING
from explorer.ui.widgets.line_decorations import Squiggle

if TYPE_CHECKING:
    from explorer.ui.panes.editor import EditorPane


class EditorTroubles(QObject):
    """Keeps the wavy lines of one editor pane; ``recorded_path`` is how the recording calls a
    document's file."""

    def __init__(
        self, session: Session, pane: EditorPane, recorded_path: Callable[[Document], str]
    ) -> None:
        super().__init__(pane)
        self._session = session
        self._pane = pane
        self._recorded_path = recorded_path
        self._refused: dict[Document, Squiggle] = {}
        session.troubles_changed.connect(lambda: self._show_all(self._pane.documents))

    def refuse(self, document: Document, squiggle: Squiggle) -> None:
        """Mark what kept a program from beginning."""
        self._refused[document] = squiggle
        self.show(document)

    def forget_refusals(self) -> None:
        """The next run has been asked for."""
        refused, self._refused = self._refused, {}
        self._show_all(refused)

    def show(self, document: Document) -> None:
        """Draw the wavy lines of a document; its lines may have moved."""
        squiggles = self._of_troubles(document)
        if document in self._refused:
            squiggles.append(self._refused[document])
        document.editor.set_squiggles(squiggles)

    def _show_all(self, documents: Iterable[Document]) -> None:
        for document in documents:
            if document in self._pane.documents:
                self.show(document)

    def _of_troubles(self, document: Document) -> list[Squiggle]:
        path = self._recorded_path(document) if self._session.troubles else ""
        found = []
        for trouble in self._session.troubles if path else ():
            at = trouble.cause if trouble.cause >= 0 else trouble.step
            known = self._session.recording.step(at)
            line = document.line_map.to_now(known.statement.line) if known.file == path else None
            if line is None:
                continue
            text = document.editor.line_text(line)
            start = len(text) - len(text.lstrip())
            role = "error" if trouble.kind in ENDING else "warning"
            found.append(Squiggle(line, start, 0, trouble.sentence, role))
        return found
