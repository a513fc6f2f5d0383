"""Tells of the statements that raise.

That a statement has failed shows when its exception is caught, or ends the program. Where the
program runs statements of its own on the way there, in a ``finally`` or in an ``__exit__``, it
shows before them, so that the steps stand in the order in which they happened. What was told is not
told again further out, unless the program has raised it again. No exception may be held for that,
or the program could see that it lives on: it is known by the identity of its traceback, its type
and the place where it rose, and what has the same ones is another when it sets out in the same way
once more.
"""

from __future__ import annotations

import dis
import sys
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from explorer.worker.program.aside import profile_function as _profile
from explorer.worker.program.aside import set_aside
from explorer.worker.program.aside import trace_function as _trace
from explorer.worker.program.explain import explained
from explorer.worker.recording.frames import Activation
from explorer.worker.recording.log import Escaped, Raised
from explorer.worker.recording.names import all_names
from explorer.worker.rewrite import marks
from explorer.worker.rewrite.marks import Mark

if TYPE_CHECKING:
    from explorer.worker.recorder import Recorder

MOST = 100
"""So many exceptions are remembered."""

_RAISE = bytes([dis.opmap["RAISE_VARARGS"]])
_getframe = sys._getframe


@dataclass(frozen=True)
class Place:
    """Where an exception rose: a recorded statement of its traceback."""

    activation: Activation
    traceback: TracebackType


@dataclass
class Told:
    """An exception that was told."""

    type: int
    activation: int
    instruction: int
    crossing: int
    """The instruction at which it was leaving the function where it rose; -1 behind that."""
    count: int
    """How many activations there were."""
    step: int
    raised: Raised
    passing: bool
    """Whether it was on its way when it was seen last, and not caught."""
    again: tuple[int, int] | None = None
    """The frame and the statement that are raising it again."""


class Failures:
    """The failed statements of one run."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._frames = recorder.frames
        self._statements = recorder.statements
        self._told: dict[int, Told] = {}
        self.by_name = {
            marks.UNWINDING: self._unwinding,
            marks.LEAVING: self._leaving,
            marks.AGAIN: self._again,
        }

    # Called by the program.

    def _unwinding(self, statement: int) -> None:
        """A ``finally`` of this ``try`` begins, maybe because of an exception."""
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        error = sys.exc_info()[1]
        if error is None or not self._recorder.enabled:
            return
        frame = _getframe(1)
        if _rose_in(error, frame, self._statements.mark_of(statement)):
            self._pass_by(error, frame)

    def _leaving(self, *arguments: Any) -> None:
        """An ``__exit__`` begins, maybe because of an exception."""
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        error = sys.exc_info()[1]
        if error is None or not self._recorder.enabled:
            return
        frame = _getframe(1)
        within = self._frames.recorded_above(frame.f_back)
        if within is not None:
            mark = self._statements.mark_at(within.f_code, within.f_lineno)
            if mark is not None and _rose_in(error, within, mark):
                self._pass_by(error, frame)

    def _again(self, statement: int) -> None:
        """A bare ``raise`` begins, of which the traceback will not tell."""
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        error, activation = sys.exc_info()[1], self._frames.by_object.get(id(_getframe(1)))
        if error is None or activation is None:
            return
        with self._recorder.log.lock:
            told = self._told_of(error, self._place_of(error))
            if told is not None:
                told.again = activation.id, statement

    # Called by the recorder.

    def arrived(self, error: BaseException, caught: bool, frame: FrameType | None) -> None:
        """An exception was caught in ``frame``, or ends the program: its statement becomes an
        error step."""
        with self._recorder.log.lock:
            self._take(error, frame, caught, passing=False)
            if not caught:
                self._let_escape(error)

    def _pass_by(self, error: BaseException, frame: FrameType) -> None:
        """An exception is on its way through ``frame``."""
        if type(error) is GeneratorExit:
            return  # a generator is closed where it stands: no statement of it has failed
        with self._recorder.log.lock:
            self._take(error, frame, caught=True, passing=True)

    def _let_escape(self, error: BaseException) -> None:
        """Nobody has caught an exception, nor those that it overtook on their way."""
        seen: set[int] = set()
        one: BaseException | None = error
        while one is not None and id(one) not in seen:
            seen.add(id(one))
            told = self._told_of(one, self._place_of(one))
            if told is not None and told.raised.caught and (told.passing or one is error):
                self._recorder.log.event(Escaped(told.step, told.raised._replace(caught=False)))
            one = one.__context__

    def _take(
        self, error: BaseException, frame: FrameType | None, caught: bool, passing: bool
    ) -> None:
        place = self._place_of(error)
        if place is None:
            return
        told, crossing = self._told_of(error, place), _crossing(frame, place)
        if told is not None and crossing == told.crossing >= 0:
            # A ``finally`` is passed once, but several managers may be left at one instruction.
            inside = frame is place.traceback.tb_frame
            if inside or place.activation.seen > told.count:
                told = None
        if told is not None:
            told.passing = passing
            if told.again is None:
                return
        step = self._recorder.log.next_step()
        raised = self._tell(error, place, told.again if told is not None else None, caught)
        if told is not None:
            told.step, told.raised, told.again = step, raised, None
            return
        self._told.pop(id(place.traceback), None)
        self._told[id(place.traceback)] = Told(
            id(type(error)),
            place.activation.id,
            place.traceback.tb_lasti,
            crossing,
            self._frames.count,
            step,
            raised,
            passing,
        )
        if len(self._told) > MOST:
            del self._told[next(iter(self._told))]

    def _told_of(self, error: BaseException, place: Place | None) -> Told | None:
        told = self._told.get(id(place.traceback)) if place is not None else None
        if place is None or told is None:
            return None
        rose = id(type(error)), place.activation.id, place.traceback.tb_lasti
        return told if rose == (told.type, told.activation, told.instruction) else None

    def _place_of(self, error: BaseException) -> Place | None:
        """The innermost recorded statement; of an exception that was raised once more, the one
        that did it."""
        traceback, found = error.__traceback__, None
        while traceback is not None:
            frame = traceback.tb_frame
            activation = self._frames.by_object.get(id(frame))
            if frame.f_code in self._statements.plain and activation is not None:
                found = Place(activation, traceback)
                if traceback.tb_next is not None and _raises(traceback):
                    break
            traceback = traceback.tb_next
        return found

    def _tell(
        self, error: BaseException, place: Place, again: tuple[int, int] | None, caught: bool
    ) -> Raised:
        recorder, frame = self._recorder, place.traceback.tb_frame
        mark = self._statements.mark_at(frame.f_code, place.traceback.tb_lineno)
        where = again or (place.activation.id, mark.id if mark else 0)
        recorder.probes.look(self._look_after_error, frame, place.activation)
        raised = Raised(
            *where,
            type(error).__name__,
            _text_of(error),
            explained(error),
            caught,
            recorder.log.write(recorder.change),
        )
        recorder.log.event(raised)
        return raised

    def _look_after_error(self, frame: FrameType, activation: Activation) -> None:
        change = self._recorder.change
        self._recorder.tensors.check(change)
        self._frames.filled += 1  # whatever the statement did before it failed
        if activation.roots:
            self._frames.look_into_containers(activation, all_names(frame), change)


def _raises(traceback: TracebackType) -> bool:
    """Whether it is a ``raise`` that an entry of a traceback stands for."""
    at = traceback.tb_lasti
    return traceback.tb_frame.f_code.co_code[at : at + 1] == _RAISE


def _rose_in(error: BaseException, frame: FrameType, mark: Mark) -> bool:
    """Whether an exception is on its way out of a statement of ``frame``. One that was being
    handled around that statement rose elsewhere."""
    head = error.__traceback__
    if head is None or head.tb_frame is not frame:
        return False
    return mark.line <= head.tb_lineno <= mark.end_line


def _crossing(frame: FrameType | None, place: Place) -> int:
    """At which instruction the function where an exception rose waits for what runs now."""
    while frame is not None and frame is not place.traceback.tb_frame:
        frame = frame.f_back
    return frame.f_lasti if frame is not None else -1


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"
