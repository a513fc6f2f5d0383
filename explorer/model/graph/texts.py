"""What is written on a graph, and what it shows of a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import GraphColumns, NodeKind
from explorer.model.graph.faces import CARDS, Faces, Measure, Spacing, short_name


@dataclass(frozen=True)
class GraphTexts:
    """Words of a graph, a row for each node.

    ``title`` is the name, ``line`` what stands below it on a card (the formula of a derivative,
    ``x.grad = none``), ``saved`` the two lines of the box of saved tensors at its side (empty: no
    box), ``letter`` the storage letter of a leaf or result (empty: none).
    """

    title: Sequence[str]
    line: Sequence[str]
    saved: Sequence[tuple[str, str]]
    letter: Sequence[str]

    def __post_init__(self) -> None:
        """Check the lengths.

        Raises:
            ValueError: for columns of different lengths.
        """
        if not len(self.title) == len(self.line) == len(self.saved) == len(self.letter):
            raise ValueError("Every column of a graph's words needs one row for each node.")


@dataclass(frozen=True)
class GraphMarks:
    """What a moment shows on a graph.

    ``running`` is the node that runs (-1: none), ``ran`` the nodes that have run (None: backward
    is not being looked at, nothing is greyed). ``numbers`` is a further line on some nodes,
    ``edge_text`` the words beside some edges and ``edge_bars`` how the numbers of the gradient
    there are spread, as counts from the smallest to the largest; ``carried`` the edges that have
    carried a gradient (None as for ``ran``), ``next_edges`` those on which one is carried next.
    ``title`` and ``line`` take the place of some words of `GraphTexts`. ``tint`` colours nodes by
    a number in -1 ... 1, NaN where there is none.
    """

    running: int = -1
    ran: NDArray[np.bool_] | None = None
    numbers: Mapping[int, str] = field(default_factory=dict)
    edge_text: Mapping[int, str] = field(default_factory=dict)
    edge_bars: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    carried: NDArray[np.bool_] | None = None
    next_edges: frozenset[int] = frozenset()
    title: Mapping[int, str] = field(default_factory=dict)
    line: Mapping[int, str] = field(default_factory=dict)
    tint: NDArray[np.float64] | None = None


def plain_texts(graph: GraphColumns) -> GraphTexts:
    """Short names and nothing else."""
    names, which = graph.numbered_names
    short = [short_name(name) for name in names]
    title = [short[number] for number in which.tolist()]
    empty = [""] * len(title)
    return GraphTexts(title, empty, [("", "")] * len(title), empty)


def card_faces(
    graph: GraphColumns,
    texts: GraphTexts,
    measure_title: Measure,
    measure_line: Measure,
    spacing: Spacing = CARDS,
) -> Faces:
    """Sizes of cards: a title, a line below it where there is one, saved tensors at the side."""
    title = np.asarray(measure_title(list(texts.title)))
    line = np.asarray(measure_line(list(texts.line)))
    has_line = np.array([bool(text) for text in texts.line], bool)
    wide = np.maximum(title, np.where(has_line, line, 0)) + 2 * spacing.box_padding
    own = np.array([bool(one) for one, _ in texts.saved], bool)
    side = np.zeros(len(graph))
    for row in (0, 1):
        words = [saved[row] for saved in texts.saved]
        side = np.maximum(side, np.asarray(measure_line(words)))
    side = np.where(own, side + 2 * spacing.box_padding, 0.0)
    least = np.where(has_line, CARD_WIDTH, PILL_WIDTH)
    least = np.where(graph.kind == NodeKind.RESULT, RESULT_WIDTH, least)
    height = np.where(has_line, spacing.box_height, spacing.pill_height + 6)
    return Faces(np.maximum(wide, least), height, side, spacing, measure_line)


CARD_WIDTH = 176.0
PILL_WIDTH = 120.0
RESULT_WIDTH = 190.0
"""Least widths of cards with and without a second line, so that a column looks calm."""
