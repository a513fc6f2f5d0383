"""The lines of a level, as points with a vertical tangent each.

Between two points with the same x a line is straight; otherwise it is one S-shaped curve, and
those lie only in the gaps between rows. So no line touches a box, and two lines cross in a gap
only where their order changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Floats, Ints
from explorer.model.graph.level import LevelLayout

Ends = tuple[Floats, Floats, Floats, Floats]


@dataclass
class Routes:
    """``points`` (k, 2) of all lines; line ``e`` has those from ``first[e]`` to ``first[e+1]``."""

    points: Floats
    first: Ints

    def __len__(self) -> int:
        return len(self.first) - 1


def make_routes(
    layout: LevelLayout,
    ends: Ends,
    top: Floats,
    bottom: Floats,
    moved: list[tuple[int, int, float]],
) -> Routes:
    """Lines of the drawn edges; ``moved`` lanes (thing, row, x) make a detour in that row."""
    x0, y0, x1, y1 = ends
    bent = ((layout.lane >= 0) | (x0 != x1)).nonzero()[0]
    counts = np.empty(len(x0) + 1, np.int64)
    counts.fill(2)
    counts[-1] = 0
    if len(bent):
        some = tuple(column[bent] for column in ends)
        flat, owner = _bent_lines(layout, bent, some, (top, bottom), moved)
        each = np.bincount(owner, minlength=len(bent))
        counts[bent] = each
    first = counts.cumsum() - counts
    points = np.empty((int(first[-1]), 2))
    # Of bent lines these two are written over.
    begin, end = first[:-1], first[1:] - 1
    points[begin, 0], points[begin, 1] = x0, y0
    points[end, 0], points[end, 1] = x1, y1
    if len(bent):
        begins = each.cumsum() - each
        points[np.arange(len(flat)) + (first[bent] - begins)[owner]] = flat
    return Routes(points, first)


def _bent_lines(
    layout: LevelLayout,
    lines: Ints,
    ends: tuple[Floats, ...],
    borders: tuple[Floats, Floats],
    moved: list[tuple[int, int, float]],
) -> tuple[Floats, Ints]:
    """Points of the lines that are not one straight piece, and which of them each belongs to."""
    (x0, y0, x1, y1), (top, bottom) = ends, borders
    edge, thing = layout.edge[lines], layout.lane[lines]
    start, end = layout.row[layout.level.source[edge]], layout.row[layout.level.target[edge]]
    lane = np.where(thing >= 0, layout.thing_x[thing], np.nan)
    after, before = start + 1, end - 1
    points = np.empty((len(lines), 6, 2))
    heights = (y0, bottom[start], top[after], bottom[before], top[end], y1)
    for number, (x, y) in enumerate(zip((x0, x0, lane, lane, x1, x1), heights, strict=True)):
        points[:, number, 0], points[:, number, 1] = x, y
    owner = np.arange(len(lines)).repeat(6)
    if moved:
        more, whose, when = _detours(layout, thing, (start, end), borders, moved, points)
        places = (start, start, after, before, end, end)
        along = np.stack([p + part for p, part in zip(places, _PARTS, strict=True)], axis=1)
        flat = np.concatenate([points.reshape(-1, 2), more])
        owner = np.concatenate([owner, whose])
        by = np.lexsort((np.concatenate([along.reshape(-1), when]), owner))
        flat, owner = flat[by], owner[by]
    else:
        flat = points.reshape(-1, 2)
    keep = _needed(flat, owner)
    return flat[keep], owner[keep]


_PARTS = (0.8, 0.9, 0.1, 0.9, 0.1, 0.2)
"""How far down its row each of the six points of a line lies, to sort further points among
them: out of the box, down to the border of its row, into the lane, out of it, and so on."""


def _detours(
    layout: LevelLayout,
    lane: Ints,
    rows: tuple[Ints, Ints],
    borders: tuple[Floats, Floats],
    moved: list[tuple[int, int, float]],
    points: Floats,
) -> tuple[Floats, Ints, Floats]:
    """More points for the lines in lanes that are moved in some rows: through the row at the new
    place, at the old place in the rows before and after. Points that lines have already in a
    moved row are moved, in ``points``. ``lane`` has the lane of each line."""
    (start, end), (top, bottom) = rows, borders
    at = {(thing, row): x for thing, row, x in moved}
    found, owner, along = [], [], []
    for thing, row, x in moved:
        own = float(layout.thing_x[thing])
        inside = (lane == thing) & (start < row) & (row < end)
        points[inside & (start + 1 == row), 2, 0] = x
        points[inside & (end - 1 == row), 3, 0] = x
        for edge in np.flatnonzero(inside).tolist():
            piece = [(x, top[row], row + 0.1), (x, bottom[row], row + 0.9)]
            if row - 1 > start[edge] and (thing, row - 1) not in at:
                piece.append((own, bottom[row - 1], row - 0.1))
            if row + 1 < end[edge] and (thing, row + 1) not in at:
                piece.append((own, top[row + 1], row + 1.1))
            found += [(px, py) for px, py, _ in piece]
            along += [where for _, _, where in piece]
            owner += [edge] * len(piece)
    return np.array(found).reshape(-1, 2), np.array(owner, np.int64), np.array(along)


def _needed(points: Floats, owner: Ints) -> Ints:
    """Which points are: not those without a lane, nor doubles, nor those in the middle of a
    straight line."""
    at = (~np.isnan(points[:, 0])).nonzero()[0]
    # As one complex number a point is compared at once.
    point, mine = points.view(np.complex128)[:, 0][at], owner[at]
    other = np.ones(len(at), bool)
    other[1:] = (point[1:] != point[:-1]) | (mine[1:] != mine[:-1])
    at = at[other]
    x, mine = points[at, 0], owner[at]
    straight = (x[1:] == x[:-1]) & (mine[1:] == mine[:-1])
    bends = np.ones(len(at), bool)
    bends[1:-1] = ~(straight[1:] & straight[:-1])
    found: Ints = at[bends]
    return found
