"""What the rewritten program calls: at every statement, at every entry of a function.

A probe never raises into the program, except KeyboardInterrupt when the run is to stop, and never
changes what the program computes. This is the recorder's hot path.
"""

from __future__ import annotations

import sys
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch

from explorer.protocol.recording import ModesChanged
from explorer.worker.program.aside import profile_function as _profile
from explorer.worker.program.aside import set_aside
from explorer.worker.program.aside import trace_function as _trace
from explorer.worker.quiet import (
    grad_enabled,
    in_the_way,
    out_of_reach,
)
from explorer.worker.recording.log import Entered, Said
from explorer.worker.recording.storages import own_memory
from explorer.worker.rewrite import marks
from explorer.worker.rewrite.looking import Looking
from explorer.worker.rewrite.marks import Mark

if TYPE_CHECKING:
    from explorer.worker.recorder import Recorder

SCALARS = frozenset({int, float, bool, type(None)})
"""Types whose values are kept as they are."""

_getframe = sys._getframe
_default_dtype = torch.get_default_dtype
_inference = torch.is_inference_mode_enabled
_nodes_made = torch._C._autograd._get_sequence_nr
_Tensor = torch.Tensor


class Probes(Looking):
    """The probes of one recorder."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._marks = recorder.statements.marks
        self._entries = recorder.statements.entries
        self._log = recorder.log
        self._lock = recorder.log.lock
        self._acquire, self._release = recorder.log.lock.acquire, recorder.log.lock.release
        self._extend = recorder.log.entries.extend
        self._modes: tuple[torch.dtype, bool, bool] | None = None
        self.by_name: dict[str, Any] = {
            marks.PROBE: self._probe,
            marks.RESULT: self._result,
            marks.TAP: self._tap,
            marks.ENTER: self._enter,
            marks.CAUGHT: self._caught,
            **recorder.failures.by_name,
            marks.EXTEND: self._extend,
            marks.KIND: type,
            marks.SCALARS: SCALARS,
            marks.ID: id,
            marks.FRAME: _getframe,
            marks.READY: own_memory,
        }

    def names_for(self, source: bytes | str) -> dict[str, Any]:
        """What stands for each name of `marks` in a file. A profile function is told of every
        call of a function of C; where a file may set one, such calls are hidden from it, and from
        torch's own profiler in this file and all that follow."""
        text = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
        self._profiled |= b"rofile" in text  # cProfile is one, too
        if not self._profiled:
            return self.by_name
        seen = (marks.EXTEND, marks.ID, marks.FRAME)
        hidden = {name: partial(self.by_name[name]) for name in seen}
        return {**self.by_name, **hidden, marks.RESULT: self._probe}

    # Called by the program.

    def _probe(self, statement: int, *values: Any) -> None:
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        if self._recorder.enabled:
            self._step(self._marks[statement - 1], values, _getframe(1))

    def _tap(self, statement: int, value: Any) -> Any:
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        if self._recorder.enabled:
            self._step(self._marks[statement - 1], (), _getframe(1))
        return value

    def _caught(self, statement: int) -> None:
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        if self._recorder.enabled:
            error = sys.exc_info()[1]
            if error is not None:
                self._recorder.failed(error, True, _getframe(1))
            mark = self._marks[statement - 1]
            self._step(mark, (error,) if mark.names else (), _getframe(1))

    def _result(self, statement: int, value: Any) -> None:
        """A statement that did nothing but bind a name to what an operator or a call gave."""
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        if not self._recorder.enabled:
            return
        frame = _getframe(1)
        if type(value) is _Tensor:
            self._acquire()
            try:
                if self._took_result(self._marks[statement - 1], value, frame):
                    return
            finally:
                self._release()
        self._step(self._marks[statement - 1], (value,), frame)

    def _took_result(self, mark: Mark, value: torch.Tensor, frame: FrameType) -> bool:
        """Record the plainest case, a new tensor outside autograd, in one go; False when this is
        another case."""
        home, recorder, name = self._frames.by_object.get(id(frame)), self._recorder, mark.names[0]
        if (
            home is None
            or (name not in home.tensors and not self._frames.takes(home, name))
            or home.filled != self._frames.filled
            or home.fickle
            or in_the_way()
            or out_of_reach()
            or value.requires_grad
            or value._base is not None
            or self.busy
            or self._inside
            or self._entered
            or recorder.stopping
            or recorder.change.cards
            or _nodes_made() != self._nodes
            or (_default_dtype(), grad_enabled(), _inference()) != self._modes
            or (mark.writes and (self._tensors.dirty or self._judging.may_write(mark, frame)))
        ):
            return False
        self.busy = True
        try:
            met = self._tensors.meet_result(value, mark.operator)
        except Exception as err:
            recorder.could_not_look(err)
            return False
        finally:
            self.busy = False
        if met is None:
            return False
        home.tensors[name] = met[0]
        log = self._log
        changes = log.changes
        self._extend((-mark.id, home.id, -2 - len(changes)))
        changes.extend((log.path(name), *met))
        return True

    def _enter(self, entry: int, *values: Any) -> None:
        _aside = set_aside() if _profile() is not None or _trace() is not None else None
        recorder, frame = self._recorder, _getframe(1)
        if not recorder.enabled:
            return
        known = self._entries[entry]
        with self._lock:
            caller = self._frames.recorded_above(frame.f_back)
            above = self._frames.by_object.get(id(caller)) if caller is not None else None
            # A caller that is being traced must not be asked for its names: it would lose them.
            self._inside |= _aside is not None or not self._is_calm(caller)
            activation = self._frames.enter(frame)
            is_module = known.scope == marks.MODULE
            if is_module:
                self._frames.modules[known.file] = activation
            if recorder.graph is not None:
                recorder.graph.entered(above.id if above else 0)
                self._entered = True
            if is_module or activation.cells or any(type(one) not in SCALARS for one in values):
                self.look(self._look_at_entry, known.names, values, frame, activation)
            entered = Entered(
                activation.id,
                id(frame),
                known.function,
                above.id if above else 0,
                activation.thread,
                known.file,
                is_module,
                self._log.write(recorder.change),
            )
            self._log.event(entered)

    # One step.

    def _step(self, mark: Mark, values: tuple[Any, ...], frame: FrameType) -> None:
        recorder = self._recorder
        with self._lock:
            self._note_modes()
            activation = self._frames.by_object.get(id(frame))
            if activation is not None:
                self.look(self._look_at_step, mark, values, frame, activation)
            start: Any = self._log.write(recorder.change)
            for value in values:
                if type(value) in SCALARS:
                    start = (start, tuple(v if type(v) in SCALARS else None for v in values))
                    break
            self._extend((-mark.id, activation.id if activation else 0, start))
        if recorder.stopping:
            raise KeyboardInterrupt

    def _note_modes(self) -> None:
        modes = (_default_dtype(), grad_enabled(), _inference())
        if modes != self._modes:
            self._modes = modes
            self._log.event(Said(ModesChanged(-1, str(modes[0])[6:], *modes[1:])))
