"""From an edge list to positions, flat: ours against Graphviz' dot in the same round.

``python -m benchmarks.graph.layout``. Times are of the processor, those of ``dot`` with its own
start; the ratio is that of the medians, with the middle half of the rounds in brackets. In each
round ours runs several times, because a few milliseconds are mostly those of a processor that has
just done something else; the first of them, right behind ``dot``, is told beside.
"""

from __future__ import annotations

import os
from functools import partial

from benchmarks.graph.graphviz import dot_text, run_dot, there_is_dot
from benchmarks.graph.loading import load, peak_megabytes
from benchmarks.timing import Taken, in_rounds, ratio_words
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import folded_graph

AGAINST_DOT = (("resnet", 21), ("gpt2", 11), ("rnn30", 2))
ALONE = ("rnn2000", "lstm75k")
DOT_LIMIT = 120.0
AT_ONCE = 10


def lay_out(graph: GraphColumns) -> None:
    """Everything from columns to the positions of all boxes and lines."""
    vars(graph).pop("numbered_names", None)  # nothing is left from the round before
    folded_graph(graph, compact_faces(graph), flat=True).scene()


def against_dot(name: str, rounds: int) -> str:
    """One line of the table: both engines in turn."""
    graph, _ = load(name)
    text = dot_text(graph, compact_faces(graph))
    jobs = [lambda: lay_out(graph), lambda: several(graph), lambda: run_dot(text, DOT_LIMIT)]
    first, all_at_once, theirs = in_rounds(jobs, rounds)
    ours = Taken([seconds / AT_ONCE for seconds in all_at_once.seconds])
    words = f"ours {ours.words()}, the first {first.words()}, dot {theirs.words()}"
    ratios = f"{ratio_words(ours, theirs)}, the first {ratio_words(first, theirs)}"
    return f"{name:8} {len(graph):6} nodes: {words}: {ratios}"


def several(graph: GraphColumns) -> None:
    """Lay out a graph a few times, each time from nothing."""
    for _ in range(AT_ONCE):
        lay_out(graph)


def main() -> None:
    """Print the table."""
    print(f"load {os.getloadavg()[0]:.1f}")
    if there_is_dot():
        for name, rounds in AGAINST_DOT:
            print(against_dot(name, rounds), flush=True)
    before = peak_megabytes()
    for name in ALONE:
        graph, _ = load(name)
        (ours,) = in_rounds([partial(lay_out, graph)], 5)
        print(f"{name:8} {len(graph):6} nodes: ours {ours.words()}", flush=True)
    print(f"memory: {before:.0f} MB before the large graphs, {peak_megabytes():.0f} MB at most")


if __name__ == "__main__":
    main()
