"""An autograd graph as it is drawn: with leaves and results by the user's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from explorer.model.graph.columns import GraphColumns, Ints, NodeKind
from explorer.model.graph.cuts import DrawnCut
from explorer.model.graph.origins import Origins, calls_of
from explorer.model.graph.reading import ACCUMULATES, AutogradGraph

CARDS_UP_TO = 12
"""A graph with at most so many nodes of autograd is drawn as cards."""


_TURNS = ("TBackward", "TransposeBackward", "PermuteBackward")
"""Operations through which a parameter is still itself."""


@dataclass(frozen=True)
class Named:
    """A tensor on the graph: its name, ``f32[3, 4]``, storage letter, and id (0: unknown)."""

    name: str
    words: str
    letter: str
    tensor: int


@dataclass(frozen=True)
class DrawnGraph:
    """Columns to be laid out, and what their rows stand for.

    The first ``n`` rows are those of ``autograd``; behind them come the pills of leaves (cards
    only) and the results. ``autograd_row`` has for each row the node of autograd that it is or
    belongs to, ``tensor`` the tensor that a leaf or result is (0: none). The first ``m`` edges are
    those of ``autograd``.
    """

    autograd: AutogradGraph
    columns: GraphColumns
    autograd_row: Ints
    tensor: Ints
    named: dict[int, Named]
    cards: bool
    cuts: Mapping[int, DrawnCut] = field(default_factory=dict)
    """What the rows stand for that are cuts."""

    def rows_of(self, node_row: int) -> Ints:
        """All rows that show a node of autograd."""
        return np.flatnonzero(self.autograd_row == node_row)


def draw(
    graph: AutogradGraph,
    made_by: Origins,
    leaves: Mapping[int, Named],
    results: Sequence[tuple[int, Named]],
    cuts: Sequence[DrawnCut] = (),
    *,
    cards: bool | None = None,
) -> DrawnGraph:
    """Add leaves, results and cuts to a graph.

    ``leaves`` names tensors by id, ``results`` are rows of nodes with the tensor that they made.
    """
    count = len(graph)
    as_cards = count <= CARDS_UP_TO if cards is None else cards
    made = _Rows(list(graph.name), [0] * count, list(range(count)), [NodeKind.OPERATION] * count)
    for row in np.flatnonzero((graph.flags & ACCUMULATES) != 0).tolist():
        tensor = int(graph.leaf[row])
        known = leaves.get(tensor, Named("", "", "", tensor))
        if as_cards:
            made.edges.append((made.add(known, row, NodeKind.LEAF), row))
        else:
            made.names[row], made.tensors[row] = known.name or "leaf", tensor
            made.named[row], made.kinds[row] = known, NodeKind.LEAF
    for row, result in results:
        made.edges.append((row, made.add(result, row, NodeKind.RESULT)))
    drawn_cuts: dict[int, DrawnCut] = {}
    for cut, row in _placed(graph, cuts):
        place = made.add(Named(cut.how, "", "", cut.target), row, NodeKind.CUT)
        made.edges.append((row, place))
        del made.named[place]
        drawn_cuts[place] = cut
    columns = _columns(graph, made_by, made.names, np.array(made.kinds, np.uint8), made.edges)
    rows, tensors = np.array(made.rows, np.int64), np.array(made.tensors, np.int64)
    return DrawnGraph(graph, columns, rows, tensors, made.named, as_cards, drawn_cuts)


@dataclass
class _Rows:
    """The rows of a drawn graph as they are added to those of autograd."""

    names: list[str]
    tensors: list[int]
    rows: list[int]
    kinds: list[NodeKind]
    named: dict[int, Named] = field(default_factory=dict)
    edges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, known: Named, row: int, kind: NodeKind) -> int:
        """One more row, for a tensor that belongs to a node of autograd; returns its place."""
        place = len(self.names)
        self.names.append(known.name or "result")
        self.rows.append(row)
        self.tensors.append(known.tensor)
        self.kinds.append(kind)
        self.named[place] = known
        return place


def _placed(graph: AutogradGraph, cuts: Sequence[DrawnCut]) -> list[tuple[DrawnCut, int]]:
    """Each cut with the row of the node that made what it reads; of leaves their AccumulateGrad."""
    placed = []
    for cut in cuts:
        if cut.node:
            row = graph.row(cut.node)
        else:
            at = np.flatnonzero(graph.leaf == cut.leaf)
            row = int(at[0]) if len(at) else -1
        if row >= 0:
            placed.append((cut, row))
    return placed


def _columns(
    graph: AutogradGraph,
    made_by: Origins,
    names: list[str],
    kinds: np.ndarray,
    extra_edges: list[tuple[int, int]],
) -> GraphColumns:
    more = len(names) - len(graph)
    nothing = np.full(more, -1, np.int64)
    extra = np.array(extra_edges, np.int64).reshape(-1, 2)
    zero = np.zeros(len(extra), np.int64)
    sequence = np.where(graph.leaf > 0, -1, graph.sequence)
    order = np.argsort(graph.sequence, kind="stable")
    calls = calls_of(made_by, order[graph.sequence[order] >= 0], _leaf_names(graph, names))
    return GraphColumns(
        name=names,
        kind=kinds,
        sequence=np.concatenate([sequence, nothing]),
        source=np.concatenate([graph.maker, extra[:, 0]]),
        target=np.concatenate([graph.user, extra[:, 1]]),
        source_slot=np.concatenate([graph.maker_slot, zero]),
        target_slot=np.concatenate([graph.user_slot, zero]),
        call=np.concatenate([calls.call, nothing]),
        line=np.concatenate([made_by.line, np.zeros(more, np.int64)]),
        call_label=calls.label,
        call_parent=calls.parent,
    )


def _leaf_names(graph: AutogradGraph, names: list[str]) -> list[str]:
    """For each node the dotted name of a leaf that it uses, directly or transposed; else empty."""
    found = [""] * len(graph)
    leaf = graph.leaf > 0
    one_input = np.bincount(graph.user, minlength=len(graph)) == 1
    direct = np.flatnonzero(leaf[graph.maker])
    for maker, user in zip(graph.maker[direct].tolist(), graph.user[direct].tolist(), strict=True):
        if "." in names[maker]:
            found[user] = found[user] or names[maker]
    turns = np.array([name.startswith(_TURNS) for name in graph.name], bool)
    turned = one_input & turns & np.array([bool(name) for name in found], bool)
    through = np.flatnonzero(turned[graph.maker])
    for maker, user in zip(
        graph.maker[through].tolist(), graph.user[through].tolist(), strict=True
    ):
        found[user] = found[user] or found[maker]
    return found
