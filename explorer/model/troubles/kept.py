"""Graphs that stay alive from one iteration to the next."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from explorer.model.card import Card
from explorer.model.graph.recorded import RecordedGraph
from explorer.model.troubles.evidence import Evidence, Search, Trouble
from explorer.protocol.autograd import Pass

ITERATIONS = 3
"""Parts of a graph from so many passes, or so many graphs in one container, are told of."""
UNUSED = 5
"""So many graphs in one container that no backward ever walked are told of."""


def kept_graphs(evidence: Evidence) -> Search[list[Trouble]]:
    """Names whose graph reaches back over several backward passes, and containers of graphs."""
    recording, last = evidence.recording, evidence.last
    found: list[Trouble] = []
    containers: defaultdict[str, list[tuple[str, Card]]] = defaultdict(list)
    for path, card in recording.cards_at(last).items():
        if card.node and card.kind.requires_grad:
            root = path.partition("[")[0].partition(".")[0]
            containers[root if root != path else path].append((path, card))
    for root, held in containers.items():
        passes = yield from _passes_behind(evidence, held)
        trouble = _told(evidence, root, held, passes)
        if trouble is not None:
            found.append(trouble)
    return found


def _passes_behind(
    evidence: Evidence, held: list[tuple[str, Card]]
) -> Search[tuple[set[int], int, int]]:
    """(places of the passes that freed nodes of these graphs, nodes in all, unwalked graphs)."""
    passes: set[int] = set()
    nodes = unwalked = 0
    for _, card in held[:64]:
        graph = yield from evidence.graph((card.node,))
        if graph is None:
            continue
        nodes += len(graph)
        freed = _freed_by(evidence.passes, graph)
        passes |= freed
        unwalked += not freed
    return passes, nodes, unwalked


def _freed_by(passes: tuple[Pass, ...], graph: RecordedGraph) -> set[int]:
    """Passes, by number, that freed nodes of this graph."""
    freed = set(np.unique(graph.freed[graph.freed >= 0]).tolist())
    return {one.number for one in passes if one.ended in freed}


def _told(
    evidence: Evidence,
    root: str,
    held: list[tuple[str, Card]],
    behind: tuple[set[int], int, int],
) -> Trouble | None:
    passes, nodes, unwalked = behind
    path, card = held[-1]
    several = len(held) > 1
    step = _last_bound(evidence, path)
    where = evidence.place(step)
    if len(passes) >= ITERATIONS and not several:
        sentence = (
            f"{root} carries the graphs of {len(passes)} backward passes ({nodes} nodes), because"
            f" {where} goes on from its old value. Add {root}.detach() or .item() there, so that"
            " old graphs can go."
        )
    elif len(passes) >= ITERATIONS:
        sentence = (
            f"{root} holds {len(held)} tensors with their graphs ({nodes} nodes), of"
            f" {len(passes)} backward passes. Keep .item() or .detach() of them on {where}."
        )
    elif several and unwalked >= UNUSED and unwalked == min(len(held), 64) and _one_line(held):
        sentence = (
            f"{root} holds {len(held)} tensors with graphs ({nodes} nodes) that no backward ever"
            f" walked. Keep .item() of them on {where}, or compute them inside no_grad()."
        )
    else:
        return None
    return Trouble("kept", step, sentence, -1, card.node, card.tensor, path)


def _one_line(held: list[tuple[str, Card]]) -> bool:
    """Whether all are of one kind: the same line made them, iteration after iteration."""
    return len({card.kind for _, card in held}) == 1


def _last_bound(evidence: Evidence, path: str) -> int:
    """The last step at which this path came to lead to its tensor."""
    recording, step = evidence.recording, evidence.last
    tensor = recording.tensor_named(step, path)
    low, high = 0, step
    while low < high:
        middle = (low + high) // 2
        if recording.tensor_named(middle, path) == tensor:
            high = middle
        else:
            low = middle + 1
    return low
