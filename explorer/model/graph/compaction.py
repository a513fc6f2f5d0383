"""How far from the trunk each column and lane stands.

The trunk, the column that reaches over most rows, stands at x = 0. From there outwards each
thing is set as near as its neighbours allow in the rows that it passes, and nowhere else: what
is wide in one part of the picture does not widen another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Floats
from explorer.model.graph.lanes import Lanes
from explorer.model.graph.ranks import Ranks


@dataclass(frozen=True)
class Extents:
    """Width that each item needs left and right of its column, docks included, and the least
    distance between a lane or the border of an item and the next one."""

    left: Floats
    right: Floats
    gap: float


def place_columns(lanes: Lanes, ranks: Ranks, extents: Extents) -> Floats:
    """x of every thing; things that no edge and no item uses get x = 0."""
    things = len(lanes.first)
    members: list[list[int]] = [[] for _ in range(things)]
    for item, thing in enumerate(lanes.column):
        members[thing].append(item)
    real = [t for t in range(things) if members[t] or lanes.last[t] >= lanes.first[t]]
    real.sort(key=lanes.position.__getitem__)
    x = np.zeros(things)
    if not real:
        return x
    trunk = max(real, key=lambda t: (len(members[t]) > 0, lanes.last[t] - lanes.first[t], -t))
    middle = real.index(trunk)
    left, right = extents.left.tolist(), extents.right.tolist()
    outwards = _Front(ranks, members, lanes, (left, right), extents.gap)
    for thing in real[middle:]:
        x[thing] = outwards.put(thing)
    outwards = _Front(ranks, members, lanes, (right, left), extents.gap)
    outwards.keep_off(real[middle + 1 :], x, trunk)
    for thing in reversed(real[: middle + 1]):
        x[thing] = -outwards.put(thing)
    return x


class _Front:
    """The outer border, row by row, of all that has been placed on one side of the trunk."""

    def __init__(
        self,
        ranks: Ranks,
        members: list[list[int]],
        lanes: Lanes,
        sides: tuple[list[float], list[float]],
        gap: float,
    ) -> None:
        self.border = [-np.inf] * ranks.rows
        self.row, self.members, self.lanes = ranks.row, members, lanes
        self.inner, self.outer = sides
        self.gap = gap

    def keep_off(self, others: list[int], x: Floats, trunk: int) -> None:
        """Begin at what stands on the other side, in the rows that the trunk does not pass."""
        first, last = self.lanes.first, self.lanes.last
        free = set(range(len(self.border))) - set(range(first[trunk], last[trunk] + 1))
        for thing in others:
            if not free:
                return
            here = free.intersection(range(first[thing], last[thing] + 1))
            reach = {self.row[item]: self.outer[item] for item in self.members[thing]}
            for row in here:
                self.border[row] = reach.get(row, 0.0) - float(x[thing]) + self.gap
            free -= here

    def put(self, thing: int) -> float:
        """Place the next thing outwards; returns its distance from the trunk."""
        border, row = self.border, self.row
        items = self.members[thing]
        at, past = self.lanes.first[thing], self.lanes.last[thing] + 1
        x = -np.inf
        for item in items:
            here = row[item]
            if here > at:
                x = max(x, max(border[at:here]))
            near = border[here] + self.inner[item]
            if near > x:
                x = near
            at = here + 1
        if past > at:
            x = max(x, max(border[at:past]))
        if x == -np.inf:
            x = 0.0
        edge = x + self.gap
        at = self.lanes.first[thing]
        for item in items:
            here = row[item]
            if here > at:
                border[at:here] = [edge] * (here - at)
            border[here] = edge + self.outer[item]
            at = here + 1
        border[at:past] = [edge] * (past - at)
        return float(x)
