"""Runs programs: takes a warm worker, carries requests to it, and hands its news to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.protocol.message import BadMessage
from explorer.protocol.recording import (
    ContentsDropped,
    FileMarked,
    MemoryHeld,
    RecordingNoted,
    StepsRecorded,
)
from explorer.protocol.running import (
    Failed,
    GiveInput,
    InputWanted,
    OutputPrinted,
    ProgramEnded,
    ProgramOver,
    ProgramStarted,
    RunProgram,
    StopProgram,
)
from explorer.ui.running.beginnings import could_not_begin, has_begun
from explorer.ui.running.ends import ending_sentence
from explorer.ui.running.news_of_a_run import hand_to
from explorer.ui.running.worker_process import WorkerProcess
from explorer.ui.running.workers import Workers
from explorer.ui.session import Session

if TYPE_CHECKING:
    from explorer.ui.running.errand import Errand
    from explorer.ui.running.pass_rerun import RunAgain

STOP_MS = 600  # how long a program may take to stop by itself before its process is ended
RUN_NUMBER = 2_000_000_000  # of the runner itself, out of the way of the session's numbers

BEGIN_MS = 4000  # a started program that says nothing for so long has begun

_STAYS = "The recording up to there stays; numbers that were not read yet are gone."


class Runner(QObject):
    """At most one program at a time; a new one replaces it once it has really begun."""

    changed = Signal()
    """`busy` or `waiting` is another than before."""
    refused = Signal(object)
    """A `ProgramEnded` whose program could not begin, such as for a syntax error."""
    remarked = Signal(str)
    """A sentence of the recorder about the whole run."""

    def __init__(self, session: Session, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._workers = workers
        self._worker: WorkerProcess | None = None  # of the run that the session shows
        self._coming: WorkerProcess | None = None  # was sent a program, has not begun it yet
        self._request: RunProgram | None = None  # waits for a worker, or for its beginning
        self._early: list[Any] = []  # news of the coming program, until it is sure to begin
        self._ran: RunProgram | None = None  # what the session shows
        self.typed: list[str] = []
        """Lines that the program was given, in order."""
        self.errand: Errand | None = None
        self._stop_at = 0  # after so many statements this program was stopped before
        self._stopping = False
        self.arriving = False  # the program is over, its last steps are still on their way
        self._beginning = QTimer(self, interval=BEGIN_MS, singleShot=True)
        self._beginning.timeout.connect(self._begin)
        self._patience = QTimer(self, interval=STOP_MS, singleShot=True)
        self._patience.timeout.connect(self._end_by_force)
        workers.changed.connect(self._workers_changed)

    @property
    def busy(self) -> bool:
        """Whether there is something to stop."""
        going = self._request is not None or self._session.run.going
        return going or self.errand is not None

    @property
    def waiting(self) -> str:
        """What Run waits for, in words; empty when it does not."""
        if self._request is None:
            return self.errand.sentence if self.errand is not None else ""
        return "Starting the program …" if self._coming else "Importing torch …"

    def run(self, request: RunProgram) -> None:
        """Run a program as soon as a worker is warm."""
        if self.errand is not None:
            self.errand.give_up()
        self._drop_coming()
        self._request = request
        self._workers.warm()
        self._send_request()
        self.changed.emit()

    def stop(self) -> None:
        """End the program: politely, and by force when it does not listen."""
        if self.errand is not None:
            self.errand.give_up()
        elif self._request is not None:
            self._request = None
            self._drop_coming()
            self.changed.emit()
        elif self._session.run.going and self._worker is not None:
            self._stopping = True
            self._worker.send(StopProgram(), RUN_NUMBER)
            self._patience.start()

    @property
    def ran(self) -> RunProgram | None:
        """What the session shows the run of; None before the first and when its worker died."""
        return self._ran if self._worker is not None else None

    def take_over(self, run: RunAgain, worker: WorkerProcess) -> None:
        """Let another run of the same program, in another worker, take the place of this one."""
        old, self._worker = self._worker, worker
        shown = self._session.recording.steps
        stopped = self._session.run.how == "stopped"
        self._stop_at = shown.number(len(shown) - 1) - 1 if stopped else 0
        self._ran, self.typed = run.request, run.typed
        self._listen_to(worker)
        if old is not None:
            old.close()
        self._session.begin(run.request.path, self)
        self._session.recording = run.recording
        self._session.tell("running")
        for news in run.told:
            self._handle(news)
        self._session.grew(at_once=True)
        self._stop_where_it_was_stopped()
        self._workers.warm()
        self.changed.emit()

    def _stop_where_it_was_stopped(self) -> None:
        steps = self._session.recording.steps
        if self._stop_at and steps.number(len(steps) - 1) >= self._stop_at:
            self._stop_at = 0
            self.stop()

    def _listen_to(self, worker: WorkerProcess) -> None:
        worker.news.connect(lambda news: self._news_of(worker, news))
        worker.answered.connect(lambda answer, number: self._answer_of(worker, answer, number))
        worker.died.connect(lambda sentence: self._death_of(worker, sentence))
        worker.unfit.connect(lambda sentence: self._death_of(worker, sentence))

    def give_input(self, text: str) -> None:
        """Hand a line to the program that asked for one."""
        if self._worker is not None and self._worker.send(GiveInput(text), RUN_NUMBER):
            self.typed.append(text)
            self._session.tell("running")

    def carry(self, request: object, number: int) -> bool:
        """Send a request of the session to the worker of its run."""
        return self._worker is not None and self._worker.send(request, number)

    def close(self) -> None:
        """Let go of every worker; only for the end of the window."""
        self._request = None
        self._patience.stop()
        self._drop_coming()
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _drop_coming(self) -> None:
        self._beginning.stop()
        self._early.clear()
        if self._coming is not None:
            self._coming.close()
            self._coming = None

    def _workers_changed(self) -> None:
        if self._request is not None and self._coming is None:
            if self._workers.problem:
                self._refuse(self._workers.problem)
            else:
                self._send_request()

    def _send_request(self) -> None:
        if self._request is None or self._coming is not None:
            return
        worker = self._workers.take()
        if worker is None:
            return
        self._coming = worker
        self._listen_to(worker)
        worker.send(self._request, RUN_NUMBER)
        self.changed.emit()

    def _refuse(self, sentence: str) -> None:
        self._request = None
        self._drop_coming()
        self._session.note(sentence)
        self.changed.emit()

    def _begin(self) -> None:
        """The program has begun: from now on the session speaks of its run."""
        if self._coming is None or self._request is None:
            return
        self._beginning.stop()
        self._patience.stop()
        self._stopping = self.arriving = False
        old, self._worker, self._coming = self._worker, self._coming, None
        request, self._request = self._request, None
        self._ran, self.typed, self._stop_at = request, [], 0
        if old is not None:
            old.close()
        self._session.begin(request.path, self)
        self._session.tell("running")
        self.changed.emit()
        early, self._early = self._early, []
        for news in early:
            self._handle(news)

    def _answer_of(self, worker: WorkerProcess, answer: Any, number: int) -> None:
        if number != RUN_NUMBER:
            if worker is self._worker:
                self._session.answered(answer, number)
        elif worker is self._coming and isinstance(answer, Failed):
            self._refuse(answer.sentence)
        elif worker is self._coming and isinstance(answer, ProgramStarted):
            self._beginning.start()

    def _news_of(self, worker: WorkerProcess, news: Any) -> None:
        if worker is self._worker:
            self._handle(news)
        elif worker is self._coming:
            self._early.append(news)
            if isinstance(news, ProgramEnded) and could_not_begin(news, self._early):
                self._request = None
                self._drop_coming()
                self.changed.emit()
                self.refused.emit(news)
                self._workers.warm()
            elif has_begun(news):
                self._begin()

    def _handle(self, news: Any) -> None:
        """Call the method that bears the name of the news, here or of the recording."""
        recording = self._session.recording
        hand_to(news, self, recording, recording.optimizer_steps)

    def _death_of(self, worker: WorkerProcess, sentence: str) -> None:
        if worker is self._coming and self._beginning.isActive():
            self._begin()
        if worker is self._coming:
            self._refuse(sentence)
        elif worker is self._worker:
            self._patience.stop()
            self._worker = None
            worker.close()
            if stopped := self._stopping and self._session.run.going:
                sentence = "The program did not listen, so its process was ended."
            self._session.grew(at_once=True)
            self._session.courier_lost(f"{sentence} {_STAYS}", stopped)
            self._workers.warm()
            self.changed.emit()

    def _end_by_force(self) -> None:
        worker = self._worker if self._session.run.going else None
        if worker is not None and not worker.has_said(ProgramOver):  # it comes behind all steps
            worker.kill()

    # News, each handled by the method of its name.

    def file_marked(self, news: FileMarked) -> None:
        """A file's statements."""
        self._session.recording.file_marked(news)

    def steps_recorded(self, news: StepsRecorded) -> None:
        """A batch of steps: the panes hear of it once a frame."""
        self._session.recording.steps_recorded(news)
        self._session.grew()
        self._stop_where_it_was_stopped()

    def contents_dropped(self, news: ContentsDropped) -> None:
        """Some numbers are no longer held."""
        self._session.recording.contents_dropped(news)
        self._session.grew()

    def memory_held(self, news: MemoryHeld) -> None:
        """How much the snapshots take."""
        self._session.recording.memory_held(news)
        self._session.grew()

    def bad_message(self, news: BadMessage) -> None:
        """The worker said something that no message fits."""
        self.remarked.emit(str(news))

    def recording_noted(self, news: RecordingNoted) -> None:
        """A sentence about the recording."""
        self.remarked.emit(news.sentence)

    def output_printed(self, news: OutputPrinted) -> None:
        """The program printed."""
        self._session.printed(news)

    def program_over(self, news: ProgramOver) -> None:
        """It listened to Stop; what it did last may take a while to arrive."""
        self._patience.stop()
        self.arriving = True
        self.changed.emit()

    def input_wanted(self, news: InputWanted) -> None:
        """The program waits for a line."""
        self._session.tell("waiting", sentence=news.prompt)

    def program_ended(self, news: ProgramEnded) -> None:
        """The program ended; its worker stays to serve the recording."""
        self._patience.stop()
        self._session.grew(at_once=True)
        self._session.tell("ended", news.how, ending_sentence(news))
        self._workers.warm_soon()
        self.changed.emit()
