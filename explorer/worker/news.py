"""Turns the log of the probes into the news that the window rebuilds the recording from."""

from __future__ import annotations

import dataclasses
import itertools
import sys
from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np

from explorer.protocol.recording import (
    FileMarked,
    Frame,
    NodeOwner,
    NodeStep,
    RecordingNoted,
    Statement,
    StepError,
    StepsRecorded,
)
from explorer.protocol.running import OutputPrinted
from explorer.worker.log import (
    HEADER,
    NOTHING,
    Entered,
    NodeRan,
    Noted,
    Printed,
    Raised,
    Said,
    Taken,
)
from explorer.worker.recorder import Recorder


class Batch:
    """What one reading of the log adds up to."""

    def __init__(self, taken: Taken, first: int) -> None:
        self.first = first
        self.changes = taken.changes
        self.cleared: list[tuple[int, ...]] = []
        """Change records that were made while reading."""
        self.paths = taken.paths
        self.statements = array("i")
        self.frames = array("i")
        self.values: list[Any] = []
        self.new_frames: list[Frame] = []
        self.nodes: list[NodeStep] = []
        self.owners: list[NodeOwner] = []
        self.errors: list[StepError] = []
        self.said: list[Any] = []

    @property
    def next(self) -> int:
        """Index of the step that comes next."""
        return self.first + len(self.statements)

    def step(self, statement: int, frame: int, value: Any) -> None:
        """One more step."""
        self.statements.append(statement)
        self.frames.append(frame)
        self.values.append(value)

    def place(self, start: int) -> None:
        """The change record at ``start`` belongs to the step that comes next."""
        if start != NOTHING:
            self.changes[start] = self.next

    def clear_names(self, elsewhere: list[int]) -> None:
        """A change record of its own for names that turned into something else."""
        self.cleared.append((self.next, 0, len(elsewhere) // 3, 0, 0, *elsewhere))

    def ordered_changes(self) -> array[int]:
        """All change records in the order of their steps."""
        if not self.cleared:
            return self.changes
        records: list[tuple[int, ...]] = [*_records(self.changes), *self.cleared]
        records.sort(key=lambda record: record[0])
        return array("q", itertools.chain.from_iterable(records))

    def path(self, text: str) -> int:
        """The number of a path in this batch."""
        if text not in self.paths:
            self.paths.append(text)
        return self.paths.index(text)


def _records(changes: array[int]) -> Iterator[tuple[int, ...]]:
    at = 0
    while at < len(changes):
        names, elsewhere, cards, contents = changes[at + 1 : at + HEADER]
        end = at + HEADER + 2 * names + 3 * elsewhere + 7 * cards + 4 * contents
        yield tuple(changes[at:end])
        at = end


class News:
    """Reads the log in order; one reader for the whole run. Not for several threads at once."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.steps = 0
        """How many steps have been read from the log."""
        self.values: list[Any] = []
        """For each step what its statement bound: a scalar, a tuple of them, or None."""
        self._frame_of_object: dict[int, int] = {}
        self._modules: dict[int, int] = {}
        self._threads = array("i")
        """Frame id -> thread."""
        self._open_nodes: dict[int, tuple[int, int]] = {}
        self._files = 0
        self._kinds = 0

    def read(self) -> list[Any]:
        """Messages for all that was logged since the last call, in the order to send them."""
        taken = self._recorder.log.take()
        if not taken.entries:
            return []
        batch = Batch(taken, self.steps)
        entries = taken.entries
        for code, frame, value in zip(entries[0::3], entries[1::3], entries[2::3], strict=True):
            if code > 0:
                self._quick(batch, code, frame, value)
            elif code < 0:
                self._slow(batch, -code, frame, value)
            else:
                self._event(batch, value)
        self.steps = batch.next
        self.values += batch.values
        return [*self._new_files(), self._message(batch), *batch.said]

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

    def _message(self, batch: Batch) -> StepsRecorded:
        kinds = tuple(self._recorder.kinds.kinds[self._kinds :])
        self._kinds += len(kinds)
        frames = np.array(batch.frames, dtype="<i4")
        threads = np.array(self._threads, dtype="<i4")[frames] if len(frames) else frames
        changes = batch.ordered_changes()
        if sys.byteorder == "big":
            batch.statements.byteswap()
            changes.byteswap()
        parts = (batch.statements, frames, threads, changes)
        return StepsRecorded(
            batch.first,
            len(batch.statements),
            b"".join(part.tobytes() for part in parts),
            frames=tuple(batch.new_frames),
            kinds=kinds,
            paths=tuple(batch.paths),
            nodes=tuple(batch.nodes),
            owners=tuple(batch.owners),
            errors=tuple(batch.errors),
        )

    # Entries.

    def _quick(self, batch: Batch, statement: int, frame: int, value: Any) -> None:
        number = self._modules[-1 - frame] if frame < 0 else self._frame_of_object[frame]
        mark = self._recorder.statements.marks[statement - 1]
        for name, in_module in zip(mark.names, mark.homes, strict=True):
            home = self._modules[mark.file] if in_module else number
            activation = self._recorder.frames.by_id.get(home)
            if activation is not None and name in activation.ever:
                gone: list[int] = []
                for path in list(activation.ever[name]):
                    gone += (home, batch.path(path), 0)
                batch.clear_names(gone)
        self._close_nodes(batch, number)
        batch.step(statement, number, value)

    def _slow(self, batch: Batch, statement: int, frame: int, value: Any) -> None:
        kept = None
        if type(value) is tuple:
            value, kept = value
        batch.place(value)
        self._close_nodes(batch, frame)
        batch.step(statement, frame, kept)

    def _event(self, batch: Batch, event: Any) -> None:
        if isinstance(event, Printed):
            batch.said.append(OutputPrinted(batch.next, event.stream, event.text))
        elif isinstance(event, Said):
            batch.said.append(dataclasses.replace(event.news, step=batch.next))
        elif isinstance(event, Noted):
            batch.said.append(RecordingNoted(event.sentence, batch.next))
        elif isinstance(event, Entered):
            self._entered(batch, event)
        elif isinstance(event, NodeRan):
            self._node(batch, event)
        elif isinstance(event, Raised):
            self._raised(batch, event)

    def _entered(self, batch: Batch, event: Entered) -> None:
        self._frame_of_object[event.frame_object] = event.frame
        if event.is_module:
            self._modules[event.file] = event.frame
        self._threads.append(event.thread)
        batch.new_frames.append(Frame(event.frame, event.function, event.caller, event.thread))
        batch.place(event.changes)

    def _node(self, batch: Batch, event: NodeRan) -> None:
        first, _ = self._open_nodes.get(event.frame, (batch.next, 0))
        self._open_nodes[event.frame] = (first, batch.next)
        batch.place(event.changes)
        batch.nodes.append(
            NodeStep(
                batch.next, event.node, event.name, event.grads_in, event.grads_out, event.leaf
            )
        )
        batch.step(0, event.frame, None)

    def _raised(self, batch: Batch, event: Raised) -> None:
        batch.place(event.changes)
        batch.errors.append(
            StepError(batch.next, event.type, event.message, event.explained, event.caught)
        )
        self._close_nodes(batch, event.frame)
        batch.step(event.statement, event.frame, None)

    def _close_nodes(self, batch: Batch, frame: int) -> None:
        """Nodes that ran in this frame belong to the statement that ends now."""
        if frame in self._open_nodes:
            first, last = self._open_nodes.pop(frame)
            batch.owners.append(NodeOwner(first, last, batch.next))
