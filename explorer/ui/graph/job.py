"""From a graph as it was read to a picture of it: work that any thread may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from explorer.model.graph.cards import texts_of
from explorer.model.graph.drawing import DrawnGraph, Named
from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import NO_CHOICES, Choices, folded_graph
from explorer.model.graph.reading import ACCUMULATES, AutogradGraph
from explorer.model.graph.subject import Subject
from explorer.model.graph.texts import card_faces
from explorer.protocol.autograd import Node
from explorer.ui.graph.measure import measure
from explorer.ui.theme import ui_font
from explorer.ui.widgets.graph.picture import Picture


@dataclass(frozen=True)
class Wish:
    """How a graph should be drawn; ``upwards`` None: results above in a small one only.
    ``choices`` are the groups that the user opened and closed in the graph before."""

    flat: bool = False
    upwards: bool | None = None
    choices: Choices = NO_CHOICES


@dataclass(frozen=True)
class Built:
    """What a job made."""

    drawn: DrawnGraph
    picture: Picture


def picture_job(
    make: Callable[[], DrawnGraph], nodes: Mapping[int, Node], names: Mapping[int, str], wish: Wish
) -> Callable[[], Built]:
    """A function that makes the graph to draw and its picture; call this one on the UI thread,
    which has the fonts."""
    known, called = dict(nodes), dict(names)
    title, line = measure(ui_font(13, bold=True)), measure(ui_font(11))
    plain = measure(ui_font(12))

    def job() -> Built:
        drawn = make()
        upwards = drawn.cards if wish.upwards is None else wish.upwards
        texts = texts_of(drawn, known, called)
        if drawn.cards:
            faces = card_faces(drawn.columns, texts, title, line)
        else:
            faces = compact_faces(drawn.columns, plain, words=texts.title)
        folded = folded_graph(
            drawn.columns, faces, flat=wish.flat, dock=not drawn.cards, upwards=upwards
        )
        folded.choose(wish.choices)
        picture = Picture(folded, folded.scene(), texts, drawn.cards)
        picture.make_ready()
        return Built(drawn, picture)

    return job


def results_of(
    graph: AutogradGraph, subject: Subject, named: Mapping[int, Named], names: Mapping[int, str]
) -> list[tuple[int, Named]]:
    """The nodes that get a result of their own, all that nobody uses: row and tensor. ``named``
    has tensors by id, ``names`` calls nodes by the tensor that they made."""
    used = np.zeros(len(graph), bool)
    used[graph.maker] = True
    first = graph.row(subject.nodes[0])
    free = np.flatnonzero(~used & ((graph.flags & ACCUMULATES) == 0)).tolist()
    found = []
    for row in dict.fromkeys([first, *free]):
        if row == first and row >= 0:
            known = named.get(subject.tensor, Named("", graph.output_words(row), "", 0))
            name = subject.name or known.name or "root"
            found.append((row, Named(name, known.words, known.letter, subject.tensor)))
        elif row >= 0:
            name = names.get(int(graph.node[row]), "root")
            found.append((row, Named(name, graph.output_words(row), "", 0)))
    return found


def common_node(before: DrawnGraph | None, drawn: DrawnGraph) -> tuple[int, int]:
    """The youngest node that is in two graphs, as rows of both; (-1, -1) when there is none."""
    if before is None:
        return -1, -1
    both, one, other = np.intersect1d(
        before.autograd.node, drawn.autograd.node, return_indices=True
    )
    return (int(one[-1]), int(other[-1])) if len(both) else (-1, -1)
