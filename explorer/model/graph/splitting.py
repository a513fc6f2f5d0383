"""Columns cut into pieces that may stand apart, and joined again where they need not.

A straight column is good to read, but one that passes many rows has to cross whatever lies on
both its sides. In pieces each part finds its own place.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from explorer.model.graph.columns import Ints
from explorer.model.graph.lanes import Lanes
from explorer.model.graph.ranks import Ranks


def split_columns(sources: Ints, ranks: Ranks, lanes: Lanes) -> Lanes:
    """Every item at the head of a thing of its own, in the place of the column that it stood in.

    ``sources`` are the sources of the level's edges. A lane that became a column is cut above its
    first item.
    """
    row, column = ranks.row_column, lanes.column
    first, last = lanes.first, lanes.last.copy()
    item = np.lexsort((row, column))
    owner, begin = column[item], row[item]
    is_first = np.concatenate([[True], owner[1:] != owner[:-1]])
    is_last = np.concatenate([is_first[1:], [True]])
    end = np.where(is_last, last[owner], np.concatenate([begin[1:], [0]]) - 1)
    # The first item keeps the number of its column, unless a lane leads to it from above.
    keeps = is_first & (begin == first[owner])
    fresh = ~keeps
    piece = owner.copy()
    piece[fresh] = len(first) + np.arange(int(fresh.sum()))
    below_lane = is_first & fresh
    last[owner[keeps]] = end[keeps]
    last[owner[below_lane]] = begin[below_lane] - 1
    own = np.empty(len(column), np.int64)
    own[item] = piece
    place = lanes.position
    place = np.concatenate([place, place[owner[fresh]]])
    way = np.where(column[sources] == lanes.way, own[sources], lanes.way)
    return replace(
        lanes,
        first=np.concatenate([first, begin[fresh]]),
        last=np.concatenate([last, end[fresh]]),
        position=_counted(place),
        column=own,
        way=way,
        lane=np.where(lanes.lane >= 0, way, -1),
    )


def join_pieces(lanes: Lanes, whole: Lanes) -> Lanes:
    """The pieces of the columns of ``whole`` put together where no thing between hinders."""
    first, last = lanes.first, lanes.last
    order = np.argsort(lanes.position).tolist()
    joined = list(range(len(first)))
    alone = [True] * len(first)
    for upper, lower in _neighbours(lanes, whole):
        one, other = order.index(upper), order.index(lower)
        low, high = min(one, other), max(one, other)
        between = np.array(order[low + 1 : high], np.int64)
        for moved, stays in ((lower, one), (upper, other)):
            passing = (first[between] <= last[moved]) & (last[between] >= first[moved])
            if alone[moved] and not passing.any():
                order.remove(moved)
                order.insert(low + 1 if stays == low else high - 1, moved)
                joined[lower] = joined[upper]
                alone[upper] = alone[lower] = False
                break
    return _merged(lanes, np.array(joined, np.int64), order)


def _neighbours(lanes: Lanes, whole: Lanes) -> list[tuple[int, int]]:
    """Pieces of the same column that follow one another, upper ones first."""
    first, last = lanes.first.tolist(), lanes.last.tolist()
    home = dict(zip(lanes.column.tolist(), whole.column.tolist(), strict=True))
    home |= {thing: thing for thing in range(len(whole.first)) if thing not in home}
    pieces = sorted(home, key=lambda piece: (home[piece], first[piece]))
    return [
        (upper, lower)
        for upper, lower in itertools.pairwise(pieces)
        if home[upper] == home[lower] and last[upper] + 1 == first[lower]
    ]


def _merged(lanes: Lanes, joined: Ints, order: list[int]) -> Lanes:
    """Lanes in which each piece is part of the thing that it was joined to."""
    first, last = lanes.first.copy(), lanes.last.copy()
    part = np.flatnonzero(joined != np.arange(len(joined)))
    np.minimum.at(first, joined[part], first[part])
    np.maximum.at(last, joined[part], last[part])
    last[part] = first[part] - 1
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    return replace(
        lanes,
        first=first,
        last=last,
        position=position,
        column=joined[lanes.column],
        way=joined[lanes.way],
        lane=np.where(lanes.lane >= 0, joined[lanes.lane], -1),
    )


def _counted(place: Ints) -> Ints:
    """Places without doubles, in the same order."""
    counted = np.empty(len(place), np.int64)
    counted[np.lexsort((np.arange(len(place)), place))] = np.arange(len(place))
    return counted
