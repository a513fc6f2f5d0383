"""How far from the trunk each column and lane stands.

The trunk, the column that reaches over most rows, stands at x = 0. From there outwards each
thing is set as near as its neighbours allow in the rows that it passes, and nowhere else: what
is wide in one part of the picture does not widen another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import add

import numpy as np

from explorer.model.graph.columns import Floats
from explorer.model.graph.lanes import Lanes
from explorer.model.graph.ranks import Ranks

_NOWHERE = -math.inf
"""The border where nothing is yet."""


@dataclass
class Extents:
    """Width that each item needs left and right of its column, docks included, and the least
    distance between a lane or the border of an item and the next one."""

    left: Floats
    right: Floats
    gap: float


def place_columns(lanes: Lanes, ranks: Ranks, extents: Extents) -> Floats:
    """x of every thing; things that no edge and no item uses get x = 0."""
    things = len(lanes.first)
    column, first, last, x = lanes.column, lanes.first, lanes.last, [0.0] * things
    inhabited = np.bincount(column, minlength=things) > 0
    order = lanes.position.argsort()
    real = order[(inhabited | (last >= first))[order]].tolist()
    if not real:
        return np.zeros(things)
    length = (last - first + 1) * inhabited
    trunk = int(length.argmax())
    middle = real.index(trunk)
    # Columns one after another, a place for each of their rows; lanes have no places.
    begin = length.cumsum() - length
    place = begin[column] + ranks.row_column - first[column]
    begins = np.where(inhabited, begin, -1).tolist()
    columns = begins, first.tolist(), last.tolist()
    places = int(begin[-1] + length[-1])
    left, right = np.zeros(places), np.zeros(places)
    left[place], right[place] = extents.left, extents.right
    sides = left.tolist(), right.tolist()
    own = slice(begin[trunk], begin[trunk] + length[trunk])
    rows = slice(first[trunk], last[trunk] + 1)
    border = np.empty(ranks.rows)
    border.fill(_NOWHERE)
    border[rows] = right[own] + extents.gap
    outwards = _Front(border, columns, sides, extents.gap)
    for thing in real[middle + 1 :]:
        x[thing] = outwards.put(thing)
    border[rows] = left[own] + extents.gap
    outwards = _Front(border, columns, (sides[1], sides[0]), extents.gap)
    outwards.keep_off(real[middle + 1 :], x, trunk)
    for thing in reversed(real[:middle]):
        x[thing] = -outwards.put(thing)
    return np.fromiter(x, np.float64, things)


class _Front:
    """The outer border, row by row, of all that has been placed on one side of the trunk.

    ``columns`` tells for each thing where its rows begin in ``sides``, -1 for a lane, its first
    and its last row; ``sides`` are the widths of its items in these rows, inwards and outwards.
    """

    def __init__(
        self,
        border: Floats,
        columns: tuple[list[int], list[int], list[int]],
        sides: tuple[list[float], list[float]],
        gap: float,
    ) -> None:
        self.border: list[float] = border.tolist()
        self.begins, self.first, self.last = columns
        self.inner, self.outer = sides
        self.gap = gap

    def keep_off(self, others: list[int], x: list[float], trunk: int) -> None:
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
                self.border[row] = reach - x[thing] + self.gap
            free -= here

    def put(self, thing: int) -> float:
        """Place the next thing outwards; returns its distance from the trunk."""
        border, begin = self.border, self.begins[thing]
        first, past = self.first[thing], self.last[thing] + 1
        if begin < 0:
            x = max(border[first:past])
            x = 0.0 if x == _NOWHERE else x
            border[first:past] = [x + self.gap] * (past - first)
            return x
        end = begin + past - first
        x = max(map(add, border[first:past], self.inner[begin:end]))
        x = 0.0 if x == _NOWHERE else x
        edge = x + self.gap
        border[first:past] = [edge + reach for reach in self.outer[begin:end]]
        return x
