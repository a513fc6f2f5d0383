"""Goes to the first step at which any tensor of the recording had a NaN or an Inf."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from explorer.model.first_bad import FirstBad, first_bad
from explorer.ui.session import Session
from explorer.ui.troubles.search_thread import SearchThread


class BadFinder(QObject):
    """What it finds becomes the moment, and is told in one sentence."""

    said = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._what = "nan"
        self._thread = SearchThread(session, self)
        self._thread.found.connect(self._found)
        self._thread.failed.connect(lambda err: self.said.emit(f"The search failed: {err}."))

    @property
    def busy(self) -> bool:
        """Whether it is searching."""
        return self._thread.busy

    def find(self, what: str) -> None:
        """Search for ``nan``, or with ``inf`` for NaN and Inf alike."""
        if not len(self._session.recording):
            self.said.emit("No program has been run yet; press Run.")
            return
        self._what = what
        self.said.emit("Searching every tensor of the recording …")
        self._thread.start(first_bad(self._session.recording, what))

    def give_up(self) -> None:
        """Search no longer."""
        self._thread.give_up()

    def _found(self, found: FirstBad) -> None:
        word = "NaN" if self._what == "nan" else "NaN or Inf"
        if found.sentence:
            self.said.emit(found.sentence)
        elif found.step < 0 and not found.looked_at:
            self.said.emit("The recording has no tensor of floating-point numbers.")
        elif found.step < 0:
            rest = f"; {found.unread} contents could not be read" if found.unread else ""
            self.said.emit(f"No tensor ever had a {word}{rest}.")
        else:
            self._go_to(found, word)

    def _go_to(self, found: FirstBad, word: str) -> None:
        recording, moment = self._session.recording, self._session.moment
        names = recording.names_of_tensor(found.step, found.tensor)
        known = recording.step(found.step)
        name = names[0] if names else "a tensor without a name"
        what_ran = known.statement.code.splitlines()[0]
        if known.node is not None:
            name = name if names else f"a gradient of {known.node.name}"
            what_ran = f"{known.node.name}, in {what_ran}"
        here = replace(moment, step=found.step, slice_text="", cell=found.index)
        self._session.look(replace(here, tensor=found.tensor, name=name, pinned=not names))
        cell = f", cell [{', '.join(map(str, found.index))}]" if found.index else ""
        self.said.emit(
            f"The first {word} is in {name} at step {known.label}, line"
            f" {known.statement.line}{cell}: {what_ran}"
        )
