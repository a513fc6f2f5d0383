"""The order of a level's columns and lanes, of parts that are built alike only once.

An item in whose row nothing else is alive cuts a level in two. Of the parts between such items
one of each kind is kept; the level that these make is ordered, and its pieces are set one below
the other as often as they come: a network of twelve equal layers costs as much as one of two.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from explorer.model.graph.columns import Ints
from explorer.model.graph.lanes import Lanes, order_lanes
from explorer.model.graph.ranks import Level, Ranks, columns
from explorer.model.graph.sifting import sift

SETUP = 200
"""To look for equal parts costs as much as to order so many items."""

_Key = tuple[bytes, bytes]
"""What makes two parts alike: edges and items."""


def order_level(level: Level, ranks: Ranks) -> Lanes:
    """Every column and every lane of a level in one order from left to right."""
    # The inside of a group, with entries and exits, is never long.
    long = level.count > SETUP and not (level.entries or level.exits or level.folded)
    ends = ends_of_parts(level, ranks) if long else None
    if ends is not None and len(ends) > 2:
        parts = _Parts(level, ranks, ends)
        kinds = dict(zip(parts.keys, range(len(parts.keys)), strict=True))
        if sum(parts.size[part] for part in kinds.values()) + SETUP < level.count:
            made = dict(zip(kinds, parts.ordered([*kinds.values()]), strict=True))
            return _joined([made[key] for key in parts.keys], ranks.row_column[ends[:-1]])
    return _ordered(level, columns(level, ranks))


def _ordered(level: Level, ranks: Ranks) -> Lanes:
    return sift(level, ranks, order_lanes(level, ranks))


def ends_of_parts(level: Level, ranks: Ranks) -> Ints:
    """The first item, those that cut the level, and the last item."""
    count, row = level.count, ranks.row_column
    over = np.bincount(level.source + 1, minlength=count + 1)
    over -= np.bincount(level.target, minlength=count + 1)
    alone = np.cumsum(over)[:count] == 0
    alone[1:] &= np.maximum.accumulate(row)[:-1] < row[1:]
    alone &= np.minimum.accumulate(row[::-1])[::-1] == row
    if not alone[0]:  # it was pulled down below the beginning of another part
        return np.array([0, count - 1])
    # Of several in a row the first is enough: the others stand in its column.
    alone[1:] &= ~alone[:-1]
    alone[0] = alone[-1] = True
    return np.flatnonzero(alone)


class _Parts:
    """The parts between neighbouring ``ends``, each with both of its ends: ``keys`` are equal
    for those built alike, ``size`` is the number of items."""

    def __init__(self, level: Level, ranks: Ranks, ends: Ints) -> None:
        self.level = level
        begin, end = ends[:-1], ends[1:]
        first_edge = np.searchsorted(level.target, np.concatenate([[0], end + 1]))
        self._edge_at: list[int] = first_edge.tolist()
        self._item_at: list[int] = ends.tolist()
        self.size: list[int] = (end - begin + 1).tolist()
        self._edges = self._own_edges(begin, np.diff(first_edge))
        self._items = self._own_items(ranks, begin, end)
        self.keys = [*map(self._key, range(len(begin)))]

    def _own_edges(self, begin: Ints, count: Ints) -> Ints:
        """Source, target and tensor of each edge as numbered in its part; shape (edges, 3)."""
        level = self.level
        maker = np.zeros(int(level.tensor.max(initial=-1)) + 1, np.int64)
        maker[level.tensor] = level.source
        first_tensor = np.searchsorted(np.maximum.accumulate(maker), begin)
        own = np.empty((len(level.source), 3), np.int64)
        first = np.repeat(begin, count)
        own[:, 0], own[:, 1] = level.source - first, level.target - first
        own[:, 2] = level.tensor - np.repeat(first_tensor, count)
        return own

    def _own_items(self, ranks: Ranks, begin: Ints, end: Ints) -> Ints:
        """Row and longest paths to it and from it within its part, of each item but the level's
        first; shape (items - 1, 3)."""
        size = end - begin
        first, last = np.repeat(begin, size), np.repeat(end, size)
        row, depth, height = ranks.row_column, np.array(ranks.depth), np.array(ranks.height)
        own = np.empty((len(row) - 1, 3), np.int64)
        own[:, 0] = row[1:] - row[first]
        own[:, 1] = np.maximum(depth[1:] - depth[first], 0)
        own[:, 2] = np.maximum(height[1:] - height[last], 0)
        return own

    def _of(self, part: int) -> tuple[Ints, Ints]:
        edges = self._edges[self._edge_at[part] : self._edge_at[part + 1]]
        return edges, self._items[self._item_at[part] : self._item_at[part + 1]]

    def _key(self, part: int) -> _Key:
        edges, items = self._of(part)
        return edges.tobytes(), items.tobytes()

    def ordered(self, chosen: list[int]) -> list[_Piece]:
        """The level that some parts make, the first among them, in order and in pieces."""
        edges, items = [], [np.zeros((1, 3), np.int64)]
        item_at, edge_at, tensors = [0], [0], 0
        for part in chosen:
            own_edges, own = self._of(part)
            edges.append(own_edges + np.array([item_at[-1], item_at[-1], tensors]))
            # Paths from an item are compared with those from its neighbours alone.
            items.append(own + items[-1][-1] * (1, 1, 0))
            item_at.append(item_at[-1] + len(own))
            edge_at.append(edge_at[-1] + len(own_edges))
            tensors += int(own_edges[:, 2].max(initial=-1)) + 1
        row, depth, height = np.concatenate(items).T.tolist()
        source, target, tensor = np.concatenate(edges).T.copy()
        level = Level(len(row), source, target, tensor)
        ranks = Ranks(row, depth, height, *([[-1] * len(row)] * 3))
        lanes = _ordered(level, columns(level, ranks))
        spans = zip(itertools.pairwise(item_at), itertools.pairwise(edge_at), strict=True)
        return [_Piece(lanes, items, edges, ranks) for items, edges in spans]


class _Piece:
    """The lanes of a part with its things numbered anew: 0 is the one of its first item.

    ``end`` is the thing of its last item; ``before`` and ``after`` are the others that are left
    and right of that. ``column`` lacks the first item, which is the last of the part above.
    """

    def __init__(
        self, lanes: Lanes, items: tuple[int, int], edges: tuple[int, int], ranks: Ranks
    ) -> None:
        column = lanes.column[items[0] : items[1] + 1]
        way, lane = (which[slice(*edges)] for which in (lanes.way, lanes.lane))
        used = np.unique(np.concatenate([column, way]))
        used = used[np.argsort(lanes.position[used])]
        start = int(np.flatnonzero(used == column[0])[0])
        order = np.arange(len(used))
        order[:start] += 1
        order[start] = 0
        number = np.zeros(len(lanes.first), np.int64)
        number[used] = order
        self.end = int(number[column[-1]])
        at = int(np.flatnonzero(order == self.end)[0])
        self.before, self.after = order[:at], order[at + 1 :]
        self.column, self.way = number[column[1:]], number[way]
        self.lane = np.where(lane >= 0, number[lane], -1)
        top, bottom = ranks.row[items[0]], ranks.row[items[1]]
        self.first, self.last = np.empty_like(order), np.empty_like(order)
        self.first[order] = np.maximum(lanes.first[used], top) - top
        self.last[order] = np.minimum(lanes.last[used], bottom) - top


def _joined(pieces: list[_Piece], row: Ints) -> Lanes:
    """All pieces one below the other; ``row`` is that of the first item of each."""
    fresh = np.array([len(piece.first) - 1 for piece in pieces])
    base = np.cumsum(fresh) - fresh
    start = [0]
    for piece, above in zip(pieces, base.tolist(), strict=True):
        start.append(above + piece.end if piece.end else start[-1])
    numbers = _Numbers(base, np.array(start[:-1]))
    left = numbers.of([piece.before for piece in pieces])
    right = numbers.turned().of([piece.after for piece in reversed(pieces)])
    order = np.concatenate([left, start[-1:], right])
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    down = np.repeat(row, fresh)
    first = np.concatenate([pieces[0].first[:1], *(p.first[1:] for p in pieces)])
    last = np.concatenate([pieces[0].last[:1], *(p.last[1:] for p in pieces)])
    first[1:] += down
    last[1:] += down
    np.maximum.at(last, start[:-1], np.array([int(p.last[0]) for p in pieces]) + row)
    return Lanes(
        first=first,
        last=last,
        position=position,
        column=np.concatenate([[0], numbers.of([piece.column for piece in pieces])]),
        way=numbers.of([piece.way for piece in pieces]),
        lane=numbers.of([piece.lane for piece in pieces]),
        blocked=0,
    )


class _Numbers:
    """From the numbers of things in their pieces to those among all: thing 0 of a piece is
    ``start``, the others follow ``base``."""

    def __init__(self, base: Ints, start: Ints) -> None:
        self.base, self.start = base, start

    def turned(self) -> _Numbers:
        """For the pieces in the order from the last to the first."""
        return _Numbers(self.base[::-1], self.start[::-1])

    def of(self, columns: Sequence[Ints]) -> Ints:
        """The columns of all pieces one after another; -1 stays."""
        size = [len(column) for column in columns]
        flat = np.concatenate(columns)
        found = np.where(flat > 0, flat + np.repeat(self.base, size), np.repeat(self.start, size))
        return np.where(flat < 0, -1, found)
