"""The nodes that one thread made, by sequence number, and which statement made which."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from threading import get_ident

import torch

_CHUNK = 12

nodes_made = torch._C._autograd._get_sequence_nr
"""How many nodes this thread has made; statements that do not move it made none."""


class ThreadNodes:
    """Node ids by sequence number for one thread, and when which statement ended."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.ident = get_ident()
        # A thread's counter starts at 0 with the thread; only the first one was there before.
        self.last = self.before = 0 if number else nodes_made()
        self.marked = -1
        self.recent: dict[int, int] = {}
        """Node ids by sequence number; of long runs only the youngest."""
        self._chunks: dict[int, array[int]] = {}
        self._until: array[int] = array("q")
        self._clock: array[int] = array("q")
        self._pending: dict[int, list[int]] = {}

    def find(self, sequence: int) -> int:
        """The node with this sequence number; 0 when none is known."""
        number = self.recent.get(sequence)
        if number is not None:
            return number
        chunk = self._chunks.get(sequence >> _CHUNK)
        return chunk[sequence & ((1 << _CHUNK) - 1)] if chunk is not None else 0

    def put_away(self) -> None:
        """Keep what is not so young any more in less memory."""
        for sequence, number in self.recent.items():
            chunk = self._chunks.get(sequence >> _CHUNK)
            if chunk is None:
                chunk = self._chunks[sequence >> _CHUNK] = array("q", bytes(8 << _CHUNK))
            chunk[sequence & ((1 << _CHUNK) - 1)] = number
        self.recent.clear()

    def entered(self, caller: int) -> None:
        """A function begins: what was made so far belongs to the statement of its caller."""
        made = nodes_made()
        if made != self.last:
            self.last = made
            self._pending.setdefault(caller, []).append(len(self._until))
            self._until.append(made)
            self._clock.append(-1)

    def ended(self, frame: int, clock: int) -> bool:
        """A statement of ``frame`` has ended at ``clock``; tells whether it made nodes."""
        for mark in self._pending.pop(frame, ()) if self._pending else ():
            self._clock[mark] = clock
        made = nodes_made()
        self.before, self.marked = self.last, clock
        if made == self.last:
            return False
        self.last = made
        self._until.append(made)
        self._clock.append(clock)
        return True

    def made_at(self, sequence: int, now: int) -> int:
        """The clock of the statement that made this node; ``now`` while it has not ended."""
        place = bisect_right(self._until, sequence)
        clock = self._clock[place] if place < len(self._until) else now
        return clock if clock >= 0 else now
