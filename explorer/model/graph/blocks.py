"""One open group drawn: boxes, frames and lines around its trunk, with x = 0 and the top at y = 0.

What is open inside an item makes its row higher and pushes outwards what stands beside it in that
row. Nothing in any other row moves sideways, and all rows below go down by the same amount.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Floats
from explorer.model.graph.faces import Spacing
from explorer.model.graph.plan import Plan
from explorer.model.graph.routes import Routes, make_routes


@dataclass
class Block:
    """A group as drawn. ``left``, ``right`` and ``height`` are its size with frame.

    ``x`` and ``y`` are the middles of the plan's items. ``inner`` are the open items with the
    place of their own block's origin: rows of item, x, y. ``item_left`` and ``item_right`` are
    how far the items themselves reach from their middles, without what hangs there. ``entry_x``
    and ``exit_x`` tell where each tensor (number of the wiring) crosses the border.
    """

    plan: Plan
    left: float
    right: float
    height: float
    x: Floats
    y: Floats
    item_height: Floats
    item_left: Floats
    item_right: Floats
    inner: list[tuple[int, float, float]]
    routes: Routes
    entry_x: dict[int, float]
    exit_x: dict[int, float]


@dataclass
class Padding:
    """Room between the frame and the first and last row; the title stands in one of them."""

    top: float
    bottom: float
    side: float


def padding(spacing: Spacing, root: bool, title_below: bool) -> Padding:
    """Room inside the frame of a group; the whole graph has no frame."""
    if root:
        return Padding(0.0, 0.0, 0.0)
    title, plain = spacing.title_height, spacing.frame_padding
    return Padding(plain if title_below else title, title if title_below else plain, plain)


def compose(
    plan: Plan, inside: dict[int, Block], spacing: Spacing, room: Padding, least: float = 0.0
) -> Block:
    """Draw a group, at least so wide; ``inside`` has the blocks of its open items."""
    layout = plan.layout
    own_left, height = plan.width / 2, plan.height.copy()
    own_right = own_left.copy()
    for item, block in inside.items():
        own_left[item], own_right[item], height[item] = block.left, block.right, block.height
    left, right = own_left + plan.hangings.left, own_right + plan.hangings.right
    top, bottom = _rows(plan, height, spacing, room)
    moves = _Moves(plan, left, right, spacing.lane_gap)
    x = layout.x.copy()
    for row in sorted({int(layout.row[item]) for item in inside}):
        moves.push(row, x)
    y = (top + bottom)[layout.row] / 2 if len(layout.row) else np.zeros(0)
    total = float(bottom[-1]) if len(bottom) else room.top
    total += 0.0 if plan.level.exits else room.bottom
    ends = _ends(plan, inside, x, y, height, total)
    routes = make_routes(layout, ends, top, bottom, moves.lanes)
    ports = _ports(plan, x)
    before, past = _reach(plan, left, right, x, moves)
    before += room.side
    past = max(past + room.side, least - before)
    inner = [(item, float(x[item]), float(y[item] - height[item] / 2)) for item in inside]
    return Block(
        plan, before, past, total, x, y, height,
        own_left, own_right, inner, routes, *ports,
    )  # fmt: skip


def _rows(plan: Plan, height: Floats, spacing: Spacing, room: Padding) -> tuple[Floats, Floats]:
    """Top and bottom of each row. The rows of entries and exits lie in the frame's padding."""
    layout = plan.layout
    rows = layout.rows
    high = np.zeros(rows)
    np.maximum.at(high, layout.row, height)
    gap = np.full(rows, spacing.row_gap)
    start = 0.0
    if rows:
        if plan.level.entries:
            high[0] = max(high[0], room.top - spacing.row_gap / 2)
            gap[0] = spacing.row_gap / 2
        else:
            start = room.top
        if plan.level.exits:
            high[-1] = max(high[-1], room.bottom - spacing.row_gap / 2)
            gap[-2:-1] = spacing.row_gap / 2
    bottom = start + (high + gap).cumsum() - gap
    return bottom - high, bottom


def _ends(
    plan: Plan,
    inside: dict[int, Block],
    x: Floats,
    y: Floats,
    height: Floats,
    height_of_all: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """x and y where each drawn edge starts and ends; at the border for what comes and goes."""
    level, layout = plan.level, plan.layout
    source, target = level.source[layout.edge], level.target[layout.edge]
    x0, y0 = x[source] + layout.leave, (y + height / 2)[source]
    x1, y1 = x[target] + layout.enter, (y - height / 2)[target]
    if level.entries:
        y0[source < level.entries] = 0.0
    if level.exits:
        y1[target >= level.count - level.exits] = height_of_all
    for item, block in inside.items():
        for edge in np.flatnonzero(source == item).tolist():
            x0[edge] = x[item] + block.exit_x[_first_tensor(plan, edge)]
        for edge in np.flatnonzero(target == item).tolist():
            x1[edge] = x[item] + block.entry_x[_first_tensor(plan, edge)]
    return x0, y0, x1, y1


def _first_tensor(plan: Plan, drawn: int) -> int:
    """The tensor of the wiring, or the first of the bundle, that a drawn edge carries."""
    return plan.carried[int(plan.level.tensor[plan.layout.edge[drawn]])][0]


def _ports(plan: Plan, x: Floats) -> tuple[dict[int, float], dict[int, float]]:
    """Where each tensor, or the first of each bundle, crosses the border at top and bottom."""
    count = plan.level.count
    first = count - plan.level.exits
    comes = {bundle[0]: float(x[item]) for item, bundle in enumerate(plan.entering)}
    goes = {bundle[0]: float(x[first + n]) for n, bundle in enumerate(plan.leaving)}
    return comes, goes


def _reach(
    plan: Plan, left: Floats, right: Floats, x: Floats, moves: _Moves
) -> tuple[float, float]:
    """How far the group reaches left and right of its trunk."""
    if len(x) == 0:
        return 0.0, 0.0
    moved = [move[2] for move in moves.lanes]
    # Things that nothing uses are at 0 and so make no difference.
    things = plan.layout.thing_x
    low = min(0.0, (x - left).min(), things.min(), *moved)
    high = max(0.0, (x + right).max(), things.max(), *moved)
    return -float(low), float(high)


class _Moves:
    """What open items push aside, row by row. ``lanes`` are rows of thing, row, new x."""

    def __init__(self, plan: Plan, left: Floats, right: Floats, gap: float) -> None:
        self.layout, self.left, self.right, self.gap = plan.layout, left, right, gap
        self.lanes: list[tuple[int, int, float]] = []

    def push(self, row: int, x: Floats) -> None:
        """Push outwards from the trunk until nothing in the row overlaps; changes ``x``."""
        layout = self.layout
        items = np.flatnonzero(layout.row == row)
        here = np.flatnonzero((layout.thing_first <= row) & (layout.thing_last >= row))
        lanes = np.setdiff1d(here, layout.column[items])
        found = [(float(layout.x[i]), int(i), -1) for i in items]
        found += [(float(layout.thing_x[t]), -1, int(t)) for t in lanes]
        found.sort()
        middle = min(range(len(found)), key=lambda n: abs(found[n][0]))
        for outward in (found[middle:], found[middle::-1]):
            side = 1.0 if outward[-1][0] >= outward[0][0] else -1.0
            self._push_side(row, outward, side, x)

    def _push_side(
        self, row: int, outward: list[tuple[float, int, int]], side: float, x: Floats
    ) -> None:
        border = -np.inf
        for base, item, thing in outward:
            inner, outer = (self.left, self.right) if side > 0 else (self.right, self.left)
            near = float(inner[item]) if item >= 0 else 0.0
            far = float(outer[item]) if item >= 0 else 0.0
            at = max(side * base, border + near)
            border = at + far + self.gap
            if at == side * base:
                continue
            if item >= 0:
                x[item] = side * at
            else:
                self.lanes.append((thing, row, side * at))
