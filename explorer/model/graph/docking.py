"""Which leaves hang at the side of the node that uses them instead of standing in a row.

A leaf docks, with up to two operations of one input between (such as a transposition), at a node
that has more than one input. A leaf with several users is repeated at each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import LEAF, OPERATION, GraphColumns, Ints, nowhere
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
    n, leaf = len(graph), graph.kind == LEAF
    uses = np.bincount(graph.source, minlength=n)
    boxes, last = find_docks(graph, leaf, uses) if dock else _NO_DOCKS
    docked = np.zeros(n, bool)
    inner = boxes[boxes[:, 1] >= 0, 1:]
    docked[inner[inner >= 0]] = True
    loose = ~docked[graph.target]
    loose[last] = False
    wanted = np.zeros(n, bool)
    wanted[graph.source[loose]] = True
    docked |= leaf & (uses > 0) & ~wanted
    order = order[~docked[order]]
    place = nowhere(n)
    place[order] = np.arange(len(order))
    by_place = np.lexsort((graph.target_slot, place[graph.target]))
    edge = by_place[loose[by_place]]
    source, target = place[graph.source[edge]], place[graph.target[edge]]
    docks = _sorted(graph, place, boxes, last, by_place)
    return Skeleton(graph, order, place, source, target, edge, docks)


def _sorted(graph: GraphColumns, place: Ints, boxes: Ints, edge: Ints, by_place: Ints) -> Docks:
    """Docks in the order of their edges, given that of all edges."""
    row = nowhere(len(by_place))
    row[edge] = np.arange(len(edge))
    row = row[by_place]
    row = row[row >= 0]
    edge = edge[row]
    user = graph.target[edge]
    return Docks(user, place[user], boxes[row], edge)


_NO_DOCKS: tuple[Ints, Ints] = np.zeros((0, LONGEST_DOCK), np.int64), np.zeros(0, np.int64)


def find_docks(graph: GraphColumns, leaf: NDArray[np.bool_], uses: Ints) -> tuple[Ints, Ints]:
    """The docks of a graph, see the module's text: the boxes of each, and the edge from the last
    of them to the user. ``uses`` counts the edges out of each node."""
    inputs = np.bincount(graph.target, minlength=len(graph))
    operation = graph.kind == OPERATION
    between = (inputs == 1) & (uses == 1) & operation
    edge = leaf[graph.source].nonzero()[0]
    boxes = np.full((len(edge), LONGEST_DOCK), -1, np.int64)
    boxes[:, 0] = graph.source[edge]
    leaving = np.zeros(len(graph), np.int64)
    leaving[graph.source] = np.arange(len(graph.source))
    longer = between[graph.target[edge]].nonzero()[0]
    for depth in range(1, LONGEST_DOCK):
        if len(longer) == 0:
            break
        end = graph.target[edge[longer]]
        boxes[longer, depth] = end
        edge[longer] = leaving[end]
        longer = longer[between[graph.target[edge[longer]]]]
    user = graph.target[edge]
    keep = ((inputs[user] > 1) & operation[user]).nonzero()[0]
    return boxes[keep], edge[keep]
