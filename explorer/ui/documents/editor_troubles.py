"""Wavy lines under what is wrong: because of which a program could not begin, and what was found
to go wrong in the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.ui.documents.document import Document
from explorer.ui.session import Session
from explorer.ui.widgets.editor.line_decorations import Squiggle

if TYPE_CHECKING:
    from explorer.model.memory.saved_lifetimes import SavedLifetimes
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
        self._kept: SavedLifetimes | None = None
        session.troubles_changed.connect(lambda: self._show_all(self._pane.documents))
        session.run_changed.connect(self._attend)

    def _attend(self) -> None:
        """From the first run on, hear of what graphs keep; before it there is nothing to know."""
        from explorer.ui.layout.saved_index import SavedIndex

        self._session.run_changed.disconnect(self._attend)
        index = SavedIndex.of(self._session)

        def changed() -> None:
            self._kept = index.lifetimes
            self._show_all(self._pane.documents)

        index.changed.connect(changed)

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
        squiggles = [*self._of_troubles(document), *self._of_saved(document)]
        if document in self._refused:
            squiggles.append(self._refused[document])
        document.editor.set_squiggles(squiggles)

    def _show_all(self, documents: Iterable[Document]) -> None:
        for document in documents:
            if document in self._pane.documents:
                self.show(document)

    def _of_troubles(self, document: Document) -> list[Squiggle]:
        path = self._recorded_path(document) if self._session.troubles else ""
        if not path:
            return []
        from explorer.ui.troubles.problems import ENDING

        found = []
        for trouble in self._session.troubles:
            at = trouble.cause if trouble.cause >= 0 else trouble.step
            role = "error" if trouble.kind in ENDING else "warning"
            found += self._wave(document, path, at, trouble.sentence, role)
        return found

    def _of_saved(self, document: Document) -> list[Squiggle]:
        """Lines that wrote into what a graph kept for backward."""
        kept = self._kept
        path = self._recorded_path(document) if kept is not None and kept.overwrites else ""
        if kept is None or not path:
            return []
        found = []
        for one in kept.overwrites.values():
            sentence = kept.overwrite_sentence(one)
            found += self._wave(document, path, one.step, sentence, "warning")
        return found

    def _wave(
        self, document: Document, path: str, step: int, sentence: str, role: str
    ) -> list[Squiggle]:
        """Under the line of a step; nothing where that is not in the document as it is now."""
        known = self._session.recording.step(step)
        line = document.line_map.to_now(known.statement.line) if known.file == path else None
        if line is None:
            return []
        text = document.editor.line_text(line)
        return [Squiggle(line, len(text) - len(text.lstrip()), 0, sentence, role)]
