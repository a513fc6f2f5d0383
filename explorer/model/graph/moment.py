"""What a moment shows on a graph: what ran, what runs, and the gradients on the edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Ints, NodeKind
from explorer.model.graph.drawing import DrawnGraph
from explorer.model.graph.reading import ACCUMULATES
from explorer.model.graph.subject import Subject
from explorer.model.graph.texts import GraphMarks
from explorer.model.recording import Recording
from explorer.protocol.recording import NodeStep

Gist = Callable[[int], str]
"""A tensor at the moment in short, ``f32[3, 4] = 0.0833``; empty while it is not known."""

MOST_WORDS = 400
"""Edges beyond which only those of the running node get words."""


@dataclass(frozen=True)
class Gradients:
    """A whole pass on a drawn graph. ``edge_tensor`` has for each edge the gradient that went
    along it (0: none) and ``edge_step`` the step after which it was there (-1: never);
    ``ran_at`` has for each row of autograd the step at which it ran (-1: never)."""

    edge_tensor: Ints
    edge_step: Ints
    ran_at: Ints
    steps: tuple[int, ...]


def gradients(recording: Recording, drawn: DrawnGraph, steps: tuple[int, ...]) -> Gradients:
    """Read the node steps of a pass."""
    graph = drawn.autograd
    rows = {node: row for row, node in enumerate(graph.node.tolist())}
    ran_at = np.full(len(graph), -1, np.int64)
    order = np.lexsort((graph.user_slot, graph.user))
    first = np.searchsorted(graph.user[order], np.arange(len(graph) + 1)).tolist()
    tensor = np.zeros(len(drawn.columns.source), np.int64)
    when = np.full(len(tensor), -1, np.int64)
    slots = graph.user_slot.tolist()
    for step in steps:
        node = recording.steps.nodes.get(step)
        row = rows.get(node.node, -1) if node is not None else -1
        if node is None or row < 0:
            continue
        ran_at[row] = step
        for edge in order[first[row] : first[row + 1]].tolist():
            slot = slots[edge]
            if slot < len(node.grads_out) and node.grads_out[slot]:
                tensor[edge], when[edge] = node.grads_out[slot], step
    _add_ends(recording, drawn, tensor, when, ran_at)
    return Gradients(tensor, when, ran_at, steps)


def _add_ends(
    recording: Recording, drawn: DrawnGraph, tensor: Ints, when: Ints, ran_at: Ints
) -> None:
    """Gradients on the edges that the drawing added: into the root before it runs, and from
    AccumulateGrad into the leaves."""
    columns = drawn.columns
    for edge in range(len(drawn.autograd.maker), len(columns.source)):
        source, target = int(columns.source[edge]), int(columns.target[edge])
        if columns.kind[target] == NodeKind.CUT:
            continue  # no gradient comes back over a cut
        from_result = columns.kind[target] == NodeKind.RESULT
        step = int(ran_at[source if from_result else target])
        node = recording.steps.nodes.get(step)
        if node is not None and node.grads_in and node.grads_in[0]:
            tensor[edge] = node.grads_in[0]
            when[edge] = 0 if from_result else step


def marks(
    recording: Recording,
    step: int,
    drawn: DrawnGraph,
    subject: Subject,
    found: Gradients | None,
    gist: Gist,
    names: Mapping[int, str],
) -> GraphMarks:
    """The marks of a moment; ``found`` is the pass that it is in, if any; ``names`` calls nodes
    (ids) by the tensor that they made."""
    line, title = _accumulated(recording, step, drawn), _titles(drawn, gist)
    if found is None:
        return GraphMarks(edge_text=_made_words(drawn, names), title=title, line=line)
    there = (found.edge_tensor > 0) & (found.edge_step <= step)
    running, ran, following = -1, None, np.zeros(len(there), bool)
    if subject.inside:
        at = np.flatnonzero(found.ran_at == step)
        running = int(at[0]) if len(at) else -1
        ran = ((found.ran_at >= 0) & (found.ran_at <= step))[drawn.autograd_row]
        ran |= drawn.columns.kind == NodeKind.RESULT
        following = there & (found.edge_step == step)
    return GraphMarks(
        running=running,
        ran=ran,
        edge_text=_edge_words(drawn, running, found, there, following, gist),
        carried=there & ~following,
        next_edges=frozenset(np.flatnonzero(following).tolist()),
        title=title,
        line=line,
    )


def _edge_words(
    drawn: DrawnGraph,
    running: int,
    found: Gradients,
    there: NDArray[np.bool_],
    following: NDArray[np.bool_],
    gist: Gist,
) -> dict[int, str]:
    """Words for the gradients on the edges; for all in a small graph, else around what runs."""
    columns = drawn.columns
    wanted = np.flatnonzero(there)
    if len(wanted) > MOST_WORDS:
        near = (columns.source[wanted] == running) | (columns.target[wanted] == running)
        wanted = wanted[near]
    words = {}
    for edge in wanted.tolist():
        text = gist(int(found.edge_tensor[edge]))
        if columns.kind[columns.target[edge]] == NodeKind.RESULT:
            name = drawn.named[int(columns.target[edge])].name or "root"
            text = f"∂{name}/∂{name} = {text.partition(' = ')[2]}" if " = " in text else text
        words[edge] = f"next  {text}" if following[edge] else text
    return words


def _made_words(drawn: DrawnGraph, names: Mapping[int, str]) -> dict[int, str]:
    """Outside backward: the name and shape of what flows along the edges, once for each node."""
    columns, graph = drawn.columns, drawn.autograd
    words: dict[int, str] = {}
    seen: set[tuple[int, int]] = set()
    if len(graph.maker) > MOST_WORDS:
        return words
    for edge in range(len(graph.maker)):
        maker, slot = int(columns.source[edge]), int(columns.source_slot[edge])
        if (maker, slot) in seen or graph.flags[maker] & ACCUMULATES:
            continue
        seen.add((maker, slot))
        name = names.get(int(graph.node[maker]), "")
        shape = graph.output_words(maker, slot)
        if name or shape:
            words[edge] = f"{name} {shape}".strip()
    return words


def _titles(drawn: DrawnGraph, gist: Gist) -> dict[int, str]:
    """Results with their value where it is a single number."""
    titles = {}
    for row, named in drawn.named.items():
        if drawn.columns.kind[row] != NodeKind.RESULT:
            continue
        title = f"{named.name} {named.words}".strip() or "result"
        value = gist(named.tensor).partition(" = ")[2] if named.tensor else ""
        single = named.words.endswith("[]") and value
        titles[row] = f"{title} = {value}" if single else title
    return titles


def _accumulated(recording: Recording, step: int, drawn: DrawnGraph) -> dict[int, str]:
    """On cards, what ``.grad`` of each leaf is."""
    if not drawn.cards:
        return {}
    lines = {}
    for row in np.flatnonzero(drawn.autograd.flags & ACCUMULATES).tolist():
        tensor = int(drawn.autograd.leaf[row])
        pills = np.flatnonzero(drawn.tensor == tensor)
        name = drawn.named[int(pills[0])].name if len(pills) else ""
        card = recording.card(step, tensor)
        filled = card is not None and bool(card.grad)
        lines[row] = f"{name or 'leaf'}.grad {'filled' if filled else '= none'}"
    return lines


def gradient_name(node: NodeStep, slot: int, *, into: bool) -> str:
    """What a gradient that has no name of its own is called in the window."""
    way = "into" if into else "out of"
    number = f", {slot}" if slot else ""
    return f"gradient {way} {node.name}{number}"
