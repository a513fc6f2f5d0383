"""Repeated stretches in a row of things: the passes of loops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Ints

CANDIDATES = 12
"""Most periods that are tried for one row of things."""


@dataclass(frozen=True)
class Loop:
    """``passes`` passes of ``period`` things each, from place ``start`` on."""

    start: int
    period: int
    passes: int

    @property
    def end(self) -> int:
        """The place after the last pass."""
        return self.start + self.period * self.passes


def find_loops(tokens: Ints, fewest: int = 3, least: int = 6) -> list[Loop]:
    """The loops in a row of tokens (equal token: same operation at the same line), in order.

    The period that covers most of the row is taken first, then what lies left and right of it
    is searched in the same way. A stretch counts as a loop from ``fewest`` passes on and when a
    pass has at least two things; stretches of fewer than ``least`` things are not searched.
    """
    found: list[Loop] = []
    pending = [(0, len(tokens))]
    while pending:
        start, end = pending.pop()
        if end - start < least:
            continue
        loop = _best_loop(tokens[start:end], fewest)
        if loop is None:
            continue
        loop = Loop(start + loop.start, loop.period, loop.passes)
        found.append(loop)
        pending += [(start, loop.start), (loop.end, end)]
    return sorted(found, key=lambda loop: loop.start)


def best_cut(loop: Loop, alive: Ints) -> Loop:
    """The same loop with its passes cut where the fewest tensors are handed over.

    A row of things tells how long a pass is, not where it begins. ``alive`` has for each place
    the number of earlier things that are still wanted there.
    """
    if loop.passes < 2:
        return loop
    ends = alive[loop.start + loop.period : loop.start + 2 * loop.period]
    shift = int(np.argmin(ends))
    if ends[shift] >= ends[0]:
        return loop
    passes = (loop.end - loop.start - shift) // loop.period
    return Loop(loop.start + shift, loop.period, passes)


def _best_loop(tokens: Ints, fewest: int) -> Loop | None:
    best: Loop | None = None
    for period in _candidates(tokens, len(tokens) // fewest):
        same = tokens[period:] == tokens[:-period]
        if np.count_nonzero(same) < period * (fewest - 1):
            continue
        loop = _longest_run(same, period)
        if loop.passes < fewest:
            continue
        if best is None or loop.end - loop.start > best.end - best.start + period:
            best = loop
    return best


def _candidates(tokens: Ints, longest: int) -> list[int]:
    """Likely periods, small ones first: the usual distances from a token to its next like."""
    order = np.argsort(tokens, kind="stable")
    same = tokens[order[1:]] == tokens[order[:-1]]
    distance = (order[1:] - order[:-1])[same]
    distance = distance[distance <= longest]
    if len(distance) == 0:
        return []
    periods, counts = np.unique(distance, return_counts=True)
    likely = periods[np.argsort(-counts, kind="stable")[:CANDIDATES]]
    # A pass that uses one operation several times shows sums of neighbouring distances.
    rare = tokens[_rarest(tokens)]
    gaps = np.unique(np.diff(np.flatnonzero(tokens == rare)))[:CANDIDATES]
    return sorted({int(p) for p in (*likely, *gaps) if 2 <= p <= longest})


def _rarest(tokens: Ints) -> int:
    """Place of a token of the kind that is rarest among those that come more than twice."""
    _, first, counts = np.unique(tokens, return_index=True, return_counts=True)
    often = counts > 2
    if not often.any():
        return 0
    return int(first[often][np.argmin(counts[often])])


def _longest_run(same: NDArray[np.bool_], period: int) -> Loop:
    """The longest stretch that repeats itself after ``period`` things; ``same`` tells of each
    thing whether the one so far behind it is alike."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    if len(edges) == 0:
        return Loop(0, period, 0)
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    length = int(ends[longest] - starts[longest]) + period
    return Loop(int(starts[longest]), period, length // period)
