"""A graph in sentences: the whole, its nodes, its edges and its groups."""

from __future__ import annotations

import numpy as np

from explorer.model.graph.columns import NodeKind
from explorer.model.graph.docking import Skeleton
from explorer.model.graph.drawing import DrawnGraph
from explorer.model.graph.folding import Groups
from explorer.model.graph.moment import Gist, Gradients
from explorer.model.graph.reading import ACCUMULATES, OWN_FUNCTION
from explorer.model.graph.subject import Subject
from explorer.model.recording import Recording
from explorer.model.tensor_words import size_words


def graph_sentence(drawn: DrawnGraph, subject: Subject, looked_at: str) -> str:
    """What the picture shows, outside backward."""
    graph = drawn.autograd
    leaves = int(((graph.flags & ACCUMULATES) != 0).sum())
    operations = len(graph) - leaves
    name = subject.name or "The root"
    made = f"made by {_count(operations, 'operation')} from {_leaves(drawn, leaves)}."
    if subject.chosen or looked_at in ("", name):
        words = f"{name} was {made}"
    else:
        words = f"{looked_at} has no history of its own. This is the graph of {name}, {made}"
    if graph.cut:
        words += f" {_count(graph.cut, 'edge')} more lead beyond what is shown."
    return words


def _leaves(drawn: DrawnGraph, count: int) -> str:
    names = [
        named.name
        for row, named in drawn.named.items()
        if drawn.columns.kind[row] == NodeKind.LEAF and named.name
    ]
    if 0 < len(names) <= 3 and len(names) == count:
        return f"{_count(count, 'leaf', 'leaves')}, {_listed(names)}"
    return _count(count, "leaf", "leaves")


def backward_sentence(
    recording: Recording,
    step: int,
    drawn: DrawnGraph,
    subject: Subject,
    found: Gradients | None,
    gist: Gist,
) -> str:
    """What runs at a step inside backward, and what it was handed and hands on."""
    node = recording.steps.nodes.get(step)
    if node is None:
        return ""
    place = subject.steps.index(step) + 1 if step in subject.steps else 0
    words = f"Node {place} of {len(subject.steps)}: {node.name} ran."
    given = [gist(tensor) for tensor in node.grads_in if tensor]
    if any(given):
        words += f" It was handed {_listed([one for one in given if one])}"
    if node.leaf:
        names = [named.name for named in drawn.named.values() if named.tensor == node.leaf]
        name = next((name for name in names if name), "the leaf")
        return f"{words} and added it to {name}.grad." if any(given) else words
    passed = [gist(tensor) for tensor in node.grads_out if tensor]
    if any(passed):
        words += f" and hands on {_listed([one for one in passed if one])}"
    return words if words.endswith(".") else f"{words}."


def node_words(recording: Recording, drawn: DrawnGraph, row: int, gradient: str, name: str) -> str:
    """All about one node: what it is, the line that made it, what it gave and saved."""
    graph = drawn.autograd
    own = int(drawn.autograd_row[row])
    kind = int(drawn.columns.kind[row])
    named = drawn.named.get(row)
    lines = []
    cut = drawn.cuts.get(row)
    if cut is not None:
        lines.append(f"cut by {cut.how}: no gradient comes back from {cut.name or 'there'}")
        lines.append(f"line {cut.line}, step {recording.step(cut.step).label}: {cut.code}")
    if named is not None:
        what = "leaf" if kind == NodeKind.LEAF else "result"
        lines.append(f"{named.name or 'unnamed'} {named.words} · {what}".replace("  ", " "))
    if kind == NodeKind.OPERATION or (kind == NodeKind.LEAF and not drawn.cards):
        written = ", written in Python" if graph.flags[own] & OWN_FUNCTION else ""
        lines.append(f"{graph.name[own]}{written}")
        lines += _made_lines(recording, drawn, own, name)
    if gradient:
        lines.append(f"gradient {gradient}")
    return "\n".join(lines)


def _made_lines(recording: Recording, drawn: DrawnGraph, own: int, name: str) -> list[str]:
    graph = drawn.autograd
    lines = []
    made = int(graph.made[own])
    if 0 <= made < len(recording) and not graph.flags[own] & ACCUMULATES:
        step = recording.step(made)
        lines.append(f"line {step.statement.line}, step {step.label}: {step.statement.code}")
        if step.node is not None:
            lines.append(f"made while {step.node.name} ran in backward: a graph of a graph")
    gave = graph.output_words(own)
    if gave:
        calls = f"{name} " if name else ""
        lines.append(f"gave {calls}{gave} on {graph.device(own)}")
    if graph.saved[own] > 0:
        freed = int(graph.freed[own])
        state = "still held" if freed < 0 else "freed by backward"
        lines.append(f"saved {size_words(int(graph.saved[own]))}, {state}")
    return lines


def edge_words(drawn: DrawnGraph, edge: int, gradient: str, name: str) -> str:
    """What flows along an edge."""
    columns, graph = drawn.columns, drawn.autograd
    source, target = int(columns.source[edge]), int(columns.target[edge])
    own = int(drawn.autograd_row[source])
    what = f"{name} {graph.output_words(own, int(columns.source_slot[edge]))}".strip()
    lines = [f"{columns.name[source]} → {columns.name[target]}"]
    if what and edge < len(graph.maker):
        lines.append(what)
    if gradient:
        lines.append(f"gradient {gradient}")
    return "\n".join(lines)


def group_words(groups: Groups, skeleton: Skeleton, group: int, is_open: bool) -> str:
    """A group: how much is in it and how to open or close it."""
    start, end = groups.start[group], groups.end[group]
    users = skeleton.place[skeleton.docks.user]
    inside = (users >= start) & (users < end)
    leaves = len(np.unique(skeleton.docks.boxes[inside, 0]))
    words = f"{groups.label[group]}: {_count(end - start, 'node')}"
    if leaves:
        words += f", {_count(leaves, 'leaf', 'leaves')}"
    return f"{words}. Click to {'close' if is_open else 'open'} it."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
