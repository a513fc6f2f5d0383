"""Crossings, overlaps and lines over boxes: ours and Graphviz' dot on the same graphs.

``python -m benchmarks.graph.crossings [RANDOM]`` with so many random graphs (default 200).
"""

from __future__ import annotations

import statistics
import sys

from benchmarks.graph.graphviz import draw, there_is_dot
from benchmarks.graph.loading import load
from benchmarks.graph.quality import crossings, quality
from benchmarks.graph.random_graphs import FAMILIES, random_graph
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import folded_graph
from explorer.model.graph.references import MOST_FAR

REAL = ("mlp", "resnet", "gpt2", "unet", "rnn30", "lstm30", "densenet")
DOT_LIMIT = 60.0
NEVER = 1 << 30


def ours(graph: GraphColumns, *, words: bool) -> tuple[int, int, int]:
    """Crossings, overlaps, lines over boxes; with or without words in the place of far edges."""
    faces = compact_faces(graph)
    made = folded_graph(graph, faces, flat=True, most_far=MOST_FAR if words else NEVER)
    scene = made.scene()
    slots = int(graph.source_slot.max(initial=0)) + 1
    tensor = graph.source[scene.line_edge] * slots + graph.source_slot[scene.line_edge]
    found = quality(scene, tensor)
    return found.crossings, found.overlaps, found.through_boxes


def theirs(graph: GraphColumns) -> int | None:
    """Crossings of dot's picture; None where it does not end."""
    picture = draw(graph, compact_faces(graph), DOT_LIMIT) if there_is_dot() else None
    return None if picture is None else crossings(picture.strokes)


def main(count: int) -> None:
    """Print both tables."""
    print(f"{'graph':10} crossings overlaps over-boxes   dot")
    for name in REAL:
        graph, _ = load(name)
        one = ours(graph, words=True)
        print(f"{name:10} {one[0]:9} {one[1]:8} {one[2]:10}   {theirs(graph)}", flush=True)
    ratios: dict[str, list[float]] = {family: [] for family in FAMILIES}
    overlaps = 0
    for number in range(count):
        graph = random_graph(number)
        one, other = ours(graph, words=False), theirs(graph)
        overlaps += one[1]
        if other is not None:
            ratios[FAMILIES[number % len(FAMILIES)]].append(one[0] / max(other, 1))
    for family, found in ratios.items():
        if found:
            print(
                f"random, {family:5} {len(found):4} graphs: {statistics.median(found):.2f} of dot's"
            )
    every = [ratio for found in ratios.values() for ratio in found]
    if every:
        print(f"random, all: median {statistics.median(every):.2f} of dot's, {overlaps} overlaps")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
