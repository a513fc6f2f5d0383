"""Turns the log of the probes into the news that the window rebuilds the recording from."""

from __future__ import annotations

import sys
from array import array
from typing import Any

from explorer.protocol.recording import (
    FileMarked,
    Frame,
    NodeOwner,
    NodeStep,
    RecordingNoted,
    Statement,
    StepChange,
    StepError,
    StepsRecorded,
)
from explorer.protocol.running import OutputPrinted
from explorer.worker.recorder import Recorder
from explorer.worker.steps import (
    ENTERED,
    ERROR,
    NODE,
    NOTE,
    PRINTED,
    STEP,
    Change,
    EnteredEntry,
    NamesOf,
)

Paths = dict[str, int]


class Batch:
    """The steps of one round, column by column."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.statements = array("i")
        self.frames = array("i")
        self.threads = array("i")
        self.new_frames: list[Frame] = []
        self.changes: list[StepChange] = []
        self.nodes: list[NodeStep] = []
        self.owners: list[NodeOwner] = []
        self.errors: list[StepError] = []

    def add(self, statement: int, frame: int, thread: int) -> None:
        """One more step."""
        self.statements.append(statement)
        self.frames.append(frame)
        self.threads.append(thread)

    def tail(self) -> bytes:
        """The columns, as little-endian int32."""
        columns = (self.statements, self.frames, self.threads)
        if sys.byteorder == "big":
            for column in columns:
                column.byteswap()
        return b"".join(column.tobytes() for column in columns)


class News:
    """Reads the log in order; one reader for the whole run. Not for several threads at once."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.steps = 0
        """How many steps have been read from the log."""
        self.values: list[Any] = []
        """For each step what its statement bound: a scalar, a tuple of them, or None."""
        self._frame_of_object: dict[int, tuple[int, int]] = {}
        self._modules: dict[int, tuple[int, int]] = {}
        self._names: dict[int, dict[str, Paths]] = {}
        self._pending: dict[int, dict[str, int]] = {}
        self._open_nodes: dict[int, tuple[int, int]] = {}
        self._carried = Change()
        self._files = 0
        self._kinds = 0
        self._batch = Batch(0)

    def read(self) -> list[Any]:
        """Messages for all that was logged since the last call, in the order to send them."""
        log = self._recorder.log
        end = len(log)
        chunk = log[:end]
        del log[:end]
        messages: list[Any] = []
        self._batch = Batch(self.steps)
        for code, frame, value in zip(chunk[0::3], chunk[1::3], chunk[2::3], strict=True):
            if code > 0:
                self._scalar(code, frame, value)
            elif code == PRINTED:
                messages.append(OutputPrinted(self.steps, value[0], value[1]))
            elif code == NOTE:
                messages.append(RecordingNoted(value, self.steps))
            else:
                self._entry(code, frame, value)
        return [*self._new_files(), *self._finished(), *messages]

    def _new_files(self) -> list[FileMarked]:
        statements = self._recorder.statements
        made = []
        while self._files < len(statements.files):
            file = self._files
            marks = tuple(
                Statement(mark.id, file, mark.line, mark.end_line, mark.function, mark.code)
                for mark in statements.marks_in(file)
            )
            made.append(FileMarked(file, statements.files[file], marks))
            self._files += 1
        return made

    def _finished(self) -> list[StepsRecorded]:
        batch = self._batch
        if not len(batch.statements) and not batch.new_frames:
            return []
        kinds = tuple(self._recorder.kinds.kinds[self._kinds :])
        self._kinds += len(kinds)
        return [
            StepsRecorded(
                batch.first,
                len(batch.statements),
                batch.tail(),
                tuple(batch.new_frames),
                kinds,
                tuple(batch.changes),
                tuple(batch.nodes),
                tuple(batch.owners),
                tuple(batch.errors),
            )
        ]

    # Entries.

    def _scalar(self, statement: int, frame: int, value: Any) -> None:
        known = self._modules.get(-1 - frame) if frame < 0 else self._frame_of_object.get(frame)
        number, thread = known or (0, 0)
        mark = self._recorder.statements.mark_of(statement)
        for name, in_module in zip(mark.names, mark.homes, strict=True):
            home = number
            if in_module:
                home = self._modules.get(mark.file, (number, 0))[0]
            if name in self._names.get(home, ()):
                self._rebind((home, name, ()))
        self._step(statement, number, thread, None, value)

    def _entry(self, code: int, frame: int, value: Any) -> None:
        if code == STEP:
            values = value.values
            kept = values[0] if len(values) == 1 else values or None
            self._step(value.statement, frame, value.thread, value.change, kept)
        elif code == ENTERED:
            entered, change = value
            self._entered(frame, entered)
            self._carry(change)
        elif code == NODE:
            first, _ = self._open_nodes.get(frame, (self.steps, 0))
            self._open_nodes[frame] = (first, self.steps)
            self._batch.nodes.append(
                NodeStep(
                    self.steps, value.node, value.name, value.grads_in, value.grads_out, value.leaf
                )
            )
            self._step(0, frame, value.thread, value.change, None)
        elif code == ERROR:
            error = StepError(self.steps, value.type, value.message, value.explained, value.caught)
            self._batch.errors.append(error)
            self._step(value.statement, frame, value.thread, value.change, None)

    def _entered(self, frame_object: int, entered: EnteredEntry) -> None:
        known = (entered.frame, entered.thread)
        self._frame_of_object[frame_object] = known
        if entered.is_module:
            self._modules[entered.file] = known
        self._batch.new_frames.append(
            Frame(entered.frame, entered.function, entered.caller, entered.thread)
        )

    def _carry(self, change: Change) -> None:
        """What entering a function changed belongs to the step that comes next."""
        for names in change.names:
            self._rebind(names)
        self._carried.cards += change.cards
        self._carried.contents += change.contents

    def _step(
        self, statement: int, frame: int, thread: int, change: Change | None, kept: Any
    ) -> None:
        step = self.steps
        if statement and frame in self._open_nodes:
            first, last = self._open_nodes.pop(frame)
            self._batch.owners.append(NodeOwner(first, last, step))
        if change is not None:
            for names in change.names:
                self._rebind(names)
        pending = self._pending.pop(frame, None) if self._pending else None
        cards = change.cards if change is not None else []
        contents = change.contents if change is not None else []
        carried = self._carried
        if carried.cards or carried.contents:
            cards, contents = carried.cards + cards, carried.contents + contents
            self._carried = Change()
        if pending or cards or contents:
            names_now = tuple(pending.items()) if pending else ()
            self._batch.changes.append(StepChange(step, names_now, tuple(cards), tuple(contents)))
        self._batch.add(statement, frame, thread)
        self.values.append(kept)
        self.steps += 1

    def _rebind(self, names: NamesOf) -> None:
        """Compare what a name leads to with what it led to; note the differences for the next
        step of its frame."""
        frame, root, paths = names
        roots = self._names.setdefault(frame, {})
        before = roots.get(root, {})
        if not paths and not before:
            return
        now = dict(paths)
        changed = {path: tensor for path, tensor in now.items() if before.get(path) != tensor}
        changed.update((path, 0) for path in before if path not in now)
        if now:
            roots[root] = now
        else:
            del roots[root]
        if changed:
            self._pending.setdefault(frame, {}).update(changed)
