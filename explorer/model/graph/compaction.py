"""How far from the trunk each column and lane stands.

The trunk, the column that reaches over most rows, stands at x = 0. From there outwards each
thing is set as near as its neighbours allow in the rows that it passes, and nowhere else: what
is wide in one part of the picture does not widen another.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import add

import numpy as np

from explorer.model.graph.columns import Floats, Ints
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
    column, first, last, x = lanes.column, lanes.first, lanes.last, np.zeros(things)
    inhabited = np.bincount(column, minlength=things) > 0
    order = np.argsort(lanes.position)
    real = order[(inhabited | (last >= first))[order]].tolist()
    if not real:
        return x
    length = np.where(inhabited, last - first + 1, 0)
    trunk = int(np.argmax(length))
    middle = real.index(trunk)
    # Columns one after another, a place for each of their rows; lanes have no places.
    begin = np.cumsum(length) - length
    place = begin[column] + ranks.row_column - first[column]
    passed = first.tolist(), last.tolist()
    begins = np.where(inhabited, begin, -1).tolist()
    left, right = (
        _by_row(side, place, int(length.sum())) for side in (extents.left, extents.right)
    )
    outwards = _Front(ranks.rows, begins, passed, (left, right), extents.gap)
    for thing in real[middle:]:
        x[thing] = outwards.put(thing)
    outwards = _Front(ranks.rows, begins, passed, (right, left), extents.gap)
    outwards.keep_off(real[middle + 1 :], x, trunk)
    for thing in reversed(real[: middle + 1]):
        x[thing] = -outwards.put(thing)
    return x


def _by_row(side: Floats, place: Ints, places: int) -> list[float]:
    """The widths of items at their places, 0 in the rows that a column only passes."""
    wide = np.zeros(places)
    wide[place] = side
    found: list[float] = wide.tolist()
    return found


class _Front:
    """The outer border, row by row, of all that has been placed on one side of the trunk.

    ``begins`` tells for each thing where its rows begin in ``sides``, -1 for a lane;
    ``passed`` are the first and the last row of each.
    """

    def __init__(
        self,
        rows: int,
        begins: list[int],
        passed: tuple[list[int], list[int]],
        sides: tuple[list[float], list[float]],
        gap: float,
    ) -> None:
        self.border = [-np.inf] * rows
        self.begins, self.first, self.last = begins, *passed
        self.inner, self.outer = sides
        self.gap = gap

    def keep_off(self, others: list[int], x: Floats, trunk: int) -> None:
        """Begin at what stands on the other side, in the rows that the trunk does not pass."""
        first, last = self.first, self.last
        free = {*range(first[trunk]), *range(last[trunk] + 1, len(self.border))}
        for thing in others:
            if not free:
                return
            here = free.intersection(range(first[thing], last[thing] + 1))
            begin = self.begins[thing]
            for row in here:
                reach = self.outer[begin + row - first[thing]] if begin >= 0 else 0.0
                self.border[row] = reach - float(x[thing]) + self.gap
            free -= here

    def put(self, thing: int) -> float:
        """Place the next thing outwards; returns its distance from the trunk."""
        border, begin = self.border, self.begins[thing]
        first, past = self.first[thing], self.last[thing] + 1
        end = begin + past - first
        if begin < 0:
            x = max(border[first:past])
        else:
            x = max(map(add, border[first:past], self.inner[begin:end]))
        if x == -np.inf:
            x = 0.0
        edge = x + self.gap
        if begin < 0:
            border[first:past] = [edge] * (past - first)
        else:
            border[first:past] = [edge + reach for reach in self.outer[begin:end]]
        return float(x)
