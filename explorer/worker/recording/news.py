"""Turns the log of the probes into the news that the window rebuilds the recording from."""

from __future__ import annotations

import dataclasses
import itertools
from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np

from explorer.protocol.recording import (
    FileMarked,
    Frame,
    NodeOwner,
    NodeStep,
    PassRan,
    RecordingNoted,
    Statement,
    StepError,
    StepsRecorded,
)
from explorer.protocol.running import OutputPrinted
from explorer.worker.recorder import Recorder
from explorer.worker.recording.frames import Left
from explorer.worker.recording.log import (
    Entered,
    Escaped,
    NodeRan,
    Noted,
    PassEnded,
    Printed,
    Raised,
    Said,
    Taken,
)
from explorer.worker.recording.records import Numbers, Records


class Batch:
    """One reading of the log, column by column; row i of every column is entry i."""

    def __init__(self, taken: Taken, first: int) -> None:
        entries = taken.entries
        count = len(entries) // 3
        self.first = first
        self.records = Records(taken.changes)
        self.paths = taken.paths
        self.statements: Numbers = np.fromiter(entries[0::3], np.int64, count)
        self.frames: Numbers = np.fromiter(entries[1::3], np.int64, count)
        self.values: list[Any] = entries[2::3]
        rows: list[int] = np.flatnonzero(self.statements == 0).tolist()
        self.events = [(row, self.values[row]) for row in rows]
        self.quick: Numbers = np.flatnonzero(self.statements > 0)
        self.slow: Numbers = np.flatnonzero(self.statements < 0)
        self.is_step = self.statements != 0
        for row, event in self.events:
            self.is_step[row] = isinstance(event, (NodeRan, Raised))
        self.steps: Numbers = first + np.cumsum(self.is_step) - self.is_step
        """For a step its index, for an event that is none that of the step it happened in."""

    @property
    def count(self) -> int:
        """How many steps there are."""
        return int(np.count_nonzero(self.is_step))

    def path(self, text: str) -> int:
        """The number of a path in this batch."""
        if text not in self.paths:
            self.paths.append(text)
        return self.paths.index(text)


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
        self._open_nodes: dict[int, list[int]] = {}
        """Frame id -> node steps whose statement has not ended."""
        self._open_passes: dict[int, list[tuple[int, PassEnded]]] = {}
        """Frame id -> passes whose statement has not ended, each with the step it ended in."""
        self._files = 0
        self._kinds = 0

    def read(self) -> list[Any]:
        """Messages for all that was logged since the last call, in the order to send them."""
        with self._recorder.log.lock:
            taken, left = self._recorder.log.take(), self._recorder.frames.take_left()
        if not taken.entries:
            return []
        batch = Batch(taken, self.steps)
        frames = self._resolve_frames(batch)
        said = self._read_events(batch)
        self._read_slow(batch)
        self._clear_names(batch, left)
        files = self._new_files()
        message = self._message(batch, frames)
        self.steps += batch.count
        self.values += itertools.compress(batch.values, batch.is_step.tolist())
        return [*files, message, *said]

    # Frames.

    def _resolve_frames(self, batch: Batch) -> list[Frame]:
        """Put frame ids in the place of frame objects and modules; the frames that are new."""
        entered = [(row, event) for row, event in batch.events if isinstance(event, Entered)]
        frames, quick = batch.frames, batch.quick
        in_functions = quick[frames[quick] >= 0]
        in_modules = quick[frames[quick] < 0]
        rows = iter(entered)
        upcoming = next(rows, None)
        for row in in_functions.tolist():
            while upcoming is not None and upcoming[0] < row:
                self._take_frame(upcoming[1])
                upcoming = next(rows, None)
            frames[row] = self._frame_of_object.get(int(frames[row]), 0)
        if upcoming is not None:
            for _, event in itertools.chain((upcoming,), rows):
                self._take_frame(event)
        self._resolve_modules(batch, in_modules, entered)
        for row, event in batch.events:
            frames[row] = event.frame if batch.is_step[row] else 0
        return [Frame(e.frame, e.function, e.caller, e.thread) for _, e in entered]

    def _take_frame(self, event: Entered) -> None:
        self._frame_of_object[event.frame_object] = event.frame
        self._threads.append(event.thread)

    def _resolve_modules(
        self, batch: Batch, rows: Numbers, entered: list[tuple[int, Entered]]
    ) -> None:
        """Module level is told by file; a module that is loaded again gets a new frame."""
        places = batch.frames[rows].copy()
        for file in np.unique(places).tolist():
            if -1 - file in self._modules:
                batch.frames[rows[places == file]] = self._modules[-1 - file]
        for row, event in entered:
            if event.is_module:
                self._modules[event.file] = event.frame
                batch.frames[rows[(places == -1 - event.file) & (rows > row)]] = event.frame

    # Entries.

    def _read_events(self, batch: Batch) -> list[Any]:
        """Place what events changed; the messages that they are."""
        said: list[Any] = []
        rows: list[int] = []
        starts: list[int] = []
        for row, event in batch.events:
            step = int(batch.steps[row])
            batch.values[row] = None
            if isinstance(event, Printed):
                said.append(OutputPrinted(step, event.stream, event.text))
            elif isinstance(event, Noted):
                said.append(RecordingNoted(event.sentence, step))
            elif isinstance(event, Said):
                said.append(dataclasses.replace(event.news, step=step))
            elif isinstance(event, Escaped):
                continue
            elif isinstance(event, PassEnded):
                self._open_passes.setdefault(event.frame, []).append((step, event))
            else:
                batch.statements[row] = event.statement if isinstance(event, Raised) else 0
                rows.append(row)
                starts.append(event.changes)
        batch.records.place(starts, batch.steps[rows])
        return said

    def _read_slow(self, batch: Batch) -> None:
        """Give change records their steps, and keep what the statements bound."""
        values, starts = batch.values, []
        for row in batch.slow.tolist():
            start = values[row]
            if type(start) is tuple:
                start, bound = start
                values[row] = bound[0] if len(bound) == 1 else bound
            else:
                values[row] = None
            starts.append(start)
        batch.statements[batch.slow] *= -1
        batch.records.place(starts, batch.steps[batch.slow])

    def _clear_names(self, batch: Batch, left: Left) -> None:
        """Names that led to tensors and were bound to a scalar on the fastest path."""
        recorder = self._recorder
        statements = batch.statements[batch.quick]
        for statement in np.unique(statements).tolist():
            mark = recorder.statements.mark_of(statement)
            if not any(name in recorder.frames.ever for name in mark.names):
                continue
            for row in batch.quick[statements == statement].tolist():
                frame = self._modules[mark.file] if mark.homes[0] else int(batch.frames[row])
                gone: list[int] = []
                for path in recorder.frames.paths_below(frame, mark.names[0], left):
                    gone += (frame, batch.path(path), 0)
                if gone:
                    batch.records.add(int(batch.steps[row]), gone)

    def _owners(self, batch: Batch) -> list[NodeOwner]:
        """The statement that a node ran during is the next one of its frame to end."""
        for row, event in batch.events:
            if isinstance(event, NodeRan):
                self._open_nodes.setdefault(event.frame, []).append(int(batch.steps[row]))
        owners = []
        for frame, nodes in list(self._open_nodes.items()):
            ended = batch.steps[(batch.frames == frame) & (batch.statements > 0) & batch.is_step]
            places = np.searchsorted(ended, nodes)
            for place in np.unique(places[places < len(ended)]).tolist():
                owned = [node for node, at in zip(nodes, places, strict=True) if at == place]
                owners.append(NodeOwner(owned[0], owned[-1], int(ended[place])))
            left = [node for node, at in zip(nodes, places, strict=True) if at == len(ended)]
            self._open_nodes[frame] = left
            if not left:
                del self._open_nodes[frame]
        return sorted(owners, key=lambda owner: owner.first)

    def _passes(self, batch: Batch) -> list[PassRan]:
        """The same for passes."""
        found = []
        for frame, passes in list(self._open_passes.items()):
            ended = batch.steps[(batch.frames == frame) & (batch.statements > 0) & batch.is_step]
            places = np.searchsorted(ended, [at for at, _ in passes]).tolist()
            for place, (_, one) in zip(places, passes, strict=True):
                if place < len(ended):
                    owner = int(ended[place])
                    found.append(PassRan(one.number, owner, one.began, one.recorded))
            left = [one for one, at in zip(passes, places, strict=True) if at == len(ended)]
            self._open_passes[frame] = left
            if not left:
                del self._open_passes[frame]
        return sorted(found, key=lambda one: one.number)

    # Messages.

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

    def _message(self, batch: Batch, new_frames: list[Frame]) -> StepsRecorded:
        kinds = tuple(self._recorder.kinds.kinds[self._kinds :])
        self._kinds += len(kinds)
        owners, passes = self._owners(batch), self._passes(batch)
        frames = batch.frames[batch.is_step].astype("<i4")
        threads = np.array(self._threads, dtype="<i4")[frames] if len(frames) else frames
        changes = batch.records.in_order().astype("<i8", copy=False)
        columns = (batch.statements[batch.is_step].astype("<i4"), frames, threads, changes)
        return StepsRecorded(
            batch.first,
            batch.count,
            b"".join(column.tobytes() for column in columns),
            frames=tuple(new_frames),
            kinds=kinds,
            paths=tuple(batch.paths),
            nodes=tuple(
                NodeStep(int(batch.steps[row]), e.node, e.name, e.grads_in, e.grads_out, e.leaf)
                for row, e in batch.events
                if isinstance(e, NodeRan)
            ),
            owners=tuple(owners),
            errors=tuple(_errors(batch)),
            passes=tuple(passes),
        )


def _errors(batch: Batch) -> Iterator[StepError]:
    """What was raised; of a step of long ago, what has become of it."""
    for row, event in batch.events:
        step, raised = int(batch.steps[row]), event
        if isinstance(event, Escaped):
            step, raised = event.step, event.raised
        if isinstance(raised, Raised):
            told = raised.type, raised.message, raised.explained, raised.caught
            yield StepError(step, *told)
