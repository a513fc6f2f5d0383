"""Joins all that happens into the one list of steps.

What others call:

- ``Recorder(snapshots)``; ``recorder.statements`` (`Statements`), ``recorder.snapshots``,
  ``recorder.kinds`` (`CardKinds`), ``recorder.log`` (see `steps`).
- ``recorder.compile(source, path)`` -> code that reports here when it runs.
- ``recorder.node_id_of``: set by the graph; called with a grad_fn, gives its node id.
- ``recorder.frame_of_caller()`` -> frame id of the innermost recorded frame on this thread.
- ``recorder.node_ran(node, name, grads_in, grads_out, frame, leaf)``: a node of backward ran.
- ``recorder.failed(exception, caught)``: the statement that raised becomes an error step.
- ``recorder.printed(stream, text)``; ``recorder.note(sentence)``.
- ``recorder.stop()``: the next probe raises KeyboardInterrupt.

A probe never raises into the program and never changes what it computes.
"""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from types import CodeType, FrameType
from typing import Any

import torch

from explorer.worker import marking
from explorer.worker.cards import CardKinds, Row, version_of
from explorer.worker.contents_of import may_hold_tensors, tensors_in
from explorer.worker.explain import explained
from explorer.worker.marking import Mark
from explorer.worker.quiet import out_of_reach, quiet
from explorer.worker.snapshots import Snapshots, Storage
from explorer.worker.statements import Statements
from explorer.worker.steps import (
    ENTERED,
    ERROR,
    NODE,
    NOTE,
    PRINTED,
    SCALARS,
    STEP,
    Change,
    EnteredEntry,
    ErrorEntry,
    NodeEntry,
    StepEntry,
)

Tensor = torch.Tensor


class Known:
    """A tensor of the program, never kept alive."""

    __slots__ = ("id", "ref", "row", "storage")

    def __init__(self, number: int, tensor: Tensor) -> None:
        self.id = number
        self.ref = weakref.ref(tensor)
        self.row: Row | None = None
        self.storage: Storage | None = None


class Activation:
    """One activation of a function, class body or module."""

    __slots__ = ("containers", "id", "is_module", "thread")

    def __init__(self, number: int, thread: int, is_module: bool) -> None:
        self.id = number
        self.thread = thread
        self.is_module = is_module
        self.containers: dict[str, tuple[tuple[str, int], ...]] = {}
        """Names of this frame that hold containers, with the tensors found in each."""


class Recorder:
    """All steps of one run."""

    def __init__(self, snapshots: Snapshots) -> None:
        self.statements = Statements()
        self.snapshots = snapshots
        self.kinds = CardKinds()
        self.log: list[Any] = []
        self.node_id_of: Callable[[Any], int] = lambda grad_fn: 0
        self.modules: dict[int, Activation] = {}
        """File id -> the activation of that module's body."""
        self.enabled = True
        self.stopping = False
        self._lock = threading.RLock()
        self._busy = False
        self._activations: dict[int, Activation] = {}
        self._frame_count = 0
        self._threads: dict[int, int] = {}
        self._tensor_count = 0
        self._known: dict[int, Known] = {}
        self._probes = {
            marking.PROBE: self._probe,
            marking.TAP: self._tap,
            marking.ENTER: self._enter,
            marking.CAUGHT: self._caught,
            marking.EXTEND: self.log.extend,
            marking.KIND: type,
            marking.SCALARS: SCALARS,
            marking.ID: id,
            marking.FRAME: sys._getframe,
        }

    def compile(self, source: bytes | str, path: str) -> CodeType:
        """Code of a file that reports every statement here.

        Raises:
            SyntaxError, ValueError: as compiling the plain source does.
        """
        return self.statements.compile(source, path, self._probes)

    def stop(self) -> None:
        """Let the next probe raise KeyboardInterrupt."""
        self.stopping = True

    def printed(self, stream: str, text: str) -> None:
        """Text printed by the statement that is running."""
        self.log.extend((PRINTED, 0, (stream, text)))

    def note(self, sentence: str) -> None:
        """Something about the recording that the user should know."""
        self.log.extend((NOTE, 0, sentence))

    # What the rewritten program calls.

    def _probe(self, statement: int, *values: Any) -> None:
        if self.enabled:
            self._step(statement, values, sys._getframe(1))

    def _tap(self, statement: int, value: Any) -> Any:
        if self.enabled:
            self._step(statement, (), sys._getframe(1))
        return value

    def _caught(self, statement: int) -> None:
        if self.enabled:
            error = sys.exc_info()[1]
            if error is not None:
                self.failed(error, caught=True)
            self._step(statement, (None,), sys._getframe(1))

    def _enter(self, entry: int, *values: Any) -> None:
        if not self.enabled:
            return
        frame = sys._getframe(1)
        with self._lock:
            activation, entered = self._activate(entry, frame)
            change = Change()
            if any(type(value) not in SCALARS for value in values):
                names = zip(self.statements.entries[entry].names, values, strict=True)
                self._guarded(change, lambda: self._bind_all(activation, names, change))
            self.log.extend((ENTERED, id(frame), (entered, change)))

    def _activate(self, entry: int, frame: FrameType) -> tuple[Activation, EnteredEntry]:
        known = self.statements.entries[entry]
        is_module = known.scope == marking.MODULE
        thread = self._thread()
        caller = self._activation_above(frame.f_back)
        number = self._frame_count  # 0 is the program's module, which is entered first
        self._frame_count += 1
        activation = Activation(number, thread, is_module)
        self._activations[id(frame)] = activation
        if is_module:
            self.modules[known.file] = activation
        above = caller.id if caller else 0
        return activation, EnteredEntry(
            number, known.function, above, thread, known.file, is_module
        )

    # One step.

    def _step(self, statement: int, values: tuple[Any, ...], frame: FrameType) -> None:
        with self._lock:
            mark = self.statements.marks[statement - 1]
            activation = self._activations.get(id(frame))
            change = Change()
            if activation is not None and not self._busy:
                self._guarded(change, lambda: self._look(mark, values, frame, activation, change))
            kept = tuple(value if type(value) in SCALARS else None for value in values)
            entry = StepEntry(statement, self._thread(), change, kept)
            self.log.extend((STEP, activation.id if activation else 0, entry))
        if self.stopping:
            raise KeyboardInterrupt

    def _guarded(self, change: Change, look: Callable[[], None]) -> None:
        """Look at tensors where that is allowed; whatever goes wrong stays in here."""
        if self._busy or out_of_reach():
            return
        self._busy = True
        try:
            with quiet():
                look()
        except Exception as err:
            self.note(f"This step could not be looked at: {type(err).__name__}: {err}")
        finally:
            self._busy = False

    def _look(
        self,
        mark: Mark,
        values: tuple[Any, ...],
        frame: FrameType,
        activation: Activation,
        change: Change,
    ) -> None:
        if mark.writes:
            self._look_for_writes(change)
        if values:
            self._bind_all(activation, zip(mark.names, values, strict=True), change, mark)
        elif mark.names and mark.scope == marking.CLASS:
            self._bind_all(activation, _looked_up(mark.names, frame), change, mark)
        for name in mark.removed:
            self._bind(activation, name, None, change)
        if mark.uncertain:
            self._bind_all(activation, list(_names_of(frame).items()), change)
        elif mark.writes:
            self._look_into_containers(activation, frame, change)

    # Names.

    def _bind_all(
        self,
        activation: Activation,
        names: Any,
        change: Change,
        mark: Mark | None = None,
    ) -> None:
        homes = mark.homes if mark is not None else ()
        for place, (name, value) in enumerate(names):
            home = activation
            if homes and homes[place] and mark is not None:
                home = self.modules.get(mark.file, activation)
            self._bind(home, name, value, change)

    def _bind(self, home: Activation, name: str, value: Any, change: Change) -> None:
        paths: tuple[tuple[str, int], ...] = ()
        if isinstance(value, Tensor):
            paths = ((name, self._tensor(value, change).id),)
        elif may_hold_tensors(value):
            paths = home.containers[name] = self._paths(name, value, change)
        if not paths:
            home.containers.pop(name, None) if not may_hold_tensors(value) else None
        change.names.append((home.id, name, paths))

    def _paths(self, name: str, value: Any, change: Change) -> tuple[tuple[str, int], ...]:
        walk = tensors_in(value)
        if walk.cut:
            self.note(f"{name}{walk.cut}")
        return tuple((name + path, self._tensor(tensor, change).id) for path, tensor in walk.found)

    def _look_into_containers(
        self, activation: Activation, frame: FrameType, change: Change
    ) -> None:
        if not activation.containers:
            return
        names = _names_of(frame)
        for name, before in list(activation.containers.items()):
            value = names.get(name)
            if isinstance(value, Tensor) or not may_hold_tensors(value):
                self._bind(activation, name, value, change)
                continue
            now = self._paths(name, value, change)
            if now != before:
                activation.containers[name] = now
                change.names.append((activation.id, name, now))

    # Tensors.

    def _tensor(self, tensor: Tensor, change: Change) -> Known:
        known = self._known.get(id(tensor))
        if known is None or known.ref() is not tensor:
            self._tensor_count += 1
            known = self._known[id(tensor)] = Known(self._tensor_count, tensor)
            self._refresh(known, tensor, change)
        return known

    def _refresh(self, known: Known, tensor: Tensor, change: Change) -> None:
        """Compare a tensor with what is known of it, and note what differs."""
        storage = self.snapshots.storage_of(tensor)
        if self.snapshots.look(storage, tensor):
            change.contents.append(storage.row())
        base = tensor._base if tensor.layout is torch.strided else None
        grad_fn = tensor.grad_fn
        grad = None
        if tensor.requires_grad and (tensor.is_leaf or tensor.retains_grad):
            grad = tensor.grad
        row = (
            known.id,
            self.kinds.kind_of(tensor, ()),
            storage.id,
            version_of(tensor),
            self.node_id_of(grad_fn) if grad_fn is not None else 0,
            self._tensor(grad, change).id if grad is not None else 0,
            self._tensor(base, change).id if base is not None else 0,
        )
        if row != known.row:
            known.row = row
            change.cards.append(row)

    def _look_for_writes(self, change: Change) -> None:
        for key, known in list(self._known.items()):
            tensor = known.ref()
            if tensor is None:
                del self._known[key]
            else:
                self._refresh(known, tensor, change)

    # Backward, errors, frames.

    def node_ran(
        self,
        node: int,
        name: str,
        grads_in: Sequence[Tensor | None],
        grads_out: Sequence[Tensor | None],
        frame: int,
        leaf: Tensor | None = None,
    ) -> None:
        """A node of the graph ran during the statement that runs in ``frame``.

        ``leaf`` is, for AccumulateGrad, the tensor whose ``.grad`` it has just filled.
        """
        with self._lock:
            if not self.enabled or self._busy:
                return
            change = Change()
            ids: list[tuple[int, ...]] = []

            def look() -> None:
                ids.append(self._ids(grads_in, change))
                ids.append(self._ids(grads_out, change))
                if leaf is not None:
                    known = self._tensor(leaf, change)
                    self._refresh(known, leaf, change)
                    ids.append((known.id,))

            self._guarded(change, look)
            ids += [()] * (3 - len(ids))
            owner = ids[2][0] if ids[2] else 0
            entry = NodeEntry(node, name, self._thread(), ids[0], ids[1], owner, change)
            self.log.extend((NODE, frame, entry))

    def _ids(self, tensors: Sequence[Tensor | None], change: Change) -> tuple[int, ...]:
        return tuple(0 if one is None else self._tensor(one, change).id for one in tensors)

    def failed(self, error: BaseException, caught: bool) -> None:
        """The innermost recorded statement in the traceback of ``error`` raised it."""
        traceback, found = error.__traceback__, None
        while traceback is not None:
            activation = self._activations.get(id(traceback.tb_frame))
            if traceback.tb_frame.f_code in self.statements.plain and activation is not None:
                found = activation, traceback
            traceback = traceback.tb_next
        if found is None:
            return
        activation, traceback = found
        statement = self._statement_at(traceback.tb_frame, traceback.tb_lineno)
        with self._lock:
            change = Change()
            self._guarded(change, lambda: self._look_for_writes(change))
            entry = ErrorEntry(
                statement,
                self._thread(),
                type(error).__name__,
                _text_of(error),
                explained(error),
                caught,
                change,
            )
            self.log.extend((ERROR, activation.id, entry))

    def _statement_at(self, frame: FrameType, line: int) -> int:
        path = frame.f_code.co_filename
        covering = [
            mark
            for mark in self.statements.marks
            if mark.line <= line <= mark.end_line and self.statements.files[mark.file] == path
        ]
        return max(covering, key=lambda mark: (mark.line, mark.id)).id if covering else 0

    def frame_of_caller(self) -> int:
        """Frame id of the innermost recorded frame of this thread; 0 when there is none."""
        activation = self._activation_above(sys._getframe(1))
        return activation.id if activation else 0

    def _activation_above(self, frame: FrameType | None) -> Activation | None:
        while frame is not None:
            if frame.f_code in self.statements.plain:
                return self._activations.get(id(frame))
            frame = frame.f_back
        return None

    def _thread(self) -> int:
        return self._threads.setdefault(threading.get_ident(), len(self._threads))


def _names_of(frame: FrameType) -> dict[str, Any]:
    """The names that a frame sees, without those of the module around a function."""
    return dict(frame.f_locals)


def _looked_up(names: tuple[str, ...], frame: FrameType) -> list[tuple[str, Any]]:
    local = frame.f_locals
    if not isinstance(local, dict):
        return []
    return [(name, dict.get(local, name)) for name in names]


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"
