"""Graphs for the tests of layout and folding: of real backward passes, and made by hand."""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks.graph.backward_graphs import graph
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import FoldedGraph, folded_graph
from explorer.model.graph.scene import Scene

REAL = ("mlp", "resnet", "gpt2", "unet", "rnn30", "lstm30")


@cache
def real_graph(name: str) -> GraphColumns:
    """The graph of one backward pass, read from torch."""
    return graph(name)


def folded(graph: GraphColumns, *, flat: bool = False, upwards: bool = False) -> FoldedGraph:
    """A graph ready to be drawn in the compact style."""
    return folded_graph(graph, compact_faces(graph), flat=flat, upwards=upwards)


def all_open(graph: GraphColumns) -> FoldedGraph:
    """A graph with every group open."""
    made = folded(graph)
    made.open = set(range(len(made.groups)))
    return made


def tensors_of(graph: GraphColumns, scene: Scene) -> np.ndarray:
    """A number for the tensor that each line carries."""
    slots = int(graph.source_slot.max(initial=0)) + 1
    return graph.source[scene.line_edge] * slots + graph.source_slot[scene.line_edge]
