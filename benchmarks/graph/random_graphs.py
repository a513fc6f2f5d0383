"""Random graphs for the layout: acyclic, connected, 50 to 500 nodes, of three families."""

from __future__ import annotations

import numpy as np

from explorer.model.graph.columns import GraphColumns, graph_columns

FAMILIES = ("near", "far", "tree")


def random_graph(number: int) -> GraphColumns:
    """One of the graphs, the same each time.

    ``near``: each node uses one or two of the twelve before it. ``far``: one or two of all before
    it, recent ones more often. ``tree``: one, with an extra edge for every fifth node.
    """
    draw = np.random.default_rng(number)
    n = int(draw.integers(50, 501))
    family = FAMILIES[number % len(FAMILIES)]
    edges = set()
    for node in range(1, n):
        for _ in range(_uses(family, draw)):
            edges.add((_maker(family, node, draw), node))
    return graph_columns([f"Op{node % 7}" for node in range(n)], sorted(edges))


def _uses(family: str, draw: np.random.Generator) -> int:
    if family == "tree":
        return 1 + int(draw.random() < 0.2)
    return int(draw.integers(1, 3))


def _maker(family: str, node: int, draw: np.random.Generator) -> int:
    if family == "near":
        return int(draw.integers(max(0, node - 12), node))
    if family == "far":
        return max(0, node - 1 - int(draw.exponential(node / 6)))
    return int(draw.integers(max(0, node - 40), node))
