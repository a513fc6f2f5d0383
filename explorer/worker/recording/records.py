"""Change records of one reading of the log, put in the order of their steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.worker.recording.log import HEADER, NOTHING, SHORT

Numbers = np.ndarray[Any, np.dtype[np.int64]]

WIDTHS = (2, 3, 7, 4)
"""Numbers of a name, a name elsewhere, a card and a content."""

FULL = HEADER + WIDTHS[0] + WIDTHS[2] + WIDTHS[3]
"""Numbers of the record that a short one stands for: a name, a card and a content."""


class Records:
    """The records that `log` tells of; ``starts`` are what entries and events hold of them."""

    def __init__(self, changes: list[int]) -> None:
        self._numbers: Numbers = np.array(changes, dtype=np.int64)
        self._starts: list[Numbers] = []
        self._steps: list[Numbers] = []
        self._added: list[int] = []

    def place(self, starts: list[int], steps: Numbers) -> None:
        """The records at ``starts`` belong to ``steps``."""
        found: Numbers = np.array(starts, dtype=np.int64)
        there = found != NOTHING
        self._starts.append(found[there])
        self._steps.append(steps[there])

    def add(self, step: int, elsewhere: list[int]) -> None:
        """One more record, of names elsewhere."""
        start = len(self._numbers) + len(self._added)
        self._added += (0, 0, len(elsewhere) // 3, 0, 0, *elsewhere)
        self.place([start], np.array([step], dtype=np.int64))

    def in_order(self) -> Numbers:
        """All records in full, one behind the other in the order of their steps."""
        if not self._starts:
            return self._numbers
        starts, steps = np.concatenate(self._starts), np.concatenate(self._steps)
        numbers = np.append(self._numbers, np.array(self._added, dtype=np.int64))
        order = np.argsort(steps, kind="stable")
        starts, steps = starts[order], steps[order]
        short = starts < NOTHING
        long = ~short
        lengths = np.full(len(starts), FULL)
        counts = numbers[starts[long, None] + np.arange(1, HEADER)]
        lengths[long] = HEADER + counts @ np.array(WIDTHS)
        places = np.cumsum(lengths) - lengths
        ordered: Numbers = np.empty(int(lengths.sum()), dtype=np.int64)
        ordered[_ranges(places[long], lengths[long])] = numbers[
            _ranges(starts[long], lengths[long])
        ]
        told = numbers[(-2 - starts[short, None]) + np.arange(SHORT)]
        ordered[places[short, None] + np.arange(FULL)] = _in_full(told)
        ordered[places] = steps
        return ordered


def _ranges(starts: Numbers, lengths: Numbers) -> Numbers:
    """``start, start + 1 ...`` for each length, one behind the other."""
    ahead = np.cumsum(lengths) - lengths
    runs: Numbers = np.repeat(starts - ahead, lengths) + np.arange(int(lengths.sum()))
    return runs


def _in_full(short: Numbers) -> Numbers:
    """The records that short ones stand for, a row each."""
    path, tensor, kind, storage, version, content, nbytes = short.T
    rows = np.zeros((len(short), FULL), dtype=np.int64)
    for place, column in enumerate((0, 1, 0, 1, 1, path, tensor, tensor, kind, storage, version)):
        rows[:, place] = column
    rows[:, 14], rows[:, 15], rows[:, 16] = storage, content, nbytes
    return rows
