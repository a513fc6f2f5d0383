"""Runs the program once more in a spare worker, to keep the nodes of a backward that were not.

The new run is compared with the recording that is shown: the same statements must have run, and
what they wrote must be the same bit by bit, up to the backward that is looked into and with the
gradients that it gave. Then it takes the place of the run; else one sentence says why not.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.autograd.same_run import Pair, SameRun, pairs_after, pairs_before
from explorer.model.recording import Recording
from explorer.protocol.digests import Digests, ReadDigests
from explorer.protocol.running import (
    ChanceRead,
    Failed,
    GiveInput,
    InputWanted,
    ProgramEnded,
    ReadChance,
    RunProgram,
)
from explorer.ui.running.news_of_a_run import hand_to
from explorer.ui.running.worker_process import WorkerProcess
from explorer.ui.running.workers import Workers
from explorer.ui.session import Session

RUN, DIGESTS = 2_000_000_001, 2_000_000_002
COMPARE_MS = 15


@dataclass
class RunAgain:
    """A second run of a program, as far as it has come."""

    request: RunProgram
    typed: list[str]
    """Lines that the program was given, in order."""
    recording: Recording = field(default_factory=Recording)
    told: list[Any] = field(default_factory=list)
    """News that do not belong into the recording."""
    given: int = 0
    """How many of the lines it was given so far."""


class PassRerun(QObject):
    """One look into one backward; `close` gives it up."""

    progressed = Signal()
    failed = Signal(str)
    """It cannot be shown exactly, and why."""
    succeeded = Signal(str)
    """`run` and `worker` may take the place of the run; a sentence says what was compared."""

    def __init__(
        self,
        session: Session,
        workers: Workers,
        request: RunProgram,
        typed: list[str],
        statement: int,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._workers = workers
        self._first = session.recording
        self.statement = statement
        self._wanted = [one.number for one in self._first.steps.passes[statement]]
        keep = (*request.keep_passes, *self._wanted)
        self.run = RunAgain(replace(request, keep_passes=keep), typed)
        self.worker: WorkerProcess | None = None
        self._same = SameRun(self._first, self.run.recording, self._end())
        self._pairs: list[Pair] = []
        self._digests: dict[str, tuple[str, ...]] = {}
        self._compare = QTimer(self, interval=COMPARE_MS)
        self._compare.timeout.connect(self._go_on)
        self._over = False

    def begin(self) -> None:
        """Ask with what the first run began; everything else follows from the answer."""
        self._workers.changed.connect(self._send_program)
        self._session.ask(ReadChance(), self._chance_known, owner=self)

    def close(self) -> None:
        """Give it up, or, once it has succeeded, forget it."""
        self._over = True
        self._compare.stop()
        if self.worker is not None:
            self.worker.close()
            self.worker = None
        self.deleteLater()

    def sentence(self) -> str:
        """What is being done, with how far it has come."""
        steps, done = self._first.steps, self.run.recording.steps
        label = steps.label(self.statement)
        if self.worker is None:
            return f"Waiting for a process to run the program again, to look into step {label} …"
        come = done.number(len(done) - 1) if len(done) else 0
        if self._pairs:
            return f"Comparing both runs, to look into step {label} …"
        return f"Running the program again to look into step {label}: step {come:,} …"

    def _end(self) -> int:
        """The first step that differs by right: the backward that is looked into."""
        return min(one.began for one in self._first.steps.passes[self.statement])

    def _chance_known(self, answer: ChanceRead | Failed) -> None:
        if isinstance(answer, Failed):
            self._give_up(answer.sentence)
            return
        self.run.request = replace(self.run.request, chance=answer.chance)
        self._workers.warm()
        self._send_program()

    def _send_program(self) -> None:
        if self._over or self.worker is not None or self.run.request.chance is None:
            return
        worker = self.worker = self._workers.take()
        if worker is None:
            if self._workers.problem:
                self._give_up(self._workers.problem)
            return
        worker.news.connect(self._news)
        worker.answered.connect(self._answered)
        worker.died.connect(self._give_up)
        worker.unfit.connect(self._give_up)
        worker.send(self.run.request, RUN)
        self._compare.start()
        self.progressed.emit()

    def let_go(self) -> WorkerProcess | None:
        """Hand the worker over; nothing of it is heard here any more."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.news.disconnect(self._news)
            worker.answered.disconnect(self._answered)
            worker.died.disconnect(self._give_up)
            worker.unfit.disconnect(self._give_up)
        return worker

    # What the worker says.

    def _news(self, news: Any) -> None:
        if isinstance(news, InputWanted) and self.run.given < len(self.run.typed):
            assert self.worker is not None
            self.worker.send(GiveInput(self.run.typed[self.run.given]), RUN)
            self.run.given += 1
        elif not hand_to(news, self.run.recording, self.run.recording.optimizer_steps):
            self.run.told.append(news)

    def _answered(self, answer: Any, number: int) -> None:
        if number == DIGESTS:
            self._take_digests("second", answer)
        elif number == RUN and isinstance(answer, Failed):
            self._give_up(answer.sentence)

    # Comparing.

    def _go_on(self) -> None:
        """Compare what has come; when the backward is there, what was written before it."""
        differs = self._same.advance()
        if differs >= 0:
            self._differs_at(differs)
        elif self._same.complete and self._its_statement() >= 0:
            self._compare.stop()
            self._compare_numbers()
        elif self._same.caught_up and self._stands_still():
            self._give_up("run again, the program did not come as far")
        self.progressed.emit()

    def _stands_still(self) -> bool:
        """Whether it has ended, or waits for a line that the first run did not ask for."""
        told = self.run.told
        return bool(told) and isinstance(told[-1], (ProgramEnded, InputWanted))

    def _its_statement(self) -> int:
        """The same statement in the second run; -1 until it has ended."""
        for owner, passes in reversed(self.run.recording.steps.passes.items()):
            if any(one.number == self._wanted[-1] for one in passes):
                return owner
        return -1

    def _compare_numbers(self) -> None:
        first, second = self._first, self.run.recording
        pairs = pairs_before(first, second, self._end())
        pairs += pairs_after(first, self.statement, second, self._its_statement())
        self._pairs = pairs
        if not pairs:
            self.succeeded.emit("the program was run again; there were no numbers to compare")
            return
        mine = ReadDigests(tuple(pair[1] for pair in pairs))
        its = ReadDigests(tuple(pair[2] for pair in pairs))
        assert self.worker is not None
        self.worker.send(its, DIGESTS)
        self._session.ask(mine, lambda answer: self._take_digests("first", answer), owner=self)

    def _take_digests(self, which: str, answer: Digests | Failed) -> None:
        if self._over:
            return
        if isinstance(answer, Failed):
            self._give_up(answer.sentence)
            return
        self._digests[which] = answer.texts
        if len(self._digests) < 2:
            return
        compared = 0
        both = zip(self._digests["first"], self._digests["second"], strict=True)
        for (step, _, _), (one, other) in zip(self._pairs, both, strict=True):
            if one and other and one != other:
                self._differs_at(step)
                return
            compared += bool(one and other)
        if not compared:
            self._give_up("none of the numbers before it is kept, so nothing can be compared")
            return
        self.succeeded.emit(
            f"the program was run again, and all {compared:,} values that were compared came out"
            " the same, bit by bit"
        )

    def _differs_at(self, step: int) -> None:
        found = self._first.step(step)
        code = found.statement.code.partition("\n")[0]
        self._give_up(
            f"run again, the program came out differently at step {found.label} (line "
            f"{found.statement.line}: {code}). Where it takes the time, chance or files, let it"
            " begin alike, for instance with a seed"
        )

    def _give_up(self, reason: str) -> None:
        if not self._over:
            label = self._first.steps.label(self.statement)
            reason = reason.removesuffix(".")
            self.failed.emit(f"The nodes of step {label} cannot be shown exactly: {reason}.")
