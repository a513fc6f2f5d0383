"""Which leaves hang at the side of the node that uses them instead of standing in a row.

A leaf docks, with up to two operations of one input between (such as a transposition), at a node
that has more than one input. A leaf with several users is repeated at each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import GraphColumns, Ints, NodeKind
from explorer.model.graph.order import creation_order

LONGEST_DOCK = 3
"""Most boxes in one dock: the leaf and two operations."""


@dataclass(frozen=True)
class Docks:
    """``d`` docks. ``boxes`` has shape (d, 3): rows of the nodes from the leaf inwards, -1 where
    there is none; ``user`` is the node they hang at and ``place`` its place in the order; ``edge``
    the graph's edge from the last of the boxes to the user. They are sorted by place, then by
    input slot."""

    user: Ints
    place: Ints
    boxes: NDArray[np.int64]
    edge: Ints

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True)
class Skeleton:
    """What is left to lay out once the leaves are docked.

    ``order`` are the rows of the ``k`` nodes that stand in rows of the picture, makers before
    users; ``place`` is its inverse (-1: docked). ``source`` and ``target`` are places, ``edge``
    the graph's edge; the edges are sorted by target, then by input slot.
    """

    graph: GraphColumns
    order: Ints
    place: Ints
    source: Ints
    target: Ints
    edge: Ints
    docks: Docks

    def __len__(self) -> int:
        return len(self.order)


def skeleton(graph: GraphColumns, *, dock: bool = True) -> Skeleton:
    """Take the docks off a graph and put the rest in order.

    Raises:
        NotAGraph: when the edges run in a circle.
    """
    order = creation_order(graph)
    docks = find_docks(graph) if dock else no_docks()
    n = len(graph)
    docked = np.zeros(n, bool)
    taken = np.zeros(len(graph.source), bool)
    inner = docks.boxes[:, 1:]
    docked[inner[inner >= 0]] = True
    taken[docks.edge] = True
    taken |= docked[graph.target]
    free = np.bincount(graph.source[~taken], minlength=n)
    used = np.bincount(graph.source, minlength=n)
    docked |= (graph.kind == NodeKind.LEAF) & (used > 0) & (free == 0)
    order = order[~docked[order]]
    place = np.full(n, -1, np.int64)
    place[order] = np.arange(len(order))
    edge = np.flatnonzero(~taken)
    edge = edge[np.lexsort((graph.target_slot[edge], place[graph.target[edge]]))]
    source, target = place[graph.source[edge]], place[graph.target[edge]]
    docks = replace(docks, place=place[docks.user])
    by_place = np.argsort(docks.place, kind="stable")
    docks = Docks(
        *(column[by_place] for column in (docks.user, docks.place, docks.boxes, docks.edge))
    )
    return Skeleton(graph, order, place, source, target, edge, docks)


def no_docks() -> Docks:
    """Nothing docks."""
    none = np.zeros(0, np.int64)
    return Docks(none, none, none.reshape(0, LONGEST_DOCK), none)


def find_docks(graph: GraphColumns) -> Docks:
    """The docks of a graph, see the module's text."""
    n = len(graph)
    inputs = np.bincount(graph.target, minlength=n)
    uses = np.bincount(graph.source, minlength=n)
    between = (inputs == 1) & (uses == 1) & (graph.kind == NodeKind.OPERATION)
    leaving = np.zeros(n, np.int64)
    leaving[graph.source] = np.arange(len(graph.source))
    edge = np.flatnonzero(graph.kind[graph.source] == NodeKind.LEAF)
    boxes = np.full((len(edge), LONGEST_DOCK), -1, np.int64)
    boxes[:, 0] = graph.source[edge]
    for depth in range(1, LONGEST_DOCK):
        end = graph.target[edge]
        goes_on = between[end]
        boxes[goes_on, depth] = end[goes_on]
        edge = np.where(goes_on, leaving[end], edge)
    user = graph.target[edge]
    keep = (inputs[user] > 1) & (graph.kind[user] == NodeKind.OPERATION)
    user, boxes, edge = user[keep], boxes[keep], edge[keep]
    by_user = np.lexsort((graph.target_slot[edge], user))
    user, boxes, edge = user[by_user], boxes[by_user], edge[by_user]
    return Docks(user, np.full(len(user), -1, np.int64), boxes, edge)
