"""Bytes of storages that names hold, over the steps, and when each storage was let go.

Counted are storages that a name of a function under way leads to, `.grad` included. What only
the graph keeps is added by `saved_lifetimes`; a container that is not looked into is not counted:
the program may hold more, never less.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from explorer.model.memory.frames_alive import MODULE, callers_of
from explorer.model.recording import Recording


class Memory:
    """Follows a recording as it grows; answers for any step without going through it again."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._followed = 0
        self._frame = -1
        self._stacks: dict[int, list[int]] = {}
        self._alive: set[int] = set()
        self._names: defaultdict[int, dict[str, int]] = defaultdict(dict)
        self._held_tensors: defaultdict[int, int] = defaultdict(int)
        self._held_storages: defaultdict[int, int] = defaultdict(int)
        self._storage_of: dict[int, int] = {}
        self._grad_of: dict[int, int] = {}
        self._let_go: dict[int, int] = {}
        self._bytes: dict[int, int] = {}
        self._total = 0
        self._change_steps: array[int] = array("q")
        self._totals: array[int] = array("q")
        self._spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    @property
    def followed(self) -> int:
        """How many steps have been taken in."""
        return self._followed

    def follow(self, most: int | None = None) -> None:
        """Take the steps that were recorded since the last call, at most so many of them."""
        recording = self._recording
        stop = len(recording) if most is None else min(self._followed + most, len(recording))
        for step in range(self._followed, stop):
            self._enter(step, recording.steps.frame_of(step))
            change = recording.change(step)
            if change is not None:
                for row in change.contents:
                    self._resize(row[0], row[2])
                for row in change.cards:
                    self._move(step, row[0], row[2], row[5])
                for path, tensor in change.names:
                    self._bind(step, self._frame, path, tensor)
                for frame, path, tensor in change.elsewhere:
                    self._bind(step, frame, path, tensor)
            if not self._totals or self._totals[-1] != self._total:
                self._change_steps.append(step)
                self._totals.append(self._total)
        self._followed = stop

    def held(self, step: int) -> int:
        """Bytes held right after a step."""
        place = bisect_right(self._change_steps, step)
        return self._totals[place - 1] if place else 0

    def changes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Steps at which the bytes held changed, and the bytes from each of them on; copies."""
        return np.array(self._change_steps, np.int64), np.array(self._totals, np.int64)

    def storages_held(self, step: int) -> list[int]:
        """Ids of the storages held right after a step, in order."""
        return sorted(s for s, spans in self._spans.items() if _span_at(spans, step) is not None)

    def storages_let_go(self, step: int) -> list[int]:
        """Ids of the storages that the last name let go of at exactly this step."""
        return sorted(
            storage
            for storage, spans in self._spans.items()
            if any(stop == step for _, stop in spans)
        )

    def spans(self, storage: int) -> list[tuple[int, int]]:
        """(first step, step that let it go or -1) for each time that names held a storage."""
        return list(self._spans.get(storage, ()))

    def last_held(self, tensor: int) -> int | None:
        """The step that let go of a tensor for good; -1 while it is held, None if it never was."""
        if self._held_tensors.get(tensor):
            return -1
        return self._let_go.get(tensor)

    def held_since(self, step: int, storage: int) -> int | None:
        """The step from which on a storage was held without a break; None when it is not held."""
        return _span_at(self._spans.get(storage, []), step)

    def _enter(self, step: int, frame: int) -> None:
        """Let the names of functions that have ended go, and take those of ones that go on."""
        if frame == self._frame:
            return
        self._frame = frame
        frames = self._recording.frames
        thread = frames[frame].thread if frame in frames else 0
        before = self._stacks.get(thread, [])
        now = callers_of(self._recording, frame)
        self._stacks[thread] = now
        for begun in now:
            if begun not in self._alive:
                self._alive.add(begun)
                for tensor in self._names[begun].values():
                    self._hold(step, tensor)
        for ended in before:
            if ended not in now and frames[ended].function != MODULE:
                self._alive.discard(ended)
                for tensor in self._names[ended].values():
                    self._release(step, tensor)

    def _bind(self, step: int, frame: int, path: str, tensor: int) -> None:
        names = self._names[frame]
        before = names.get(path, 0)
        names[path] = tensor
        if frame in self._alive:
            self._hold(step, tensor)
            self._release(step, before)

    def _hold(self, step: int, tensor: int) -> None:
        if not tensor:
            return
        self._held_tensors[tensor] += 1
        if self._held_tensors[tensor] == 1:
            self._hold_storage(step, self._storage_of.get(tensor, 0))
            self._hold(step, self._grad_of.get(tensor, 0))

    def _release(self, step: int, tensor: int) -> None:
        if not tensor:
            return
        self._held_tensors[tensor] -= 1
        if self._held_tensors[tensor] == 0:
            self._let_go[tensor] = step
            self._release_storage(step, self._storage_of.get(tensor, 0))
            self._release(step, self._grad_of.get(tensor, 0))

    def _move(self, step: int, tensor: int, storage: int, grad: int) -> None:
        """A card changed: the tensor may lie elsewhere now, or have another gradient."""
        old_storage, old_grad = self._storage_of.get(tensor, 0), self._grad_of.get(tensor, 0)
        self._storage_of[tensor], self._grad_of[tensor] = storage, grad
        if self._held_tensors.get(tensor):
            self._hold_storage(step, storage)
            self._hold(step, grad)
            self._release_storage(step, old_storage)
            self._release(step, old_grad)

    def _hold_storage(self, step: int, storage: int) -> None:
        if not storage:
            return
        self._held_storages[storage] += 1
        if self._held_storages[storage] == 1:
            self._total += self._bytes.get(storage, 0)
            spans = self._spans[storage]
            if spans and spans[-1][1] == step:
                spans[-1] = (spans[-1][0], -1)
            else:
                spans.append((step, -1))

    def _release_storage(self, step: int, storage: int) -> None:
        if not storage:
            return
        self._held_storages[storage] -= 1
        if self._held_storages[storage] == 0:
            self._total -= self._bytes.get(storage, 0)
            spans = self._spans[storage]
            if spans[-1][0] == step:
                spans.pop()
            else:
                spans[-1] = (spans[-1][0], step)

    def _resize(self, storage: int, nbytes: int) -> None:
        if self._held_storages.get(storage):
            self._total += nbytes - self._bytes.get(storage, 0)
        self._bytes[storage] = nbytes


def _span_at(spans: list[tuple[int, int]], step: int) -> int | None:
    """The start of the span that holds at a step; a span ends before its second step."""
    place = bisect_right(spans, (step, 1 << 62)) - 1
    if place < 0:
        return None
    start, stop = spans[place]
    return start if stop == -1 or step < stop else None
