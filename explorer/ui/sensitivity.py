"""What the chosen cell depends on, or where it flows, for all panes to colour by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.model.autograd.rerun_requests import Program
from explorer.model.autograd.sensitivity import Sensitivities, cell_to_ask, depends_on, flows_to
from explorer.model.autograd.sensitivity_again import depends_on_again, flows_to_again
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Search
from explorer.ui.session import Run, Session
from explorer.ui.troubles.search_thread import SearchThread

Ask = Callable[[object, Callable[[Any], None]], None]

CHOOSE = "Choose a cell first: click on a number, or walk to it with the arrow keys."


class SensitivityDesk(QObject):
    """One for a session, shared by the panes that ask `SensitivityDesk.of(session)`."""

    changed = Signal()
    """`found` is another."""
    told = Signal(str)
    """What came of a check, in words that should stay for a while."""
    check_wanted = Signal(bool)
    """Derivatives with respect to the tensor of the moment are to be checked numerically: all of
    them (True), or that of the chosen cell."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._run = session.run.serial
        self.found: Sensitivities | None = None
        self._program: Callable[[], Program | None] = lambda: None
        self._thread = SearchThread(session, self)
        self._thread.found.connect(self._take)
        self._thread.failed.connect(lambda err: session.note(f"This could not be told: {err}."))
        session.run_changed.connect(self._run_changed)

    @staticmethod
    def of(session: Session) -> SensitivityDesk:
        """The desk of a session, made when it is asked for the first time."""
        found = session.findChild(SensitivityDesk)
        return found if isinstance(found, SensitivityDesk) else SensitivityDesk(session)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._thread.busy

    def run_again(
        self,
        program: Callable[[], Program | None],
        ask: Ask,
    ) -> None:
        """Let derivatives that are not there any more be had by running the program again."""
        self._program = program
        self._thread.fresh = ask

    def another_run(self) -> tuple[Program, Ask] | None:
        """The program, and who asks a worker that has run none, for other questions that need it
        to run again; None while no program can."""
        program = self._program()
        return (program, self._thread.fresh) if program and self._thread.fresh else None

    def depends_on(self) -> None:
        """Colour everything upstream of the chosen cell by its derivative."""
        self._ask(upstream=True)

    def flows_to(self) -> None:
        """Colour everything downstream of the chosen cell by its derivative."""
        self._ask(upstream=False)

    def tell(self, sentence: str) -> None:
        """Say what came of a check."""
        self._session.note(sentence)
        self.told.emit(sentence)

    def show(self, found: Sensitivities) -> None:
        """Colour by derivatives that somebody else has asked for."""
        if found != self.found:
            self.found = found
            self.changed.emit()

    def clear(self) -> bool:
        """Take the colours away; tells whether there were any."""
        busy = self._thread.busy
        self._thread.give_up()
        had, self.found = self.found is not None, None
        if had:
            self.changed.emit()
        return had or busy

    def _ask(self, *, upstream: bool) -> None:
        moment, recording = self._session.moment, self._session.recording
        card = recording.card(moment.step, moment.tensor) if moment.tensor else None
        cell = cell_to_ask(card, moment.cell) if card is not None else None
        if cell is None:
            self._session.note(CHOOSE)
            return
        name = moment.name or "this tensor"
        if upstream:
            search = self._depends_on(recording, moment.step, moment.tensor, name, cell)
        else:
            search = self._flows_to(recording, moment.step, moment.tensor, name, cell)
        self._thread.start(search)

    def _depends_on(
        self, recording: Recording, step: int, tensor: int, name: str, cell: tuple[int, ...]
    ) -> Search[Sensitivities]:
        """From what is held or recorded; where that does not tell, by running it again."""
        program = self._program()
        found = yield from depends_on(recording, step, tensor, name, cell)
        if found.again and program is not None:
            plain = replace(found, sentence="", again=False)
            return (yield from depends_on_again(recording, program, plain))
        return found

    def _flows_to(
        self, recording: Recording, step: int, tensor: int, name: str, cell: tuple[int, ...]
    ) -> Search[Sensitivities]:
        """The same downstream; what could be told without running again stays when that fails."""
        program = self._program()
        found = yield from flows_to(recording, step, tensor, name, cell)
        if found.again and program is not None:
            again = yield from flows_to_again(recording, program, replace(found, again=False))
            return again if set(again.derivatives) >= set(found.derivatives) else found
        return found

    def _take(self, found: Sensitivities) -> None:
        if found.sentence:
            self._session.note(found.sentence)
        if found.derivatives or found.nodes:
            self.show(found)

    def _run_changed(self, run: Run) -> None:
        if run.serial != self._run:
            self._run = run.serial
            self.clear()
