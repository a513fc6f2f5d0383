"""The gesture of looking into a backward whose nodes were not kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from explorer.ui.running.pass_rerun import PassRerun
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.session import Run, Session


class InsideBackward(QObject):
    """Has the program run again when it is asked for, at most once at a time."""

    entered = Signal(int)
    """The first node of the backward that was asked for is at this step now."""

    def __init__(self, session: Session, workers: Workers, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._workers = workers
        self._runner = runner
        self._again: PassRerun | None = None
        self._run = session.run.serial
        session.run_changed.connect(self._run_changed)

    @property
    def sentence(self) -> str:
        """What is being done and how far it has come; empty when nothing is."""
        return self._again.sentence() if self._again is not None else ""

    def look_into(self, statement: int) -> None:
        """Show the nodes of the backward that ran during the statement at this step."""
        request = self._runner.ran
        if self._again is not None:
            return
        if request is None:
            self._session.note("The process of this run is gone; run the program anew.")
        elif self._session.run.going:
            self._session.note("The nodes of this backward can be shown once the program ended.")
        else:
            typed = list(self._runner.typed)
            again = PassRerun(self._session, self._workers, request, typed, statement, self)
            self._again = again
            again.progressed.connect(self._runner.changed)
            again.failed.connect(self._cannot)
            again.succeeded.connect(self._take_over)
            self._runner.errand = self
            again.begin()
            self._runner.changed.emit()

    def give_up(self) -> None:
        """Stop running the program again; what is shown stays as it is."""
        if self._again is not None:
            again, self._again = self._again, None
            self._runner.errand = None
            again.close()
            self._workers.warm()
            self._runner.changed.emit()

    def _cannot(self, sentence: str) -> None:
        self.give_up()
        self._session.note(sentence)

    def _take_over(self, sentence: str) -> None:
        again = self._again
        worker = again.let_go() if again is not None else None
        if again is None or worker is None:
            return
        self._again = self._runner.errand = None
        label = self._session.recording.steps.label(again.statement)
        self._runner.take_over(again.run, worker)
        again.close()
        steps = self._session.recording.steps
        nodes = steps.nodes_of(steps.index_of(label))
        if nodes:
            self.entered.emit(nodes[0])
            self._session.note(f"Step {steps.label(nodes[0])}: {sentence}.")
        else:
            self._session.note(f"Not a single node ran during step {label}.")

    def _run_changed(self, run: Run) -> None:
        if run.going or run.state == "lost":
            self.give_up()
