"""What the window does about gradients, wherever the user is: finds troubles and the first NaN,
shows what a cell depends on, and checks derivatives numerically."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.model.autograd.derivative_check import Verdict, check
from explorer.model.autograd.rerun_requests import Program
from explorer.ui.running.fresh_worker import FreshWorker
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.sensitivity import CHOOSE, SensitivityDesk
from explorer.ui.session import Session
from explorer.ui.troubles.bad_finder import BadFinder
from explorer.ui.troubles.search import TroubleSearch
from explorer.ui.troubles.search_thread import SearchThread


class AutogradGestures(QObject):
    """The gestures by the names of their actions."""

    def __init__(self, session: Session, runner: Runner, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._runner = runner
        self.troubles = TroubleSearch(session, self)
        self.bad = BadFinder(session, self)
        self.desk = SensitivityDesk.of(session)
        self.fresh = FreshWorker(workers, self)
        self.desk.run_again(self._program, self.fresh.ask)
        self.checks = SearchThread(session, self)
        self.checks.fresh = self.fresh.ask
        self.checks.found.connect(self._checked)
        self.checks.failed.connect(lambda err: session.note(f"The check failed: {err}."))
        self.bad.said.connect(session.note)
        self.desk.check_wanted.connect(self._check)

    def first_nan(self) -> None:
        """Go to the first step at which any tensor had a NaN or an Inf."""
        self.bad.find("inf")

    def depends_on(self) -> None:
        """Colour everything upstream of the chosen cell by its derivative."""
        self.desk.depends_on()

    def flows_to(self) -> None:
        """Colour everything downstream of the chosen cell by its derivative."""
        self.desk.flows_to()

    def clear_derivatives(self) -> None:
        """Show numbers in their own colours again; give up what is being checked."""
        self.desk.clear()
        self.checks.give_up()
        self.fresh.give_up()

    def check_cell(self) -> None:
        """Check one derivative by central differences of the program itself."""
        self._check(False)

    def check_tensor(self) -> None:
        """Check the derivatives with respect to every cell of a tensor."""
        self._check(True)

    def close(self) -> None:
        """The window goes: nobody wants to know any more."""
        self.troubles.give_up()
        self.bad.give_up()
        self.clear_derivatives()

    def _check(self, whole: bool) -> None:
        moment, recording = self._session.moment, self._session.recording
        card = recording.card(moment.step, moment.tensor) if moment.tensor else None
        program = self._program()
        if card is None or program is None:
            self._session.note("Run a program and choose a tensor that has a gradient first.")
            return
        cell = moment.cell if card.numel != 1 else (0,) * len(card.kind.shape)
        if not whole and cell is None:
            self._session.note(CHOOSE)
            return
        self._session.note("Running the program again, with the number moved a little …")
        upstream = (moment.step, moment.tensor, moment.name or "this tensor")
        search = check(recording, program, self.desk.found, upstream, None if whole else cell)
        self.checks.start(search)

    def _program(self) -> Program | None:
        ran = self._runner.ran
        return (ran.path, ran.arguments, ran.seed) if ran is not None else None

    def _checked(self, verdict: Verdict) -> None:
        if verdict.found is not None and verdict.worst is not None:
            self.desk.show(verdict.found)
            self._session.look(self._session.moment.on_cell(verdict.worst))
        self.desk.tell(verdict.sentence)
