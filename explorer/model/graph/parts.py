"""The order of a level's columns and lanes, of parts that are built alike only once.

An item in whose row nothing else is alive cuts a level in two. Of the parts between such items
one of each kind is kept; the level that these make is ordered, and its pieces are set one below
the other as often as they come: a network of twelve equal layers costs as much as one of two.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from explorer.model.graph.columns import Ints, ints
from explorer.model.graph.lanes import Lanes, order_lanes
from explorer.model.graph.ranks import Level, Ranks, columns, heirs
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
    alone = over.cumsum()[:count] == 0
    alone[1:] &= np.maximum.accumulate(row)[:-1] < row[1:]
    alone &= np.minimum.accumulate(row[::-1])[::-1] == row
    if not alone[0]:  # it was pulled down below the beginning of another part
        return np.array([0, count - 1])
    # Of several in a row the first is enough: the others stand in its column.
    alone[1:] &= ~alone[:-1]
    alone[0] = alone[-1] = True
    ends: Ints = alone.nonzero()[0]
    return ends


class _Parts:
    """The parts between neighbouring ``ends``, each with both of its ends: ``keys`` are equal
    for those built alike, ``size`` is the number of items."""

    def __init__(self, level: Level, ranks: Ranks, ends: Ints) -> None:
        self.level = level
        begin, end = ends[:-1], ends[1:]
        first_edge = np.zeros(len(ends), np.int64)
        first_edge[1:] = level.target.searchsorted(end + 1)
        self._edge_at: list[int] = first_edge.tolist()
        self._item_at: list[int] = ends.tolist()
        self.size: list[int] = (end - begin + 1).tolist()
        self._edges = self._own_edges(begin, first_edge[1:] - first_edge[:-1])
        self._items = self._own_items(ranks, begin, end)
        self.keys = [*map(self._key, range(len(begin)))]

    def _own_edges(self, begin: Ints, count: Ints) -> Ints:
        """Source, target and tensor of each edge as numbered in its part; shape (edges, 3)."""
        level = self.level
        maker = np.zeros(int(level.tensor.max(initial=-1)) + 1, np.int64)
        maker[level.tensor] = level.source
        first_tensor = np.maximum.accumulate(maker).searchsorted(begin)
        own = np.empty((len(level.source), 3), np.int64)
        first = begin.repeat(count)
        own[:, 0], own[:, 1] = level.source - first, level.target - first
        own[:, 2] = level.tensor - first_tensor.repeat(count)
        return own

    def _own_items(self, ranks: Ranks, begin: Ints, end: Ints) -> Ints:
        """Row and longest paths to it and from it within its part, of each item but the level's
        first; shape (items - 1, 3)."""
        size = end - begin
        first, last = begin.repeat(size), end.repeat(size)
        row, depth, height = ranks.row_column, ints(ranks.depth), ints(ranks.height)
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
        ranks = Ranks(row, depth, height, heirs(level, height), *([[-1] * len(row)] * 3))
        lanes = _ordered(level, columns(level, ranks))
        order = lanes.position.argsort()
        spans = zip(itertools.pairwise(item_at), itertools.pairwise(edge_at), strict=True)
        return [_Piece(lanes, order, items, edges, ranks) for items, edges in spans]


class _Piece:
    """The lanes of a part with its things numbered anew: 0 is the one of its first item.

    ``end`` is the thing of its last item; ``before`` and ``after`` are the others that are left
    and right of that. ``column`` lacks the first item, which is the last of the part above.
    """

    def __init__(
        self,
        lanes: Lanes,
        order: Ints,
        items: tuple[int, int],
        edges: tuple[int, int],
        ranks: Ranks,
    ) -> None:
        column = lanes.column[items[0] : items[1] + 1]
        way, lane = (which[slice(*edges)] for which in (lanes.way, lanes.lane))
        is_used = np.zeros(len(order), bool)
        is_used[column] = is_used[way] = True
        used = order[is_used[order]]
        start = int((used == column[0]).argmax())
        order = np.arange(len(used))
        order[:start] += 1
        order[start] = 0
        number = np.zeros(len(is_used), np.int64)
        number[used] = order
        self.end = int(number[column[-1]])
        at = int((order == self.end).argmax())
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
    base = fresh.cumsum() - fresh
    start = [0]
    for piece, above in zip(pieces, base.tolist(), strict=True):
        start.append(above + piece.end if piece.end else start[-1])
    own = [p.before for p in pieces], [p.column for p in pieces], [p.way for p in pieces]
    other = [p.lane for p in pieces], [p.after for p in reversed(pieces)]
    left, column, way, lane, right = _numbered((*own, *other), base, np.array(start[:-1]))
    order = np.concatenate([left, start[-1:], right])
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    down = row.repeat(fresh)
    first = np.concatenate([pieces[0].first[:1], *(p.first[1:] for p in pieces)])
    last = np.concatenate([pieces[0].last[:1], *(p.last[1:] for p in pieces)])
    first[1:] += down
    last[1:] += down
    np.maximum.at(last, start[:-1], np.array([int(p.last[0]) for p in pieces]) + row)
    column = np.concatenate([[0], column])
    return Lanes(first, last, position, column, way, lane, blocked=0)


def _numbered(columns: Sequence[list[Ints]], base: Ints, start: Ints) -> list[Ints]:
    """Columns of all pieces, each of them one after another, with the numbers of things in their
    pieces made those among all: thing 0 of a piece is ``start``, the others follow ``base``; -1
    stays. Of the last column the pieces come from the last to the first."""
    size = [[len(one) for one in column] for column in columns]
    sizes = list(itertools.chain(*size))
    flat = np.concatenate(list(itertools.chain(*columns)))
    bases, starts = (
        np.concatenate([*[one] * (len(columns) - 1), one[::-1]]) for one in (base, start)
    )
    found = np.where(flat > 0, flat + bases.repeat(sizes), starts.repeat(sizes))
    found = np.where(flat < 0, -1, found)
    cuts = list(itertools.accumulate(map(sum, size), initial=0))
    return [found[low:high] for low, high in itertools.pairwise(cuts)]
