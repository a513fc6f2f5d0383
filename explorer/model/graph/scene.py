"""What is to be painted: all boxes, frames and lines of a graph as it is folded now, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.blocks import Block
from explorer.model.graph.columns import Floats, Ints, nowhere
from explorer.model.graph.docking import Skeleton
from explorer.model.graph.docks import Hanging


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

    @cached_property
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


@dataclass
class _Placed:
    block: Block
    x: float
    y: float


def flatten(skeleton: Skeleton, root: Block, blocks: dict[int, Block], *, upwards: bool) -> Scene:
    """Put all open blocks into one picture; ``blocks`` has them by the group's row."""
    placed = _placements(root, blocks)
    items = _items(placed)
    box, role, node, group, edge = _all_boxes(skeleton, placed, items)
    frame = np.array([(p.x - p.block.left, p.y, p.block.left + p.block.right, p.block.height)
                      for p in placed[1:]]).reshape(-1, 4)  # fmt: skip
    frame_group = np.array([p.block.plan.group_row for p in placed[1:]], np.int64)
    points, first, line_edge = _lines(placed)
    links, link_edge, link_kind = _links(placed, items)
    if upwards:
        for rows, high in ((box, 3), (frame, 3)):
            rows[:, 1] = root.height - rows[:, 1] - rows[:, high]
        points[:, 1] = root.height - points[:, 1]
        links[:, 1::2] = root.height - links[:, 1::2]
    shown = _shown(skeleton, node, role)
    return Scene(box, role, node, group, edge, frame, frame_group, points, first, line_edge,
                 links, link_edge, link_kind == _SAVED, shown, upwards)  # fmt: skip


def _placements(root: Block, blocks: dict[int, Block]) -> list[_Placed]:
    """Every open block with its origin in the picture, outer ones first."""
    placed = [_Placed(root, 0.0, 0.0)]
    for outer in placed:
        for item, x, y in outer.block.inner:
            group = int(outer.block.plan.group[item])
            placed.append(_Placed(blocks[group], outer.x + x, outer.y + y))
    return placed


@dataclass
class _Items:
    """The items of all blocks, one after another; those of a block begin at ``first``. ``left``
    and ``right`` are how much further than its closed box an item reaches; both are None where
    nothing is open."""

    first: Ints
    x: Floats
    y: Floats
    width: Floats
    height: Floats
    left: Floats | None
    right: Floats | None
    place: Ints
    group: Ints
    shown: NDArray[np.bool_]


def _items(placed: list[_Placed]) -> _Items:
    blocks = [p.block for p in placed]
    if len(blocks) == 1:
        (one,) = blocks
        plan, starts = one.plan, np.array([0, len(one.x)])
        shown = (plan.place >= 0) | (plan.group >= 0)
        sizes = (plan.width, one.item_height, None, None)
        return _Items(starts, one.x, one.y, *sizes, plan.place, plan.group, shown)
    count = [len(block.x) for block in blocks]
    first = np.concatenate([[0], np.cumsum(count)])
    width = np.concatenate([block.plan.width for block in blocks])
    place = np.concatenate([block.plan.place for block in blocks])
    group = np.concatenate([block.plan.group for block in blocks])
    shown = (place >= 0) | (group >= 0)
    open_ones = [
        start + item
        for block, start in zip(blocks, first.tolist(), strict=False)
        for item, _, _ in block.inner
    ]
    shown[open_ones] = False
    return _Items(
        first,
        np.concatenate([b.x for b in blocks]) + np.repeat([p.x for p in placed], count),
        np.concatenate([b.y for b in blocks]) + np.repeat([p.y for p in placed], count),
        width,
        np.concatenate([block.item_height for block in blocks]),
        np.concatenate([block.item_left for block in blocks]) - width / 2,
        np.concatenate([block.item_right for block in blocks]) - width / 2,
        place,
        group,
        shown,
    )


_Columns = tuple[Floats, NDArray[np.uint8], Ints, Ints, Ints]
_GROUP, _SAVED_ROLE = int(Role.GROUP), int(Role.SAVED)
_FROM, _TO, _SAVED = int(Hanging.FROM), int(Hanging.TO), int(Hanging.SAVED)
_ROLE_OF = np.array([Role.OPERATION, Role.LEAF, Role.RESULT, Role.CUT], np.uint8)
_HANGING_ROLE = np.array([Role.DOCKED, Role.FROM, Role.TO, Role.SAVED], np.uint8)


def _all_boxes(skeleton: Skeleton, placed: list[_Placed], items: _Items) -> _Columns:
    """Boxes of nodes and of closed groups, and all that hangs at them."""
    at: Ints | slice = slice(None) if items.shown.all() else items.shown.nonzero()[0]
    x, y, width, height = items.x[at], items.y[at], items.width[at], items.height[at]
    own = _rectangles(x, y, width, height)
    place = items.place[at]
    is_node, kinds = place >= 0, skeleton.graph.kind
    node = skeleton.order[place] if len(skeleton) else place
    role = _ROLE_OF[kinds[node]]
    if not is_node.all():
        node, role = np.where(is_node, node, -1), np.where(is_node, role, _GROUP)
    hung, kind, ref, edge = _hanging(placed, items)
    return (
        np.concatenate([own, hung]),
        np.concatenate([role.astype(np.uint8), _HANGING_ROLE[kind]]),
        np.concatenate([node, ref]),
        np.concatenate([items.group[at], nowhere(len(hung))]),
        np.concatenate([nowhere(len(node)), edge]),
    )


def _rectangles(x: Floats, y: Floats, width: Floats, height: Floats) -> Floats:
    """Left, top, width and height of boxes with these middles."""
    box = np.empty((len(x), 4))
    box[:, 0], box[:, 1] = x - width / 2, y - height / 2
    box[:, 2], box[:, 3] = width, height
    return box


def _hanging(placed: list[_Placed], items: _Items) -> tuple[Floats, Ints, Ints, Ints]:
    """Boxes, kinds, nodes and edges of docked leaves, references and saved tensors."""
    hangings = [p.block.plan.hangings for p in placed]
    item, which = _of_blocks([h.item for h in hangings], items)
    kind, ref, x, y, width, height = (
        _all([getattr(h, name) for h in hangings])
        for name in ("kind", "ref", "x", "y", "width", "height")
    )
    x = items.x[item] + _hung_at(items, item, x)
    y = items.y[item] + y
    box = _rectangles(x, y, width, height)
    edge = nowhere(len(item))
    if not kind.any():
        return box, kind, ref, edge  # docked leaves alone
    reference = (kind == _FROM) | (kind == _TO)
    if not reference.any():
        return box, kind, ref, edge
    edges = [p.block.plan.edge for p in placed]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in edges])])
    edge[reference] = np.concatenate(edges)[ref[reference] + starts[which[reference]]]
    return box, kind, np.where(reference, -1, ref), edge


def _of_blocks(parts: list[Ints], items: _Items) -> tuple[Ints, Ints]:
    """Items of blocks as rows of all items, and the block of each."""
    if len(parts) == 1:
        return parts[0], np.zeros(len(parts[0]), np.int64)
    count = [len(part) for part in parts]
    which = np.repeat(np.arange(len(parts)), count)
    return np.concatenate(parts) + items.first[which], which


def _all(parts: list[np.ndarray]) -> np.ndarray:
    """The parts one after another, without a copy where there is only one."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _lines(placed: list[_Placed]) -> tuple[Floats, Ints, Ints]:
    """Points of all lines, where each line begins, and the graph's edge of each."""
    routes = [p.block.routes for p in placed]
    if len(routes) == 1:
        return routes[0].points.copy(), routes[0].first, placed[0].block.plan.drawn_edge
    size = [len(one.points) for one in routes]
    points = np.concatenate([one.points for one in routes])
    points = points + np.repeat([(p.x, p.y) for p in placed], size, axis=0)
    starts = np.concatenate([[0], np.cumsum(size)])[:-1]
    first = np.concatenate([one.first[:-1] for one in routes])
    first = np.concatenate([first + np.repeat(starts, [len(r) for r in routes]), [len(points)]])
    return points, first, np.concatenate([p.block.plan.drawn_edge for p in placed])


def _links(placed: list[_Placed], items: _Items) -> tuple[Floats, Ints, Ints]:
    """The short lines to what hangs, the graph's edge of each and the kind of its box."""
    hangings = [p.block.plan.hangings for p in placed]
    item, _ = _of_blocks([h.link_item for h in hangings], items)
    links = _all([h.links for h in hangings]).copy()
    if len(links):
        x, y = items.x[item], items.y[item]
        links[:, 0] = x + _hung_at(items, item, links[:, 0])
        links[:, 2] = x + _hung_at(items, item, links[:, 2])
        links[:, 1] += y
        links[:, 3] += y
    return (
        links,
        _all([h.link_edge for h in hangings]),
        _all([h.link_kind for h in hangings]),
    )


def _hung_at(items: _Items, item: Ints, x: Floats) -> Floats:
    """Offsets of what hangs at items, moved out to the frames of those that are open."""
    if items.left is None or items.right is None:
        return x
    return np.where(x < 0, x - items.left[item], x + items.right[item])


def _shown(skeleton: Skeleton, node: Ints, role: NDArray[np.uint8]) -> Ints:
    """The box that each node is (-1: none)."""
    shown = nowhere(len(skeleton.graph))
    plain = ((node >= 0) & (role != _SAVED_ROLE)).nonzero()[0]
    # A docked leaf has several boxes; the first one stands for it.
    plain = plain[::-1]
    shown[node[plain]] = plain
    return shown
