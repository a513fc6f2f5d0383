"""The plan of one open group: its items, their edges, docks and columns.

A plan does not depend on what is open inside the group. It is made once, when the group is first
opened, and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explorer.model.graph.columns import Floats, Ints, nowhere
from explorer.model.graph.docking import Skeleton
from explorer.model.graph.docks import Hangings, hang
from explorer.model.graph.faces import Faces
from explorer.model.graph.folding import Groups
from explorer.model.graph.level import ItemSizes, LevelLayout, lay_out_level, plan_level
from explorer.model.graph.ranks import Level
from explorer.model.graph.references import MOST_FAR
from explorer.model.graph.wiring import Tensors, Wiring, level_of


@dataclass
class Plan:
    """A group's level, and how its items and tensors are called outside.

    ``place`` and ``group`` have a row for each item: the place of a node (-1: none) and the row
    of a group (-1: none). ``carried`` has a row for each tensor of the level, where any item is a
    group: the tensors of the wiring that it stands for, several where they run as one bundle.
    ``edge`` has a row for each edge of the level: a graph's edge that it stands for. ``width`` and
    ``height`` are those of the items while closed.
    """

    group_row: int
    layout: LevelLayout
    place: Ints
    group: Ints
    carried: list[Tensors]
    edge: Ints
    width: Floats
    height: Floats
    hangings: Hangings
    entering: list[Tensors]
    leaving: list[Tensors]

    @cached_property
    def drawn_edge(self) -> Ints:
        """The graph's edge of each line."""
        return self.edge[self.layout.edge]

    @property
    def level(self) -> Level:
        """The items and edges."""
        return self.layout.level

    def order_in(self, item: int) -> list[Tensors]:
        """What enters an item, from left to right."""
        return self._order(self.level.target, self.layout.enter, item)

    def order_out(self, item: int) -> list[Tensors]:
        """What leaves an item, from left to right."""
        return self._order(self.level.source, self.layout.leave, item)

    def _order(self, end: Ints, port: Floats, item: int) -> list[Tensors]:
        mine = np.flatnonzero(end[self.layout.edge] == item)
        mine = mine[np.argsort(port[mine], kind="stable")]
        drawn = self.level.tensor[self.layout.edge[mine]].tolist()
        return [self.carried[tensor] for tensor in dict.fromkeys(drawn)]


def make_plan(
    wiring: Wiring,
    groups: Groups,
    row: int,
    faces: Faces,
    entering: list[Tensors],
    leaving: list[Tensors],
    most_far: int = MOST_FAR,
    known: dict[bytes, LevelLayout] | None = None,
) -> Plan:
    """Lay out the inside of a group; what crosses its border comes in these orders.

    ``known`` layouts are used again for groups that are built alike, as the passes of a loop.
    """
    level, carried, edge = level_of(wiring, groups, row, entering, leaving)
    starts, inner = groups.child_start[row], groups.child_group[row]
    place, group = _items(level, starts, inner)
    ranks, references = plan_level(level, most_far)
    width, height = _closed_sizes(wiring.skeleton, groups, faces, place, group)
    hangings = hang(wiring.skeleton, level, references, faces, place, group, groups, edge, width)
    height = np.maximum(height, hangings.least_height)
    sizes = ItemSizes(width, hangings.left, hangings.right, faces.spacing.lane_gap)
    known = {} if known is None else known
    # One group alone is like no other.
    key = _likeness(level, sizes) if len(groups) > 1 else b""
    layout = known.get(key)
    if layout is None:
        layout = known[key] = lay_out_level(level, ranks, references, sizes)
    return Plan(
        row, layout, place, group, carried, edge, width, height, hangings, entering, leaving
    )


def _items(level: Level, starts: Ints, inner: Ints) -> tuple[Ints, Ints]:
    """Place and group of each item, given those of the children."""
    children = np.where(inner < 0, starts, -1) if (inner >= 0).any() else starts
    if level.count == len(starts):
        return children, inner
    place, group = nowhere(level.count), nowhere(level.count)
    rows = slice(level.entries, level.entries + len(starts))
    place[rows], group[rows] = children, inner
    return place, group


def _likeness(level: Level, sizes: ItemSizes) -> bytes:
    """Equal for levels that look alike."""
    numbers = np.array([level.count, level.entries, level.exits, *sorted(level.folded)], np.int64)
    columns = (
        numbers, level.source, level.target, level.tensor,
        sizes.width, sizes.hang_left, sizes.hang_right,
    )  # fmt: skip
    return b"|".join(column.tobytes() for column in columns)


def _closed_sizes(
    skeleton: Skeleton, groups: Groups, faces: Faces, place: Ints, group: Ints
) -> tuple[Floats, Floats]:
    """Width and height of the items: boxes of nodes, boxes of closed groups, nothing for ports."""
    own = place >= 0
    if own.all():
        node = skeleton.order[place]
        return faces.width[node], faces.height[node]
    width, height = np.zeros(len(place)), np.zeros(len(place))
    node = skeleton.order[place[own]]
    width[own], height[own] = faces.width[node], faces.height[node]
    inner = np.flatnonzero(group >= 0)
    if len(inner):
        titles = [f"▸ {groups.title(g)}" for g in group[inner].tolist()]
        width[inner] = faces.measure(titles) + 2 * faces.spacing.box_padding
        height[inner] = faces.spacing.box_height
    return width, height
