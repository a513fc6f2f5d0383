"""From an edge list to positions, flat: ours against Graphviz' dot in the same round.

``python -m benchmarks.graph.layout``
"""

from __future__ import annotations

import statistics
import time

from benchmarks.graph.graphviz import dot_text, run_dot, there_is_dot
from benchmarks.graph.loading import load, median_seconds, peak_megabytes
from explorer.model.graph_columns import GraphColumns
from explorer.model.graph_faces import compact_faces
from explorer.model.graph_folded import folded_graph

AGAINST_DOT = (("resnet", 7), ("gpt2", 5), ("rnn30", 2))
ALONE = ("rnn2000", "lstm75k")
DOT_LIMIT = 120.0


def lay_out(graph: GraphColumns) -> None:
    """Everything from columns to the positions of all boxes and lines."""
    folded_graph(graph, compact_faces(graph), flat=True).scene()


def against_dot(name: str, rounds: int) -> str:
    """One line of the table: both engines in turn."""
    graph, _ = load(name)
    text = dot_text(graph, compact_faces(graph))
    ours, theirs = [], []
    lay_out(graph)
    for _ in range(rounds):
        begun = time.perf_counter()
        lay_out(graph)
        ours.append(time.perf_counter() - begun)
        answer = run_dot(text, DOT_LIMIT)
        if answer is None:
            return (
                f"{name:10} {len(graph):7} {statistics.median(ours) * 1e3:9.1f}   no end in 120 s"
            )
        theirs.append(answer[1])
    one, other = statistics.median(ours), statistics.median(theirs)
    return f"{name:10} {len(graph):7} {one * 1e3:9.1f} {other * 1e3:9.1f} {other / one:8.0f}"


def main() -> None:
    """Print the table."""
    print(f"{'graph':10} {'nodes':>7} {'ours ms':>9} {'dot ms':>9} {'times':>8}")
    if there_is_dot():
        for name, rounds in AGAINST_DOT:
            print(against_dot(name, rounds), flush=True)
    before = peak_megabytes()
    for name in ALONE:
        graph, _ = load(name)
        took = median_seconds(lambda graph=graph: lay_out(graph), 3)
        print(f"{name:10} {len(graph):7} {took * 1e3:9.1f}", flush=True)
    print(f"memory: {before:.0f} MB before the large graphs, {peak_megabytes():.0f} MB at most")


if __name__ == "__main__":
    main()
