"""A graph as the worker answers it, unpacked: rows of nodes and edges."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.protocol.autograd import Graph, NodeOutput

Longs = NDArray[np.int64]
LEAF, FUNCTION = 1, 2
"""Bits of ``flags``: an AccumulateGrad; a ``torch.autograd.Function`` written in Python."""


@dataclass(frozen=True)
class RecordedGraph:
    """Columns by node and by edge, as `Graph` describes them; edges lead with the gradient."""

    node: Longs
    sequence: Longs
    made: Longs
    leaf: Longs
    freed: Longs
    saved_bytes: Longs
    name: tuple[str, ...]
    outputs: tuple[tuple[NodeOutput, ...], ...]
    thread: Longs
    flags: NDArray[np.uint8]
    source: Longs
    target: Longs
    source_slot: Longs
    target_slot: Longs
    cut: int

    def __len__(self) -> int:
        return len(self.node)

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Node id -> row."""
        return {int(node): row for row, node in enumerate(self.node)}

    @cached_property
    def edges_from(self) -> dict[int, list[tuple[int, int]]]:
        """Node id -> (which of its edges, node id at the end) of every edge that goes on."""
        found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        nodes = self.node.tolist()
        rows = (self.source.tolist(), self.source_slot.tolist(), self.target.tolist())
        for source, slot, target in zip(*rows, strict=True):
            found[nodes[source]].append((slot, nodes[target]))
        return dict(found)

    @cached_property
    def edges_into(self) -> dict[int, list[tuple[int, int]]]:
        """Node id -> (node id that feeds it, which of its edges)."""
        found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for source, edges in self.edges_from.items():
            for slot, target in edges:
                found[target].append((source, slot))
        return dict(found)


def unpacked(graph: Graph) -> RecordedGraph:
    """The rows of an answer.

    Raises:
        ValueError: when the tail does not hold what the counts say.
    """
    n, m = graph.nodes, graph.edges
    if min(n, m) < 0 or len(graph.tail) != 61 * n + 16 * m:
        raise ValueError("A graph arrived whose columns do not fit its counts.")
    longs = np.frombuffer(graph.tail, "<i8", 6 * n).astype(np.int64).reshape(6, n)
    ints = np.frombuffer(graph.tail, "<i4", 3 * n + 4 * m, 48 * n).astype(np.int64)
    flags = np.frombuffer(graph.tail, "<u1", n, 60 * n + 16 * m)
    by_node, by_edge = ints[: 3 * n].reshape(3, n), ints[3 * n :].reshape(4, m)
    names, kinds, threads = by_node
    if n and (not 0 <= names.min() <= names.max() < len(graph.names)):
        raise ValueError("A graph arrived that names a node by a name it does not bring.")
    if n and kinds.max() >= len(graph.outputs):
        raise ValueError("A graph arrived with a shape that it does not bring.")
    if m and not 0 <= by_edge[:2].min() <= by_edge[:2].max() < n:
        raise ValueError("A graph arrived with an edge to a node that it does not bring.")
    node, sequence, made, leaf, freed, saved_bytes = longs
    return RecordedGraph(
        node,
        sequence,
        made,
        leaf,
        freed,
        saved_bytes,
        tuple(graph.names[place] for place in names.tolist()),
        tuple(graph.outputs[kind] if kind >= 0 else () for kind in kinds.tolist()),
        threads,
        flags.astype(np.uint8),
        by_edge[0],
        by_edge[1],
        by_edge[2],
        by_edge[3],
        graph.cut,
    )
