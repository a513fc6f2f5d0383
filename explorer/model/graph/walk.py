"""Ways through a graph: neighbours, everything upstream, all paths between two nodes, search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import GraphColumns, Ints


@dataclass(frozen=True)
class Paths:
    """The nodes and edges on all paths between two nodes, as masks."""

    nodes: NDArray[np.bool_]
    edges: NDArray[np.bool_]

    @property
    def found(self) -> bool:
        """Whether there is a path."""
        return bool(self.nodes.any())


def reached(graph: GraphColumns, start: Iterable[int], *, forward: bool) -> NDArray[np.bool_]:
    """The nodes that lie on a path from (or, backward, to) one of the nodes ``start``."""
    source, target = graph.source, graph.target
    if not forward:
        source, target = target, source
    order = np.argsort(source, kind="stable")
    ends = target[order]
    first = np.searchsorted(source[order], np.arange(len(graph) + 1))
    seen = np.zeros(len(graph), bool)
    front = np.array(list(start), np.int64)
    while len(front):
        seen[front] = True
        count = first[front + 1] - first[front]
        rows = np.repeat(first[front] - np.cumsum(count) + count, count) + np.arange(count.sum())
        front = np.unique(ends[rows])
        front = front[~seen[front]]
    return seen


def all_paths(graph: GraphColumns, one: int, other: int) -> Paths:
    """Everything that lies on a path between two nodes, whichever of them comes first."""
    for start, end in ((one, other), (other, one)):
        down = reached(graph, [start], forward=True)
        if down[end]:
            nodes = down & reached(graph, [end], forward=False)
            return Paths(nodes, nodes[graph.source] & nodes[graph.target])
    return Paths(np.zeros(len(graph), bool), np.zeros(len(graph.source), bool))


def neighbours(graph: GraphColumns, node: int) -> tuple[Ints, Ints]:
    """Rows of the edges into a node, by input slot, and out of it, by output and user."""
    into = np.flatnonzero(graph.target == node)
    out = np.flatnonzero(graph.source == node)
    into = into[np.argsort(graph.target_slot[into], kind="stable")]
    return into, out[np.lexsort((graph.target[out], graph.source_slot[out]))]


def search(words: Sequence[str], pattern: str) -> Ints:
    """Rows of the words that contain all parts of a pattern, whatever their case."""
    parts = pattern.lower().split()
    if not parts:
        return np.zeros(0, np.int64)
    known: dict[str, bool] = {}
    hits = []
    for row, word in enumerate(words):
        hit = known.get(word)
        if hit is None:
            low = word.lower()
            hit = known[word] = all(part in low for part in parts)
        if hit:
            hits.append(row)
    return np.array(hits, np.int64)
