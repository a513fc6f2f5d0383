"""Every node of a run's autograd graphs, as columns; holds no node and no tensor."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

LEAF, FUNCTION = 1, 2
"""What is special about a node: an AccumulateGrad; a ``torch.autograd.Function`` in Python."""


class Output(NamedTuple):
    """Shape, dtype and device of one result of the operation that made a node."""

    shape: tuple[int, ...]
    dtype: str
    device: str


class SavedRow(NamedTuple):
    """One saved tensor: ``tensor`` is its id in the recording (0: not kept), ``version`` how
    often its memory had been written when it was saved, ``state`` a `SavedState`."""

    argument: str
    tensor: int
    version: int
    shape: tuple[int, ...]
    dtype: str
    nbytes: int
    state: int


class NodeDetail(NamedTuple):
    """What was read of a node while it lived; ``absent`` are tensors that it would have saved,
    had the operation been given them."""

    outputs: tuple[Output, ...]
    saved: tuple[SavedRow, ...]
    scalars: dict[str, Any]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubGraph:
    """Nodes reachable from some roots: ``nodes`` are ids, edges are places in ``nodes``.

    An edge leads from the node whose gradient it carries away (``source``) to the node that
    receives it (``target``); ``source_slot`` is its place among the source's edges,
    ``target_slot`` the output of the target that the gradient belongs to. ``cut`` counts edges
    that lead to nodes beyond the limit.
    """

    nodes: array[int]
    source: array[int]
    target: array[int]
    source_slot: array[int]
    target_slot: array[int]
    cut: int


class NodeTable:
    """Columns by node id; ids count from 1, row 0 stands for no node."""

    def __init__(self) -> None:
        self.names: list[str] = [""]
        self.name: array[int] = array("i", [0])
        self.sequence: array[int] = array("q", [-1])
        self.made: array[int] = array("q", [-1])
        """The recorder's clock when the statement that made the node ended."""
        self.thread: array[int] = array("h", [0])
        self.leaf: array[int] = array("q", [0])
        self.flags: array[int] = array("B", [0])
        self.first_edge: array[int] = array("q", [0, 0])
        self.edge_to: array[int] = array("q")
        self.edge_slot: array[int] = array("i")
        self.details: dict[int, NodeDetail] = {}
        self._name_ids: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self.name) - 1

    def add(self, name: int, sequence: int, made: int, thread: int, leaf: int, flags: int) -> None:
        """Append a node; its edges follow, in the order of the nodes."""
        self.name.append(name)
        self.sequence.append(sequence)
        self.made.append(made)
        self.thread.append(thread)
        self.leaf.append(leaf)
        self.flags.append(flags)
        self.first_edge.append(len(self.edge_to))

    def name_id(self, name: str) -> int:
        """The number of a name, given when it is new."""
        known = self._name_ids.get(name)
        if known is None:
            known = self._name_ids[name] = len(self.names)
            self.names.append(name)
        return known

    def name_of(self, node: int) -> str:
        """Such as ``MulBackward0``, without its namespace."""
        return self.names[self.name[node]]

    def edges_of(self, node: int) -> list[tuple[int, int]]:
        """(node, output number) at the end of each edge; node 0 where no gradient is wanted."""
        first, last = self.first_edge[node], self.first_edge[node + 1]
        return list(zip(self.edge_to[first:last], self.edge_slot[first:last], strict=True))

    def outputs_of(self, node: int) -> tuple[Output, ...]:
        """Shapes of the results, empty when they were not read."""
        detail = self.details.get(node)
        return detail.outputs if detail else ()

    def is_leaf(self, node: int) -> bool:
        """Whether it is the AccumulateGrad of a leaf."""
        return bool(self.flags[node] & LEAF)

    def subgraph(self, roots: Iterable[int], limit: int) -> SubGraph:
        """All that can be reached from ``roots``, nearest first, at most ``limit`` nodes."""
        first_edge, edge_to, edge_slot = self.first_edge, self.edge_to, self.edge_slot
        nodes: array[int] = array("q")
        place: dict[int, int] = {}
        for root in roots:
            if root and root not in place and len(nodes) < limit:
                place[root] = len(nodes)
                nodes.append(root)
        source: array[int] = array("q")
        target: array[int] = array("q")
        source_slot: array[int] = array("i")
        target_slot: array[int] = array("i")
        cut = at = 0
        while at < len(nodes):
            node = nodes[at]
            start = first_edge[node]
            for edge in range(start, first_edge[node + 1]):
                child = edge_to[edge]
                if not child:
                    continue
                end = place.get(child, -1)
                if end < 0:
                    if len(nodes) >= limit:
                        cut += 1
                        continue
                    end = place[child] = len(nodes)
                    nodes.append(child)
                source.append(at)
                target.append(end)
                source_slot.append(edge - start)
                target_slot.append(edge_slot[edge])
            at += 1
        return SubGraph(nodes, source, target, source_slot, target_slot, cut)
