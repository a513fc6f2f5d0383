"""What the graphs of a recording keep for their backward passes, step by step.

A saved tensor is kept from the step that made its node until a backward frees it, or until the
last name through which the node can be reached lets go.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.card import Card, storage_letter
from explorer.model.layout.origin import first_step
from explorer.model.memory.held import Memory
from explorer.model.recording import Recording
from explorer.protocol.saved import Saved

NEVER = 1 << 62
AT_ONCE = 300
"""Nodes or steps that are worked on between two rests."""

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A statement that wrote into a storage while a graph kept it for backward; told once."""

    step: int
    storage: int
    span: SavedSpan


@dataclass(frozen=True, slots=True)
class SavedSpan:
    """One node keeps a storage from step ``start`` until before step ``stop``."""

    start: int
    stop: int
    name: str
    node: int
    tensor: int


class SavedLifetimes:
    """Storage -> who saved it and for how long; complete once `work` has come to its end."""

    def __init__(self, recording: Recording, memory: Memory, saved: Saved) -> None:
        self._recording = recording
        self._memory = memory
        self._saved = saved
        self._spans: dict[int, list[SavedSpan]] = {}
        self.overwrites: dict[int, Overwrite] = {}
        """By statement, the first step at which it did so."""
        self._extra: tuple[Longs, Longs] = (np.zeros(0, np.int64), np.zeros(0, np.int64))

    def work(self) -> Iterator[None]:
        """Find all spans; rests after each stretch of work.

        Raises:
            ValueError: when the answer's columns do not fit its counts.
        """
        saved = self._saved
        n, m, k = saved.nodes, saved.edges, saved.tensors
        if min(n, m, k) < 0 or len(saved.tail) != 8 * (2 * n + 2 * m + 3 * k):
            raise ValueError("Saved tensors arrived whose columns do not fit their counts.")
        columns = np.frombuffer(saved.tail, "<i8").astype(np.int64)
        made, freed = columns[:n], columns[n : 2 * n]
        edges = columns[2 * n : 2 * n + 2 * m].reshape(2, m)
        rows = columns[2 * n + 2 * m :].reshape(3, k)
        until = np.zeros(n + 1, np.int64)
        yield from self._held_by_names(until)
        yield from _spread(until, edges)
        stops = np.minimum(np.where(freed < 0, NEVER, freed), until[1:])
        yield from self._find_spans(made, stops, rows)
        self._extra = self._beyond_names()
        yield from self._find_overwrites()

    def savers(self, step: int, storage: int) -> list[SavedSpan]:
        """The nodes that keep a storage right after a step."""
        spans = self._spans.get(storage, ())
        return [one for one in spans if one.start <= step < one.stop]

    def storages_kept(self, step: int) -> list[int]:
        """Storages that some node keeps right after a step, in order."""
        return sorted(storage for storage in self._spans if self.savers(step, storage))

    def changes(self) -> tuple[Longs, Longs]:
        """Steps at which the bytes held by names or graphs changed, and the bytes from then on."""
        steps, totals = self._memory.changes()
        extra_steps, extra = self._extra
        if not len(extra_steps):
            return steps, totals
        every = np.union1d(steps, extra_steps)
        return every, _stairs(steps, totals, every) + _stairs(extra_steps, extra, every)

    def beyond_names(self, step: int) -> int:
        """Bytes that only graphs keep right after a step."""
        steps, extra = self._extra
        place = bisect_right(steps, step)
        return int(extra[place - 1]) if place else 0

    def _held_by_names(self, until: Longs) -> Iterator[None]:
        """How long names lead to each node at once, through the tensor that it made."""
        recording, node_of = self._recording, dict[int, int]()
        for step in range(len(recording)):
            if step % AT_ONCE == 0:
                yield
            change = recording.change(step)
            for row in change.cards if change is not None else ():
                before = node_of.get(row[0], 0)
                if before != row[4]:
                    _reach(until, before, step)
                    node_of[row[0]] = row[4]
        for place, (tensor, node) in enumerate(node_of.items()):
            if place % AT_ONCE == 0:
                yield
            end = self._memory.last_held(tensor)
            if end is not None:
                _reach(until, node, end if end >= 0 else NEVER)

    def _find_spans(self, made: Longs, stops: Longs, rows: Longs) -> Iterator[None]:
        found: defaultdict[int, list[SavedSpan]] = defaultdict(list)
        names = self._saved.names
        for place, (node, tensor, name) in enumerate(rows.T.tolist()):
            if place % AT_ONCE == 0:
                yield
            if not 0 < node <= len(made) or not 0 <= name < len(names):
                raise ValueError("A saved tensor arrived of a node that was not told of.")
            start, stop = int(made[node - 1]), int(stops[node - 1])
            card = self._first_card(start, tensor) if tensor else None
            if card is not None and card.storage and stop > start:
                found[card.storage].append(SavedSpan(start, stop, names[name], node, tensor))
        self._spans = dict(found)

    def _first_card(self, made: int, tensor: int) -> Card | None:
        """The card of a saved tensor; its graph may have been seen only some steps later."""
        last = len(self._recording) - 1
        seen = first_step(self._recording, tensor, last)
        return self._recording.card(max(made, seen), tensor) if seen >= 0 else None

    def _find_overwrites(self) -> Iterator[None]:
        steps = self._recording.steps
        for storage, spans in self._spans.items():
            yield
            # The first content is what the storage held when it was seen first, not a write.
            for step, _ in self._recording.contents_history(storage)[1:]:
                before = [one for one in spans if one.start < step < one.stop]
                if not before or steps.is_node(step):
                    continue
                statement = self._recording.step(step).statement.id
                known = self.overwrites.get(statement)
                if known is None or step < known.step:
                    self.overwrites[statement] = Overwrite(step, storage, before[0])

    def overwrite_sentence(self, one: Overwrite) -> str:
        """What it means, for the line that wrote."""
        line = self._recording.step(one.span.start).statement.line
        return (
            f"Writes into storage {storage_letter(one.storage)}, which {one.span.name} of line"
            f" {line} has saved for backward: a backward through it will refuse or, where the"
            " write was hidden from autograd (.data, NumPy), reckon with the new numbers."
        )

    def _beyond_names(self) -> tuple[Longs, Longs]:
        """The bytes that no name holds, as stairs: steps and the height from each on."""
        rises: defaultdict[int, int] = defaultdict(int)
        for storage, spans in self._spans.items():
            kept = _union([(one.start, one.stop) for one in spans])
            named = [(a, b if b >= 0 else NEVER) for a, b in self._memory.spans(storage)]
            for start, stop in _without(kept, _union(named)):
                nbytes = self._bytes(start, storage)
                rises[start] += nbytes
                if stop != NEVER:
                    rises[stop] -= nbytes
        steps = sorted(rises)
        heights = np.cumsum([rises[step] for step in steps], dtype=np.int64)
        return np.array(steps, np.int64), heights

    def _bytes(self, step: int, storage: int) -> int:
        """What a storage takes at a step; where it was seen later only, what it took then."""
        content = self._recording.content(step, storage)
        if content is not None:
            return content.nbytes
        history = self._recording.contents_history(storage)
        return history[0][1][2] if history else 0


def _reach(until: Longs, node: int, step: int) -> None:
    if 0 < node < len(until):
        until[node] = max(until[node], step)


def _spread(until: Longs, edges: Longs) -> Iterator[None]:
    """A node lives as long as any node that leads to it."""
    targets: defaultdict[int, list[int]] = defaultdict(list)
    for place, (source, target) in enumerate(edges.T.tolist()):
        if place % AT_ONCE == 0:
            yield
        targets[source].append(target)
    done = bytearray(len(until))
    worked = 0
    for root in np.argsort(-until, kind="stable").tolist():
        waiting, end = [root], int(until[root])
        while waiting:
            node = waiting.pop()
            if done[node]:
                continue
            done[node] = 1
            until[node] = end
            waiting += targets.get(node, ())
            worked += 1
            if worked % AT_ONCE == 0:
                yield


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def _without(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of joined spans that lie in none of the joined holes."""
    left = []
    for start, stop in spans:
        for hole_start, hole_stop in holes:
            if hole_stop <= start or hole_start >= stop:
                continue
            if hole_start > start:
                left.append((start, hole_start))
            start = max(start, hole_stop)
        if start < stop:
            left.append((start, stop))
    return left


def _stairs(steps: Longs, heights: Longs, at: Longs) -> Longs:
    """The height of stairs at each of some steps; 0 before the first."""
    places = np.searchsorted(steps, at, "right") - 1
    if not len(steps):
        return np.zeros(len(at), np.int64)
    return np.where(places < 0, 0, heights[np.maximum(places, 0)])
