"""What is to be painted: all boxes, frames and lines of a graph as it is folded now, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph_blocks import Block
from explorer.model.graph_columns import Floats, Ints
from explorer.model.graph_docking import Skeleton
from explorer.model.graph_docks import Hanging


class Role(IntEnum):
    """How a box looks."""

    OPERATION = 0
    LEAF = 1
    RESULT = 2
    CUT = 3
    DOCKED = 4
    GROUP = 5
    FROM = 6
    TO = 7
    SAVED = 8


@dataclass(frozen=True)
class Scene:
    """A picture of ``b`` boxes, ``f`` frames of open groups and ``e`` lines.

    Boxes: ``box`` (b, 4) is left, top, width, height; ``role`` how it looks; ``node`` the graph's
    node (-1: none); ``group`` the closed group (-1: none); ``edge`` the graph's edge that a
    reference stands for (-1: none). Frames: ``frame`` (f, 4) and ``frame_group``. Lines:
    ``points`` (k, 2), line ``i`` from ``first[i]`` to ``first[i + 1]``, and the graph's edge that
    it stands for, ``line_edge``; ``links`` (l, 4) are the short lines to docked boxes, with
    ``link_edge``, dashed where they lead to saved tensors. ``shown`` tells for each node the box
    that it is, or is inside of. ``upwards`` pictures have the users above: gradients run
    downwards.
    """

    box: Floats
    role: NDArray[np.uint8]
    node: Ints
    group: Ints
    edge: Ints
    frame: Floats
    frame_group: Ints
    points: Floats
    first: Ints
    line_edge: Ints
    links: Floats
    link_edge: Ints
    link_dashed: NDArray[np.bool_]
    shown: Ints
    upwards: bool

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of everything."""
        if len(self.box) == 0:
            return 0.0, 0.0, 0.0, 0.0
        all_boxes = np.concatenate([self.box, self.frame])
        low = all_boxes[:, :2].min(axis=0)
        high = (all_boxes[:, :2] + all_boxes[:, 2:]).max(axis=0)
        if len(self.points):
            low = np.minimum(low, self.points.min(axis=0))
            high = np.maximum(high, self.points.max(axis=0))
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


@dataclass(frozen=True)
class _Placed:
    block: Block
    x: float
    y: float


def flatten(skeleton: Skeleton, root: Block, blocks: dict[int, Block], *, upwards: bool) -> Scene:
    """Put all open blocks into one picture; ``blocks`` has them by the group's row."""
    placed = _placements(root, blocks)
    offset = np.array([(p.x, p.y) for p in placed]).reshape(-1, 2)
    one, other = _item_boxes(skeleton, placed), _hanging_boxes(placed)
    box, role = np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])
    node, group, edge = (np.concatenate([one[n], other[n]]) for n in (2, 3, 4))
    frame = np.array([(p.x - p.block.left, p.y, p.block.left + p.block.right, p.block.height)
                      for p in placed[1:]]).reshape(-1, 4)  # fmt: skip
    frame_group = np.array([p.block.plan.group_row for p in placed[1:]], np.int64)
    lines = [len(p.block.routes) for p in placed]
    size = [len(p.block.routes.points) for p in placed]
    points = np.concatenate([p.block.routes.points for p in placed])
    points = points + np.repeat(offset, size, axis=0)
    starts = np.concatenate([[0], np.cumsum(size)])[:-1]
    first = np.concatenate([p.block.routes.first[:-1] for p in placed])
    first = np.concatenate([first + np.repeat(starts, lines), [len(points)]])
    line_edge = np.concatenate([p.block.plan.edge[p.block.plan.layout.edge] for p in placed])
    links = np.concatenate([_links(p) for p in placed])
    link_edge = np.concatenate([p.block.plan.hangings.link_edge for p in placed])
    kinds = [p.block.plan.hangings.link_kind for p in placed]
    link_dashed = np.concatenate(kinds) == Hanging.SAVED
    if upwards:
        for rows, high in ((box, 3), (frame, 3)):
            rows[:, 1] = root.height - rows[:, 1] - rows[:, high]
        points[:, 1] = root.height - points[:, 1]
        links[:, 1::2] = root.height - links[:, 1::2]
    shown = _shown(skeleton, node, role)
    return Scene(box, role, node, group, edge, frame, frame_group, points, first, line_edge,
                 links, link_edge, link_dashed, shown, upwards)  # fmt: skip


def _placements(root: Block, blocks: dict[int, Block]) -> list[_Placed]:
    """Every open block with its origin in the picture, outer ones first."""
    placed = [_Placed(root, 0.0, 0.0)]
    for outer in placed:
        for item, x, y in outer.block.inner:
            group = int(outer.block.plan.group[item])
            placed.append(_Placed(blocks[group], outer.x + x, outer.y + y))
    return placed


_Columns = tuple[Floats, NDArray[np.uint8], Ints, Ints, Ints]
_ROLE_OF = np.array([Role.OPERATION, Role.LEAF, Role.RESULT, Role.CUT], np.uint8)


def _item_boxes(skeleton: Skeleton, placed: list[_Placed]) -> _Columns:
    """Boxes of nodes and of closed groups."""
    parts = []
    for p in placed:
        plan = p.block.plan
        shown = (plan.place >= 0) | (plan.group >= 0)
        shown[[item for item, _, _ in p.block.inner]] = False
        item = np.flatnonzero(shown)
        width, height = plan.width[item], p.block.item_height[item]
        x, y = p.block.x[item] + p.x, p.block.y[item] + p.y
        box = np.stack([x - width / 2, y - height / 2, width, height], axis=1)
        parts.append((box, plan.place[item], plan.group[item]))
    box, place, group = (np.concatenate(column) for column in zip(*parts, strict=True))
    node = np.where(place >= 0, skeleton.order[place], -1) if len(skeleton) else place
    kinds = skeleton.graph.kind
    role = np.where(place >= 0, _ROLE_OF[kinds[node]], Role.GROUP) if len(node) else node
    return box, role.astype(np.uint8), node, group, np.full(len(box), -1, np.int64)


def _hanging_boxes(placed: list[_Placed]) -> _Columns:
    """Docked leaves, references and saved tensors."""
    parts = []
    for p in placed:
        plan = p.block.plan
        h = plan.hangings
        x = p.block.x[h.item] + _hung_at(p.block, h.item, h.x) + p.x
        y = p.block.y[h.item] + h.y + p.y
        box = np.stack([x - h.width / 2, y - h.height / 2, h.width, h.height], axis=1)
        reference = (h.kind == Hanging.FROM) | (h.kind == Hanging.TO)
        edge = np.full(len(h.item), -1, np.int64)
        edge[reference] = plan.edge[h.ref[reference]]
        parts.append((box, h.kind, np.where(reference, -1, h.ref), edge))
    box, kind, node, edge = (np.concatenate(column) for column in zip(*parts, strict=True))
    roles = np.array([Role.DOCKED, Role.FROM, Role.TO, Role.SAVED], np.uint8)
    return box, roles[kind], node, np.full(len(box), -1, np.int64), edge


def _links(placed: _Placed) -> Floats:
    h = placed.block.plan.hangings
    x = placed.block.x[h.link_item] + placed.x
    y = placed.block.y[h.link_item] + placed.y
    links = h.links + np.stack([x, y, x, y], axis=1)
    for end in (0, 2):
        links[:, end] = x + _hung_at(placed.block, h.link_item, h.links[:, end])
    return links


def _hung_at(block: Block, item: Ints, x: Floats) -> Floats:
    """Offsets of what hangs at items, moved out to the frames of those that are open."""
    half = block.plan.width[item] / 2
    left, right = block.item_left[item] - half, block.item_right[item] - half
    return np.where(x < 0, x - left, x + right)


def _shown(skeleton: Skeleton, node: Ints, role: NDArray[np.uint8]) -> Ints:
    """The box that each node is (-1: none)."""
    shown = np.full(len(skeleton.graph), -1, np.int64)
    plain = np.flatnonzero((node >= 0) & (role != Role.SAVED))
    # A docked leaf has several boxes; the first one stands for it.
    shown[node[plain[::-1]]] = plain[::-1]
    return shown
