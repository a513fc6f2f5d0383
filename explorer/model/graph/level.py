"""The layout of one level: which row and column each item has, and where its edges touch it.

Heights and vertical places are not settled here: they depend on what is unfolded inside the
items, and change without anything here changing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from explorer.model.graph.columns import Floats, Ints
from explorer.model.graph.compaction import Extents, place_columns
from explorer.model.graph.parts import order_level
from explorer.model.graph.ranks import Level, Ranks, heirs, rank
from explorer.model.graph.references import References, find_references

PORT_STEP = 10.0
"""Distance between two edges that touch the same side of a box, where there is room."""


@dataclass
class LevelLayout:
    """Where everything of a level is, apart from heights.

    ``row`` and ``x`` (the middle) have a row for each item of the level. ``edge`` are the rows of
    the level's edges that are drawn as lines; for these ``lane`` is the thing that they run in
    between their rows (-1: none), ``leave`` and ``enter`` how far from the middle of its source
    and target an edge touches. ``thing_x``, ``thing_first`` and ``thing_last`` are the columns and
    lanes with the rows they pass; ``column`` is the thing that each item stands in. The other
    edges are drawn as ``references``.
    """

    level: Level
    row: Ints
    x: Floats
    edge: Ints
    lane: Ints
    leave: Floats
    enter: Floats
    thing_x: Floats
    thing_first: Ints
    thing_last: Ints
    column: Ints
    references: References

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.row.max(initial=-1)) + 1


@dataclass
class ItemSizes:
    """Widths of the items of a level: the box itself, and what hangs left and right of it."""

    width: Floats
    hang_left: Floats
    hang_right: Floats
    gap: float


def lay_out_level(
    level: Level, ranks: Ranks, references: References, sizes: ItemSizes
) -> LevelLayout:
    """Order, columns and ports of a level whose rows and references are known."""
    thin, ranks = _thinned(level, ranks, references.drawn)
    lanes = order_level(thin, ranks)
    half = sizes.width / 2
    extents = Extents(half + sizes.hang_left, half + sizes.hang_right, sizes.gap)
    thing_x = place_columns(lanes, ranks, extents)
    column, run = lanes.column, lanes.lane
    x = thing_x[column] if level.count else np.zeros(0)
    lane_x = thing_x[run] if len(thing_x) else np.zeros(len(run))
    # Where several edges lie at the same x, their order among the columns and lanes decides.
    position = lanes.position[lanes.way]
    own = lanes.position[column]
    in_lane = run >= 0
    if _one_each(thin):
        leave = np.zeros(len(run))
    else:
        toward = np.where(in_lane, lane_x, x[thin.target])
        leave = _leaving(thin, x, toward, sizes.width, position - own[thin.source])
    arrive = np.where(in_lane, lane_x, x[thin.source] + leave)
    enter = _entering(thin, x, arrive, sizes.width, position - own[thin.target])
    return LevelLayout(
        level=level,
        row=ranks.row_column,
        x=x,
        edge=references.drawn,
        lane=run,
        leave=leave,
        enter=enter,
        thing_x=thing_x,
        thing_first=lanes.first,
        thing_last=lanes.last,
        column=column,
        references=references,
    )


def _thinned(level: Level, ranks: Ranks, edges: Ints) -> tuple[Level, Ranks]:
    """The level with some of its edges, or all, and its ranks with the heirs that are left."""
    if len(edges) == len(level.source):
        return level, ranks
    source, target, tensor = level.source[edges], level.target[edges], level.tensor[edges]
    thin = replace(level, source=source, target=target, tensor=tensor)
    return thin, replace(ranks, heir=heirs(thin, ranks.height))


def plan_level(level: Level, most_far: int) -> tuple[Ranks, References]:
    """Rows of a level, and the edges that become references because there are too many."""
    ranks = rank(level)
    return ranks, find_references(level, ranks, most_far)


def _one_each(level: Level) -> bool:
    """Whether no item makes two tensors: all edges leave from the middle."""
    makers, tensors = np.bincount(level.source), np.bincount(level.tensor)
    return bool(np.count_nonzero(makers) == np.count_nonzero(tensors))


def _leaving(level: Level, x: Floats, toward: Floats, width: Floats, side: Ints) -> Floats:
    """Where each edge leaves its source: one port for each tensor, in the order of their ways."""
    tensor = level.tensor
    count = np.bincount(tensor)
    first = np.empty(len(count), np.int64)
    first[tensor[::-1]] = np.arange(len(tensor) - 1, -1, -1)
    drawn = count.nonzero()[0]
    first = first[drawn]
    way = toward - x[level.source]
    way = np.where(way == 0, np.sign(side) * 1e-3, way)
    total = np.bincount(tensor, weights=way) / np.maximum(count, 1)
    total[tensor[way == 0]] = 0.0
    offset = np.zeros(len(count))
    offset[drawn] = _spread(level.source[first], total[drawn], side[first], width)
    return offset[tensor]


def _entering(level: Level, x: Floats, arrive: Floats, width: Floats, side: Ints) -> Floats:
    """Where each edge enters its target: in the order in which they come from above."""
    if len(level.target) == 0:
        return np.zeros(0)
    way = arrive - x[level.target]
    straight = (way == 0).nonzero()[0]
    way[straight] = np.sign(side[straight]) * 1e-3
    return _spread(level.target, way, side, width)


def _spread(item: Ints, way: Floats, tie: Ints, width: Floats) -> Floats:
    """Spread the ports of each item; the one whose way is straight, if any, is in the middle."""
    offset = np.zeros(len(item))
    many = np.bincount(item)
    several = (many[item] > 1).nonzero()[0]
    if len(several) == 0:
        return offset
    order = several[np.lexsort((tie[several], way[several], item[several]))]
    owner = (many > 1).nonzero()[0]
    count = many[owner]
    starts = count.cumsum() - count
    group = np.arange(len(count)).repeat(count)
    number = np.arange(len(order)) - starts[group]
    middle = (count - 1) / 2
    straight = (way[order] == 0).nonzero()[0][::-1]  # the first of several is written last
    middle[group[straight]] = number[straight]
    room = np.maximum(width[owner] / 2 - 6, 0)
    reach = np.maximum(np.maximum(middle, count - 1 - middle), 1)
    step = np.minimum(PORT_STEP, room / reach)
    offset[order] = (number - middle[group]) * step[group]
    return offset
