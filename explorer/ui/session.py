"""The one meeting place of the window: it holds the moment and says when it changes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from explorer.model.moment import Moment
from explorer.ui.turns import Turns

if TYPE_CHECKING:
    from explorer.model.recording import Recording
    from explorer.model.troubles.evidence import Trouble
    from explorer.protocol.running import OutputPrinted

Answer = Callable[[Any], None]

FRAME_MS = 16
MANY_STEPS = 1000


class Courier(Protocol):
    """Whoever carries a request to the worker of the present run."""

    def carry(self, request: object, number: int) -> bool:
        """Send it; False when there is no worker that could answer."""


@dataclass(frozen=True)
class Run:
    """The run that the recording is of.

    ``state`` is ``none``, ``starting``, ``running``, ``waiting`` (for input), ``ended`` or
    ``lost`` (its worker died: what was sent stays, numbers not yet read are gone).
    ``sentence`` says what happened, for the status line.
    """

    path: str = ""
    state: str = "none"
    how: str = ""
    sentence: str = ""
    serial: int = 0

    @property
    def going(self) -> bool:
        """Whether the program is at work."""
        return self.state in ("starting", "running", "waiting")


class _Asked(NamedTuple):
    """Who waits for an answer, and in which run."""

    on_answer: Answer
    on_failure: Answer | None
    owner: QObject | None
    run: int

    def orphaned(self) -> bool:
        return self.owner is not None and not isValid(self.owner)


class Session(QObject):
    """Holds recording, moment, run and breakpoints; only it emits what changed."""

    moment_changed = Signal(object)
    """The new `Moment`; the old one is ``session.previous``."""
    recording_changed = Signal()
    """New steps arrived, at most once a frame; or another recording took its place."""
    run_changed = Signal(object)
    """The new `Run`."""
    output_printed = Signal(object)
    """An `OutputPrinted`."""
    breakpoints_changed = Signal()
    noted = Signal(str)
    """One sentence for the user that belongs to no pane."""
    troubles_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recording: Recording | None = None
        self.moment = Moment()
        self.previous = Moment()
        self.run = Run()
        self.breakpoints: frozenset[tuple[str, int]] = frozenset()
        self.troubles: tuple[Trouble, ...] = ()
        """What has been found to go wrong in the run, in order of the steps."""
        self._courier: Courier | None = None
        self._asked: dict[int, _Asked] = {}
        self._number = 0
        self._left_alone = 0
        self._frame = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._frame.timeout.connect(self._tell_growth)
        self.turns = Turns(self)
        """Those who need not follow in the very moment."""
        self.recording_changed.connect(self.turns.recording_changed)

    @property
    def recording(self) -> Recording:
        """The recording of the run; an empty one before the first run."""
        if self._recording is None:
            self._recording = _empty_recording()
        return self._recording

    @recording.setter
    def recording(self, recording: Recording) -> None:
        self._recording = recording

    @property
    def is_empty(self) -> bool:
        """Whether there is no step to look at."""
        return self._recording is None or not len(self._recording)

    def begin(self, path: str, courier: Courier) -> Run:
        """Start anew with an empty recording whose requests ``courier`` carries."""
        self._courier = courier
        self._asked.clear()
        self._frame.stop()
        self.recording = _empty_recording()
        self._left_alone = 0
        gc.unfreeze()  # the recording before this one may be garbage now
        self.set_troubles(())
        self.set_run(Run(path, "starting", serial=self.run.serial + 1))
        self.recording_changed.emit()
        self.look(Moment(name=self.moment.name, slice_text=self.moment.slice_text))
        self.turns.finish()  # nobody may ask the empty recording what the last one told
        return self.run

    def grew(self, *, at_once: bool = False) -> None:
        """The recording has got new steps, or lost numbers: told at most once a frame."""
        self._leave_alone()
        if at_once:
            self._frame.stop()
            self.recording_changed.emit()
        elif not self._frame.isActive():
            self._frame.start()

    def _leave_alone(self) -> None:
        """Steps stay until the next run, which lets them go: the collector, which holds up
        everybody, need not look through them again and again."""
        if len(self.recording) >= self._left_alone + MANY_STEPS:
            self._left_alone = len(self.recording)
            gc.freeze()

    def _tell_growth(self) -> None:
        """Not before everybody has seen what came last, or nobody would have time for more."""
        if self.turns.waiting:
            self._frame.start()
        else:
            self.recording_changed.emit()

    def printed(self, news: OutputPrinted) -> None:
        """The program has printed."""
        self.output_printed.emit(news)

    def set_run(self, run: Run) -> None:
        """Say what the run has come to."""
        if run != self.run:
            self.run = run
            self.run_changed.emit(run)

    def tell(self, state: str, how: str = "", sentence: str = "") -> None:
        """The same run in another state."""
        self.set_run(replace(self.run, state=state, how=how, sentence=sentence))

    def look(self, moment: Moment) -> None:
        """Look at another moment; the tensor is found by its name at the moment's step."""
        last = len(self.recording) - 1
        moment = replace(moment, step=max(-1, min(moment.step, last)))
        if moment.name and not moment.pinned:
            tensor = self.recording.tensor_named(moment.step, moment.name)
            moment = replace(moment, tensor=tensor)
        if moment != self.moment:
            self.previous, self.moment = self.moment, moment
            self.moment_changed.emit(moment)
            self.turns.moment_changed()

    def go(self, step: int) -> None:
        """Look at the same tensor at another step."""
        self.look(self.moment.at(step))

    def set_breakpoints(self, places: frozenset[tuple[str, int]]) -> None:
        """Replace the places (file, line) where play and run-to stop."""
        if places != self.breakpoints:
            self.breakpoints = places
            self.breakpoints_changed.emit()

    def set_troubles(self, troubles: tuple[Trouble, ...]) -> None:
        """Replace what was found to go wrong."""
        if troubles != self.troubles:
            self.troubles = troubles
            self.troubles_changed.emit()

    def note(self, sentence: str) -> None:
        """Tell the user one sentence that belongs to no pane."""
        self.noted.emit(sentence)

    def ask(
        self,
        request: object,
        on_answer: Answer,
        on_failure: Answer | None = None,
        owner: QObject | None = None,
    ) -> int:
        """Ask the worker; the answer comes later, on the UI thread, or never after `cancel`.

        ``on_failure`` gets a `Failed`; without it failures go to ``on_answer`` as well. With an
        ``owner``, nothing is called any more once that object is destroyed. Returns the number
        to cancel with; 0 when there is no worker, and then the failure was already delivered.
        """
        failure = on_failure or on_answer
        self._number += 1
        number = self._number
        if self._courier is None or not self._courier.carry(request, number):
            failure(_failed(_gone_sentence(self.run)))
            return 0
        self._asked[number] = _Asked(on_answer, failure, owner, self.run.serial)
        return number

    @property
    def pending(self) -> int:
        """How many answers are still to come, and how many have not followed the moment yet."""
        return len(self._asked) + self.turns.waiting

    def cancel(self, number: int) -> None:
        """Give up an answer."""
        if self._asked.pop(number, None) is not None and self._courier is not None:
            from explorer.protocol.running import Cancel

            self._courier.carry(Cancel(number), 0)

    def answered(self, answer: object, number: int) -> None:
        """Deliver an answer that the courier brought; late ones are dropped."""
        from explorer.protocol.running import Failed

        asked = self._asked.pop(number, None)
        if asked is None or asked.run != self.run.serial or asked.orphaned():
            return
        if isinstance(answer, Failed) and asked.on_failure is not None:
            asked.on_failure(answer)
        else:
            asked.on_answer(answer)

    def courier_lost(self, sentence: str, stopped: bool = False) -> None:
        """The worker is gone, perhaps since its program was to stop and did not listen: everything
        asked of it fails, the recording stays."""
        self._courier = None
        waiting, self._asked = self._asked, {}
        self.tell("lost", "stopped" if stopped else self.run.how, sentence)
        for asked in waiting.values():
            if asked.on_failure is not None and not asked.orphaned():
                asked.on_failure(_failed(sentence))


def _empty_recording() -> Recording:
    from explorer.model.recording import Recording  # it needs numpy, the first picture does not

    return Recording()


def _failed(sentence: str) -> object:
    from explorer.protocol.running import Failed

    return Failed(sentence, "gone")


def _gone_sentence(run: Run) -> str:
    if run.state == "lost":
        return "The process that held these numbers is gone; run the program again to see them."
    return "No program has been run yet; press Run."
