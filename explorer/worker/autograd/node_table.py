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


ROW = 6
"""Numbers in the row of a node: kind, sequence, made, leaf, thread, where its edges begin."""
KIND, SEQUENCE, MADE, LEAF_OF, THREAD, FIRST_EDGE = range(ROW)


class NodeTable:
    """Rows by node id; ids count from 1, row 0 stands for no node.

    ``rows`` and ``edges`` are flat arrays, so that a new node costs one call: ``rows`` has `ROW`
    numbers for each node, ``edges`` two, the node at its end (0 where no gradient is wanted)
    and which output of that node. A kind is a name's number times 4 plus flags.
    """

    def __init__(self) -> None:
        self.rows: array[int] = array("q", [0, -1, -1, 0, 0, 0])
        self.edges: array[int] = array("q")
        self.names: list[str] = [""]
        self.details: dict[int, NodeDetail] = {}
        self._name_ids: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self.rows) // ROW - 1

    def kind(self, name: str, flags: int) -> int:
        """The kind number of nodes with this name and these flags."""
        return self.name_id(name) << 2 | flags

    def name_id(self, name: str) -> int:
        """The number of a name, given when it is new."""
        known = self._name_ids.get(name)
        if known is None:
            known = self._name_ids[name] = len(self.names)
            self.names.append(name)
        return known

    def name_of(self, node: int) -> str:
        """Such as ``MulBackward0``, without its namespace."""
        return self.names[self.rows[node * ROW] >> 2]

    def flags(self, node: int) -> int:
        """`LEAF`, `FUNCTION` or neither."""
        return self.rows[node * ROW] & 3

    def sequence(self, node: int) -> int:
        """Order of creation within its thread; -1 for AccumulateGrad."""
        return self.rows[node * ROW + SEQUENCE]

    def made(self, node: int) -> int:
        """The recorder's clock when the statement that made the node ended."""
        return self.rows[node * ROW + MADE]

    def leaf(self, node: int) -> int:
        """For AccumulateGrad the tensor whose ``.grad`` it fills, else 0."""
        return self.rows[node * ROW + LEAF_OF]

    def thread(self, node: int) -> int:
        """The thread that made it, by order of appearance."""
        return self.rows[node * ROW + THREAD]

    def column(self, nodes: Iterable[int], place: int) -> array[int]:
        """One number of the row of each node."""
        rows = self.rows
        return array("q", [rows[node * ROW + place] for node in nodes])

    def edge_span(self, node: int) -> tuple[int, int]:
        """Where the edges of a node begin and end in ``edges``."""
        rows, after = self.rows, (node + 1) * ROW + FIRST_EDGE
        first = rows[node * ROW + FIRST_EDGE]
        return first, rows[after] if after < len(rows) else len(self.edges)

    def edges_of(self, node: int) -> list[tuple[int, int]]:
        """(node, output number) at the end of each edge; node 0 where no gradient is wanted."""
        first, last = self.edge_span(node)
        flat = self.edges[first:last]
        return list(zip(flat[::2], flat[1::2], strict=True))

    def outputs_of(self, node: int) -> tuple[Output, ...]:
        """Shapes of the results, empty when they were not read."""
        detail = self.details.get(node)
        return detail.outputs if detail else ()

    def is_leaf(self, node: int) -> bool:
        """Whether it is the AccumulateGrad of a leaf."""
        return bool(self.flags(node) & LEAF)

    def subgraph(self, roots: Iterable[int], limit: int) -> SubGraph:
        """All that can be reached from ``roots``, nearest first, at most ``limit`` nodes."""
        edges = self.edges
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
            start, stop = self.edge_span(nodes[at])
            for edge in range(start, stop, 2):
                child = edges[edge]
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
                source_slot.append((edge - start) >> 1)
                target_slot.append(edges[edge + 1])
            at += 1
        return SubGraph(nodes, source, target, source_slot, target_slot, cut)
