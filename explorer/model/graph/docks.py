"""What hangs at the sides of the items of a level: docked leaves, references, saved tensors."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from explorer.model.graph.columns import Floats, Ints, nowhere
from explorer.model.graph.docking import LONGEST_DOCK, Skeleton
from explorer.model.graph.faces import Faces, short_name
from explorer.model.graph.folding import Groups
from explorer.model.graph.ranks import Level
from explorer.model.graph.references import References


class Hanging(IntEnum):
    """What a hanging box is."""

    DOCKED = 0
    FROM = 1
    TO = 2
    SAVED = 3


@dataclass
class Hangings:
    """Boxes at the sides of items, relative to the middle of the item.

    ``item``, ``kind``, ``ref``, ``x``, ``y``, ``width`` and ``height`` have a row for each box;
    ``ref`` is the node's row for docked and saved boxes and the level's edge for references.
    ``links`` are the short lines between them, with rows of x, y, x, y, and belong to the items
    ``link_item``; ``link_edge`` is the graph's edge (-1: none) and ``link_kind`` the kind of the
    box that they lead to. ``left``, ``right`` and ``least_height`` have a row for each item: what
    hangs out at each side, and the height that all lines find room at.
    """

    item: Ints
    kind: Ints
    ref: Ints
    x: Floats
    y: Floats
    width: Floats
    height: Floats
    links: Floats
    link_item: Ints
    link_edge: Ints
    link_kind: Ints
    left: Floats
    right: Floats
    least_height: Floats


@dataclass
class _Rows:
    """Rows of boxes at one side: ``item`` of each row, and its boxes from the far end inwards
    (``width`` and ``ref`` have shape (rows, 3); width 0: no box)."""

    item: Ints
    width: Floats
    kind: Ints
    ref: Ints
    edge: Ints

    def __len__(self) -> int:
        return len(self.item)


_Columns = tuple[np.ndarray, ...]
"""Boxes as item, kind, ref, x, y, width, height; links as ends, item, edge, kind."""


_NONE, _NOTHING = np.zeros(0, np.int64), np.zeros(0)
_NO_ROWS = _Rows(
    _NONE, np.zeros((0, LONGEST_DOCK)), _NONE, np.zeros((0, LONGEST_DOCK), np.int64), _NONE
)
_NO_BOXES: tuple[_Columns, _Columns] = (
    (_NONE, _NONE, _NONE, _NOTHING, _NOTHING, _NOTHING, _NOTHING),
    (np.zeros((0, 4)), _NONE, _NONE, _NONE),
)


def hang(
    skeleton: Skeleton,
    level: Level,
    references: References,
    faces: Faces,
    place: Ints,
    group: Ints,
    groups: Groups,
    edge: Ints,
    width: Floats,
) -> Hangings:
    """Place everything that hangs at the items of a level, which have these widths."""
    left, right = _docked(skeleton, faces, place), _NO_ROWS
    if len(references.drawn) < len(level.source):
        words = _Words(skeleton, level, faces, group, groups, edge)
        left = _joined(left, words.rows(references.named_at_target, True))
        right = words.rows(references.named_at_source, False)
    count = level.count
    out_left, tall_left, boxes_left, links_left = _arranged(left, width, count, faces, -1.0)
    out_right, tall_right, boxes_right, links_right = _arranged(right, width, count, faces, 1.0)
    saved, saved_links, saved_out = _saved(skeleton, faces, place, width)
    item, kind, ref, x, y, wide, high = _one_after_another([boxes_left, boxes_right, saved])
    ends, link_item, link_edge, link_kind = _one_after_another(
        [links_left, links_right, saved_links]
    )
    return Hangings(
        item, kind, ref, x, y, wide, high, ends, link_item, link_edge, link_kind,
        left=out_left,
        right=np.maximum(out_right, saved_out),
        least_height=np.maximum(tall_left, tall_right),
    )  # fmt: skip


class _Words:
    """Names of items, for references to them."""

    def __init__(
        self,
        skeleton: Skeleton,
        level: Level,
        faces: Faces,
        group: Ints,
        groups: Groups,
        edge: Ints,
    ) -> None:
        self.skeleton, self.level, self.faces = skeleton, level, faces
        self.group, self.groups, self.edge = group, groups, edge

    def name(self, edge: int, at_target: bool) -> str:
        """What a reference in the place of a level's edge says."""
        graph = self.skeleton.graph
        item = int((self.level.source if at_target else self.level.target)[edge])
        if self.group[item] >= 0:
            return self.groups.label[int(self.group[item])]
        ends = graph.source if at_target else graph.target
        return short_name(graph.name[int(ends[self.edge[edge]])])

    def rows(self, edges: Ints, at_target: bool) -> _Rows:
        """A row of one pill for each reference."""
        near = self.level.target if at_target else self.level.source
        if len(edges) == 0:
            return _NO_ROWS
        edges = edges[np.argsort(near[edges], kind="stable")]
        arrow = "↑" if at_target else "↓"
        words = [f"{arrow} {self.name(edge, at_target)}" for edge in edges.tolist()]
        width = np.zeros((len(edges), LONGEST_DOCK))
        width[:, 0] = self.faces.measure(words) + 2 * self.faces.spacing.box_padding
        kind = np.full(len(edges), int(Hanging.FROM if at_target else Hanging.TO), np.int64)
        ref = np.repeat(edges[:, None], LONGEST_DOCK, axis=1)
        return _Rows(near[edges], width, kind, ref, nowhere(len(edges)))


def _docked(skeleton: Skeleton, faces: Faces, place: Ints) -> _Rows:
    """The docks of the items that are nodes."""
    docks = skeleton.docks
    item, boxes, edge = docks.place, docks.boxes, docks.edge
    own = (place >= 0).nonzero()[0]
    if not len(own) == len(place) == len(skeleton):
        low, high = (int(place[own[0]]), int(place[own[-1]]) + 1) if len(own) else (0, 0)
        first, past = docks.place.searchsorted((low, high))
        item_at = np.full(high - low, -1, np.int64)
        item_at[place[own] - low] = own
        item = item_at[docks.place[first:past] - low]
        keep = item >= 0
        item, boxes, edge = item[keep], boxes[first:past][keep], edge[first:past][keep]
    width = np.where(boxes >= 0, faces.width[boxes], 0.0) if len(boxes) else np.zeros(boxes.shape)
    return _Rows(item, width, np.zeros(len(item), np.int64), boxes, edge)


def _joined(one: _Rows, other: _Rows) -> _Rows:
    """Rows sorted by item, of which those of ``one`` are sorted already."""
    if len(other) == 0:
        return one
    rows = _Rows(
        np.concatenate([one.item, other.item]),
        np.concatenate([one.width, other.width]),
        np.concatenate([one.kind, other.kind]),
        np.concatenate([one.ref, other.ref]),
        np.concatenate([one.edge, other.edge]),
    )
    order = np.argsort(rows.item, kind="stable")
    return _Rows(
        rows.item[order], rows.width[order], rows.kind[order], rows.ref[order], rows.edge[order]
    )


def _one_after_another(parts: list[_Columns]) -> list[np.ndarray]:
    """Columns of all parts joined, without a copy where only one has any rows."""
    some = [part for part in parts if len(part[0])] or parts[:1]
    if len(some) == 1:
        return list(some[0])
    return [np.concatenate(columns) for columns in zip(*some, strict=True)]


def _arranged(
    rows: _Rows, width: Floats, count: int, faces: Faces, side: float
) -> tuple[Floats, Floats, _Columns, _Columns]:
    """Stack the rows of each item and set their boxes from the item outwards."""
    spacing, out = faces.spacing, np.zeros(count)
    if len(rows) == 0:
        return out, out, *_NO_BOXES
    per_item = np.bincount(rows.item, minlength=count)
    # Half a row more than where the middle of each item's rows is, counted in rows of all items.
    middle = per_item.cumsum() - per_item / 2
    y = (np.arange(0.5, len(rows)) - middle[rows.item]) * spacing.pill_pitch
    half = width[rows.item] / 2
    edge = half.copy()
    found: list[_Columns] = []
    # The boxes nearest to the items come first.
    for place in range(LONGEST_DOCK - 1, -1, -1):
        row = (rows.width[:, place] > 0).nonzero()[0]
        if len(row):
            wide, near = rows.width[:, place][row], edge[row] + spacing.dock_gap
            edge[row] = near + wide
            found.append((row, rows.ref[:, place][row], near, wide))
    np.maximum.at(out, rows.item, edge - half)
    row, ref, near, wide = _one_after_another(found)
    item, kind, y = rows.item[row], rows.kind[row], y[row]
    high = np.full(len(row), spacing.pill_height)
    ends = _four(side * near, y, side * (near - spacing.dock_gap), y)
    free = spacing.pill_pitch - spacing.pill_height
    least = np.maximum(per_item * spacing.pill_pitch - free, 0.0)
    boxes = (item, kind, ref, side * (near + wide / 2), y, wide, high)
    return out, least, boxes, (ends, item, rows.edge[row], kind)


def _four(*columns: Floats) -> Floats:
    """Four columns beside each other."""
    found = np.empty((len(columns[0]), 4))
    for number, column in enumerate(columns):
        found[:, number] = column
    return found


def _saved(
    skeleton: Skeleton, faces: Faces, place: Ints, width: Floats
) -> tuple[_Columns, _Columns, Floats]:
    """One box right of each node that saved tensors."""
    spacing = faces.spacing
    out = np.zeros(len(place))
    if not faces.side.any():
        return (*_NO_BOXES, out)
    item = (place >= 0).nonzero()[0]
    node = skeleton.order[place[item]]
    some = faces.side[node] > 0
    item, node = item[some], node[some]
    w = faces.side[node]
    edge = width[item] / 2
    near = edge + spacing.side_gap
    zero = np.zeros(len(item))
    kind = np.full(len(item), int(Hanging.SAVED), np.int64)
    high = np.full(len(item), spacing.box_height)
    out[item] = spacing.side_gap + w
    boxes = (item, kind, node, near + w / 2, zero, w, high)
    ends = _four(edge, zero, near, zero)
    return boxes, (ends, item, nowhere(len(item)), kind), out
