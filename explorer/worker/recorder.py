"""Joins all that happens into the one list of steps.

What others call:

- ``Recorder()`` makes ``statements`` (`Statements`), ``snapshots`` (`Snapshots`), ``kinds``
  (`CardKinds`), ``tensors`` (`Tensors`), ``frames`` (`Frames`) and ``log`` (`Log`).
- ``compile(source, path)``: code that reports here when it runs.
- ``tensors.node_id_of``: set by the graph; called with a grad_fn, gives its node id.
- ``frame_of_caller()``: frame id of the innermost recorded frame of this thread.
- ``node_ran(node, name, grads_in, grads_out, frame, leaf)``: a node of backward ran.
- ``failed(exception, caught)``: the statement that raised becomes an error step.
- ``printed(stream, text)``, ``note(sentence)``; ``stop()``: the next probe raises
  KeyboardInterrupt.

A probe never raises into the program otherwise, and never changes what it computes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FrameType
from typing import Any, Protocol

import torch

from explorer.protocol.recording import ModesChanged
from explorer.worker import marking
from explorer.worker.cards import CardKinds
from explorer.worker.doors import Doors, own_memory
from explorer.worker.explain import explained
from explorer.worker.frames import Activation, Frames
from explorer.worker.log import Change, Entered, Log, NodeRan, Noted, Printed, Raised, Said
from explorer.worker.marking import Mark
from explorer.worker.quiet import out_of_reach, quiet
from explorer.worker.snapshots import Snapshots
from explorer.worker.statements import Statements
from explorer.worker.tensors import Tensors

SCALARS = frozenset({int, float, bool, type(None)})
"""Types whose values are kept as they are."""

_getframe = sys._getframe
_default_dtype = torch.get_default_dtype
_grad_enabled = torch.is_grad_enabled
_inference = torch.is_inference_mode_enabled


class Graph(Protocol):
    """Who keeps the autograd graph; called under the log's lock."""

    def node_id(self, grad_fn: Any) -> int:
        """The id of a node."""
        ...

    def entered(self, caller: int) -> None:
        """A function of the program begins, called from frame ``caller``."""
        ...

    def statement_ended(self, frame: int, statement: int) -> None:
        """A statement of ``frame`` ends; it is about to be written down."""
        ...


class Recorder:
    """All steps of one run."""

    def __init__(self) -> None:
        self.statements = Statements()
        self.snapshots = Snapshots()
        self.kinds = CardKinds()
        self.log = Log()
        self.tensors = Tensors(self.snapshots, self.kinds)
        self.frames = Frames(self.log, self.tensors, self.statements.plain)
        self.frames.note = self.note
        self.enabled = True
        self.stopping = False
        self._busy = False
        self._change = Change()
        """What was noted outside any step; it goes into the next one."""
        self._noting: Change | None = None
        """Where the look that is going on notes what it finds."""
        self._graph: Graph | None = None
        self._modes: tuple[torch.dtype, bool, bool] | None = None
        self.doors = Doors(self.tensors)
        self._probes = {
            marking.PROBE: self._probe,
            marking.TAP: self._tap,
            marking.ENTER: self._enter,
            marking.CAUGHT: self._caught,
            marking.EXTEND: self.log.entries.extend,
            marking.KIND: type,
            marking.SCALARS: SCALARS,
            marking.ID: id,
            marking.FRAME: _getframe,
            marking.READY: own_memory,
        }

    def compile(self, source: bytes | str, path: str, plain: CodeType | None = None) -> CodeType:
        """Code of a file that reports every statement here; ``plain`` is the code that plain
        Python made of it, when that is known.

        Raises:
            SyntaxError, ValueError: as compiling the plain source does.
        """
        return self.statements.compile(source, path, self._probes, plain)

    def stop(self) -> None:
        """Let the next probe raise KeyboardInterrupt."""
        self.stopping = True

    def follow_graph(self, graph: Graph) -> None:
        """Tell ``graph`` of every function and statement, and ask it for node ids."""
        self._graph = graph
        self.tensors.node_id_of = graph.node_id

    def tensor_id(self, tensor: torch.Tensor) -> int:
        """The id of a tensor; one that is new is recorded with the step that is running."""
        with self.log.lock:
            return self.tensors.id_of(tensor, self._noting or self._change)

    def printed(self, stream: str, text: str) -> None:
        """Text printed by the statement that is running."""
        self.log.event(Printed(stream, text))

    def note(self, sentence: str) -> None:
        """Something about the recording that the user should know."""
        self.log.event(Noted(sentence))

    # What the rewritten program calls.

    def _probe(self, statement: int, *values: Any) -> None:
        if self.enabled:
            self._step(self.statements.marks[statement - 1], values, _getframe(1))

    def _tap(self, statement: int, value: Any) -> Any:
        if self.enabled:
            self._step(self.statements.marks[statement - 1], (), _getframe(1))
        return value

    def _caught(self, statement: int) -> None:
        if self.enabled:
            error = sys.exc_info()[1]
            if error is not None:
                self.failed(error, caught=True)
            mark = self.statements.marks[statement - 1]
            self._step(mark, (error,) if mark.names else (), _getframe(1))

    def _enter(self, entry: int, *values: Any) -> None:
        if not self.enabled:
            return
        frame = _getframe(1)
        known = self.statements.entries[entry]
        with self.log.lock:
            above = self.frames.above(frame.f_back)
            activation = self.frames.enter(frame)
            is_module = known.scope == marking.MODULE
            if is_module:
                self.frames.modules[known.file] = activation
            if self._graph is not None:
                self._graph.entered(above.id if above else 0)
            change = self._taken_change()
            names = zip(known.names, values, strict=True)
            tensors = activation.cells or any(type(value) not in SCALARS for value in values)
            if tensors and self._may_look():
                self._look(change, lambda: self.frames.bind_all(activation, names, change, -1))
                self._look(change, lambda: self._bind_outer(activation, frame, change))
            entered = Entered(
                activation.id,
                id(frame),
                known.function,
                above.id if above else 0,
                activation.thread,
                known.file,
                is_module,
                self.log.write(change),
            )
            self.log.event(entered)

    def _bind_outer(self, activation: Activation, frame: FrameType, change: Change) -> None:
        """Note the names that a function takes from the functions around it."""
        outer = frame.f_code.co_freevars
        if outer:
            names = _all_names(frame)
            found = [(name, names[name]) for name in outer if name in names]
            self.frames.bind_all(activation, found, change, -1)

    # One step.

    def _step(self, mark: Mark, values: tuple[Any, ...], frame: FrameType) -> None:
        with self.log.lock:
            modes = (_default_dtype(), _grad_enabled(), _inference())
            if modes != self._modes:
                self._modes = modes
                self.log.event(Said(ModesChanged(-1, str(modes[0])[6:], *modes[1:])))
            activation = self.frames.by_object.get(id(frame))
            change = self._taken_change()
            if activation is not None and self._may_look():
                self._look(
                    change, lambda: self._look_at_step(mark, values, frame, activation, change)
                )
            start: Any = self.log.write(change)
            kept = tuple(value if type(value) in SCALARS else None for value in values)
            if kept.count(None) != len(kept):
                start = (start, kept)
            self.log.entries.extend((-mark.id, activation.id if activation else 0, start))
        if self.stopping:
            raise KeyboardInterrupt

    def _taken_change(self) -> Change:
        """What has been noted since the last entry; all that is noted from now on goes there."""
        change, self._change = self._change, Change()
        return change

    def _may_look(self) -> bool:
        return not self._busy and not out_of_reach()

    def _look(self, change: Change, look: Callable[[], None]) -> None:
        """Look at tensors and note it in ``change``; whatever goes wrong stays in here."""
        self._busy, self._noting = True, change
        try:
            with quiet():
                look()
        except Exception as err:
            self.note(f"A step could not be looked at: {type(err).__name__}: {err}")
        finally:
            self._busy, self._noting = False, None

    def _look_at_step(
        self,
        mark: Mark,
        values: tuple[Any, ...],
        frame: FrameType,
        activation: Activation,
        change: Change,
    ) -> None:
        frames, running = self.frames, activation.id
        if self._graph is not None:
            self._graph.statement_ended(running, mark.id)
        dead = self.tensors.check(change) if mark.writes else set()
        if mark.scope == marking.CLASS and mark.names:
            frames.bind_all(activation, _looked_up(mark.names, frame), change, running)
        for name, in_module, value in zip(mark.names, mark.homes, values, strict=False):
            home = frames.modules.get(mark.file, activation) if in_module else activation
            frames.bind(home, name, value, change, running)
        for name in mark.removed:
            frames.bind(activation, name, None, change, running)
        if mark.uncertain:
            frames.bind_all(activation, _all_names(frame).items(), change, running)
        elif mark.writes and (activation.roots or activation.cells):
            names = _all_names(frame)
            frames.look_into_cells(activation, names, change)
            frames.look_into_containers(activation, names, change, dead)

    # Backward, errors, frames.

    def node_ran(
        self,
        node: int,
        name: str,
        grads_in: Sequence[torch.Tensor | None],
        grads_out: Sequence[torch.Tensor | None],
        frame: int,
        leaf: torch.Tensor | None = None,
    ) -> None:
        """A node of the graph ran during the statement that runs in ``frame``.

        ``leaf`` is, for AccumulateGrad, the tensor whose ``.grad`` it has just filled.
        """
        with self.log.lock:
            if not self.enabled or not self._may_look():
                return
            change = self._taken_change()
            ids: list[tuple[int, ...]] = []

            def look() -> None:
                ids.append(self._ids(grads_in, change))
                ids.append(self._ids(grads_out, change))
                if leaf is not None:
                    number = self.tensors.id_of(leaf, change)
                    self.tensors.refresh(number, leaf, change)
                    ids.append((number,))

            self._look(change, look)
            ids += [()] * (3 - len(ids))
            filled = ids[2][0] if ids[2] else 0
            start = self.log.write(change)
            self.log.event(NodeRan(frame, node, name, ids[0], ids[1], filled, start))

    def _ids(self, tensors: Sequence[torch.Tensor | None], change: Change) -> tuple[int, ...]:
        return tuple(0 if one is None else self.tensors.id_of(one, change) for one in tensors)

    def failed(self, error: BaseException, caught: bool) -> None:
        """The innermost recorded statement in the traceback of ``error`` raised it."""
        traceback, found = error.__traceback__, None
        while traceback is not None:
            activation = self.frames.by_object.get(id(traceback.tb_frame))
            if traceback.tb_frame.f_code in self.statements.plain and activation is not None:
                found = activation, traceback
            traceback = traceback.tb_next
        if found is None:
            return
        activation, traceback = found
        mark = self.statements.mark_at(traceback.tb_frame.f_code, traceback.tb_lineno)
        with self.log.lock:
            change = self._taken_change()
            if self._may_look():
                frame = traceback.tb_frame
                self._look(change, lambda: self._look_after_error(mark, frame, activation, change))
            raised = Raised(
                activation.id,
                mark.id if mark else 0,
                type(error).__name__,
                _text_of(error),
                explained(error),
                caught,
                self.log.write(change),
            )
            self.log.event(raised)

    def _look_after_error(
        self, mark: Mark | None, frame: FrameType, activation: Activation, change: Change
    ) -> None:
        dead = self.tensors.check(change)
        if activation.roots:
            names = _all_names(frame)
            self.frames.look_into_containers(activation, names, change, dead)

    def frame_of_caller(self) -> int:
        """Frame id of the innermost recorded frame of this thread; 0 when there is none."""
        activation = self.frames.above(_getframe(1))
        return activation.id if activation else 0


def _all_names(frame: FrameType) -> Mapping[str, Any]:
    """The names that a frame sees, without those of the module around a function."""
    return {
        name: value
        for name, value in frame.f_locals.items()
        if not (name.startswith("__") and name.endswith("__"))
    }


def _looked_up(names: tuple[str, ...], frame: FrameType) -> list[tuple[str, Any]]:
    """Names of a class body, whose mapping may be one that minds being asked."""
    local: object = frame.f_locals
    if not isinstance(local, dict):
        return []
    return [(name, dict.get(local, name)) for name in names]


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"
