"""Fewer crossings where the first order of columns and lanes leaves some.

Each thing in turn is taken out of the order and put back where it causes the fewest crossings, as
in the global sifting of Bachmaier, Brandenburg, Brunner and Hübner, "Global k-Level Crossing
Reduction" (2011), with whole columns and lanes for their blocks of dummy nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Ints
from explorer.model.graph.lanes import Lanes
from explorer.model.graph.ranks import Level, Ranks
from explorer.model.graph.splitting import join_pieces, split_columns

ROUNDS = 8
"""Most passes over all things; it ends earlier when a pass changes nothing."""

MOST_WORK = 30_000_000
"""Pairs of lines that are looked at in all, at most."""

KEPT = 1000.0
"""What two entries or two exits in another order than outside count for, in crossings."""


@dataclass(frozen=True)
class Gaps:
    """The short lines between each row and the next: from thing ``top`` to thing ``bottom``, in
    the gap below row ``gap`` and sorted by it; those of row ``r`` begin at ``first[r]``."""

    top: Ints
    bottom: Ints
    gap: Ints
    first: Ints

    def count(self, position: Ints) -> int:
        """How many pairs of these lines cross in an order."""
        total = 0
        for a, b in zip(self.first[:-1].tolist(), self.first[1:].tolist(), strict=True):
            if b - a > 1:
                top, bottom = position[self.top[a:b]], position[self.bottom[a:b]]
                by = np.lexsort((bottom, top))
                top, bottom = top[by], bottom[by]
                above = bottom[:, None] > bottom[None, :]
                total += int(np.triu(above & (top[:, None] < top[None, :])).sum())
        return total


def gaps_of(level: Level, ranks: Ranks, lanes: Lanes) -> Gaps:
    """Every short line of a level whose things are known."""
    row, column, first, last = ranks.row_column, lanes.column, lanes.first, lanes.last
    long = np.maximum(last - first, 0)
    thing = np.repeat(np.arange(len(first)), long)
    begun = np.cumsum(long) - long
    down = np.arange(len(thing)) - np.repeat(begun, long) + np.repeat(first, long)
    maker, user = column[level.source], column[level.target]
    way = np.where(lanes.lane >= 0, lanes.lane, maker)
    into = np.flatnonzero((lanes.lane >= 0) & (lanes.lane != maker))
    lines = np.concatenate(
        [
            np.stack([down, thing, thing]),
            np.stack([row[level.target] - 1, way, user]),
            np.stack([row[level.source[into]], maker[into], lanes.lane[into]]),
        ],
        axis=1,
    )
    # Lines of one thing down a lane are one line, however many edges run in it.
    lines = np.unique(lines, axis=1)
    return Gaps(lines[1], lines[2], lines[0], np.searchsorted(lines[0], np.arange(ranks.rows + 1)))


def sift(level: Level, ranks: Ranks, lanes: Lanes) -> Lanes:
    """The same things in an order with fewer crossings, or as few."""
    if lanes.blocked == 0 or len(lanes.first) ** 2 > MOST_WORK:
        return lanes
    whole = _sifted(level, ranks, lanes)
    pieces = _sifted(level, ranks, split_columns(level.source, ranks, whole))
    return join_pieces(pieces, whole)


def _sifted(level: Level, ranks: Ranks, lanes: Lanes) -> Lanes:
    gaps = gaps_of(level, ranks, lanes)
    used = np.unique(np.concatenate([gaps.top, gaps.bottom]))
    sifting = _Sifting(gaps, lanes.position.copy(), used, _ports(level, lanes))
    for _ in range(ROUNDS):
        if not sifting.one_pass():
            break
    return replace(lanes, position=sifting.position)


def _ports(level: Level, lanes: Lanes) -> list[Ints]:
    """The things of the entries and those of the exits, each from left to right."""
    column = lanes.column
    return [column[: level.entries], column[level.count - level.exits :]]


class _Sifting:
    """An order of things, and the moves that make it better."""

    def __init__(self, gaps: Gaps, position: Ints, used: Ints, ports: list[Ints]) -> None:
        self.gaps, self.position, self.used, self.ports = gaps, position, used, ports
        self.order = np.argsort(position, kind="stable")
        things = len(position)
        lines = np.arange(len(gaps.top))
        ends = np.concatenate([gaps.top, gaps.bottom])
        mine = np.concatenate([lines, lines])
        by = np.lexsort((mine, ends))
        self.mine, starts = mine[by], np.searchsorted(ends[by], np.arange(things + 1))
        self.starts = starts.tolist()
        self.work = 0

    def one_pass(self) -> bool:
        """Sift each thing once; whether any crossing went away."""
        better = False
        for thing in self.used.tolist():
            if self.work > MOST_WORK:
                return False
            better |= self._sift(thing)
        return better

    def _sift(self, thing: int) -> bool:
        cost = self._changes(thing)
        own = int(self.position[thing])
        cost[own] = 0
        # before[k]: crossings of the thing just before the k-th place, less those at the left end.
        before = np.concatenate([[0.0], np.cumsum(cost)])
        least = before.min()
        if least >= before[own] - 0.5:
            return False
        places = np.flatnonzero(before <= least + 0.5)
        place = int(places[np.argmin(np.abs(places - own))])
        self._move(own, place)
        return True

    def _move(self, own: int, place: int) -> None:
        thing = self.order[own]
        if place > own:
            self.order[own : place - 1] = self.order[own + 1 : place]
            self.order[place - 1] = thing
            low, high = own, place
        else:
            self.order[place + 1 : own + 1] = self.order[place:own].copy()
            self.order[place] = thing
            low, high = place, own + 1
        self.position[self.order[low:high]] = np.arange(low, high)

    def _changes(self, thing: int) -> NDArray[np.float64]:
        """By place: how many more crossings when the thing passes what stands there, from left to
        right."""
        gaps, position = self.gaps, self.position
        change = np.zeros(len(position))
        self.work += len(position)
        mine = np.unique(self.mine[self.starts[thing] : self.starts[thing + 1]])
        top, bottom, gap = gaps.top[mine], gaps.bottom[mine], gaps.gap[mine]
        straight = (top == thing) & (bottom == thing)
        if straight.any():
            rows = gap[straight]
            self._pass_through(thing, int(rows[0]), int(rows[-1]), change)
        for a, b, row in zip(
            top[~straight].tolist(),
            bottom[~straight].tolist(),
            gap[~straight].tolist(),
            strict=True,
        ):
            self._turn(thing, a, b, row, change)
        for port in self.ports:
            at = np.flatnonzero(port == thing)
            for own in at.tolist():
                change[position[port[:own]]] -= KEPT
                change[position[port[own + 1 :]]] += KEPT
        return change

    def _pass_through(self, thing: int, low: int, high: int, change: NDArray[np.float64]) -> None:
        """The thing goes straight down between rows: each line between whose ends it stands."""
        gaps, position = self.gaps, self.position
        part = slice(int(gaps.first[low]), int(gaps.first[high + 1]))
        top, bottom = gaps.top[part], gaps.bottom[part]
        keep = (top != bottom) & (top != thing) & (bottom != thing)
        one, other = position[top[keep]], position[bottom[keep]]
        size = len(change)
        change += np.bincount(np.minimum(one, other), minlength=size)
        change -= np.bincount(np.maximum(one, other), minlength=size)
        self.work += len(top)

    def _turn(self, thing: int, a: int, b: int, row: int, change: NDArray[np.float64]) -> None:
        """A line between the thing and another: against all other lines of its gap."""
        gaps, position = self.gaps, self.position
        part = slice(int(gaps.first[row]), int(gaps.first[row + 1]))
        near, far = (
            (gaps.top[part], gaps.bottom[part])
            if a == thing
            else (gaps.bottom[part], gaps.top[part])
        )
        other = b if a == thing else a
        self.work += len(near)
        plain = (near != thing) & (far != thing)
        sign = np.sign(position[far[plain]] - position[other])
        change += np.bincount(position[near[plain]], weights=sign, minlength=len(change))
        # A line that leaves the thing where this one comes to it: they cross unless it stands
        # between their far ends.
        back = position[near[(far == thing) & (near != thing)]]
        if len(back):
            own = position[other]
            np.add.at(change, np.minimum(back, own), -1.0)
            np.add.at(change, np.maximum(back, own), 1.0)
