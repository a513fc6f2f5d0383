"""The edges among the items of one group, made from the edges among nodes.

Where more than a few tensors run from one item to another and one of the two is a group, they run
as one bundle.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Ints
from explorer.model.graph.docking import Skeleton
from explorer.model.graph.folding import Groups
from explorer.model.graph.ranks import Level

MOST_SINGLE = 3
"""So many tensors between two items are drawn singly; more become a bundle."""

Tensors = tuple[int, ...]
"""What runs together: one tensor, or a bundle."""


@dataclass
class Wiring:
    """The edges of a skeleton as levels need them: ``tensor`` numbers the tensors by maker, then
    by output; ``maker`` and ``an_edge`` have for each tensor the place that made it and one of its
    edges."""

    skeleton: Skeleton
    tensor: Ints
    maker: Ints
    an_edge: Ints

    @cached_property
    def first_in(self) -> Ints:
        """Where the edges into each place begin."""
        return np.searchsorted(self.skeleton.target, np.arange(len(self.skeleton) + 1))


def wire(skeleton: Skeleton) -> Wiring:
    """Number the tensors of a skeleton."""
    slots = skeleton.graph.source_slot[skeleton.edge]
    key = skeleton.source
    if slots.any():
        key = key * (int(slots.max()) + 1) + slots
    order = key.argsort(kind="stable")
    key = key[order]
    begins = np.zeros(len(key), bool)
    begins[1:] = key[1:] != key[:-1]
    tensor = np.empty(len(key), np.int64)
    tensor[order] = begins.cumsum()
    begins[:1] = True
    an_edge = order[begins]
    return Wiring(skeleton, tensor, skeleton.source[an_edge], an_edge)


@dataclass
class _Edges:
    """Edges between items, with the wiring's tensor and edge."""

    source: Ints
    target: Ints
    tensor: Ints
    edge: Ints

    def where(self, keep: NDArray[np.bool_] | Ints) -> _Edges:
        return _Edges(self.source[keep], self.target[keep], self.tensor[keep], self.edge[keep])


def level_of(
    wiring: Wiring, groups: Groups, row: int, entering: list[Tensors], leaving: list[Tensors]
) -> tuple[Level, list[Tensors], Ints]:
    """The level of a group, what each of its tensors stands for, and a graph's edge for each of
    its edges."""
    inner = groups.child_group[row]
    if len(inner) == len(wiring.skeleton) and not entering and not leaving:
        return _all_of(wiring)
    count = len(entering) + len(inner) + len(leaving)
    edges = _joined(
        _inner_edges(wiring, groups, row, entering),
        _outer_edges(wiring, groups, row, len(entering), leaving),
    )
    closed = np.ones(count, bool)
    closed[len(entering) : len(entering) + len(inner)] = inner >= 0
    edges = (
        edges
        if not closed.any()
        else edges.where(~closed[edges.target] | _first_of_kind(edges.target, edges.tensor))
    )
    edges, tensor, carried = _bundled(edges, closed)
    folded = frozenset((np.flatnonzero(inner >= 0) + len(entering)).tolist())
    ports = (len(entering), len(leaving))
    level = Level(count, edges.source, edges.target, tensor, *ports, folded)
    return level, carried, wiring.skeleton.edge[edges.edge]


def _all_of(wiring: Wiring) -> tuple[Level, list[Tensors], Ints]:
    """The level of a whole graph in which nothing is folded: its own edges and tensors. There is
    no group inside that would ask what the tensors stand for."""
    skeleton = wiring.skeleton
    level = Level(len(skeleton), skeleton.source, skeleton.target, wiring.tensor)
    return level, [], skeleton.edge


def _inner_edges(wiring: Wiring, groups: Groups, row: int, entering: list[Tensors]) -> _Edges:
    """Edges that end at a child."""
    skeleton, start, end = wiring.skeleton, groups.start[row], groups.end[row]
    starts, shift = groups.child_start[row], len(entering)
    edge = np.arange(wiring.first_in[start], wiring.first_in[end])
    tensor = wiring.tensor[edge]
    source = np.searchsorted(starts, skeleton.source[edge], side="right") - 1 + shift
    target = np.searchsorted(starts, skeleton.target[edge], side="right") - 1 + shift
    outside = skeleton.source[edge] < start
    if outside.any():
        source[outside] = _entry_of(tensor[outside], entering)
    keep = (source >= 0) & (source != target)
    return _Edges(source, target, tensor, edge).where(keep)


def _entry_of(tensor: Ints, entering: list[Tensors]) -> Ints:
    """Through which entry each tensor comes (-1: none)."""
    known = np.array([t for bundle in entering for t in bundle], np.int64)
    entry = np.repeat(np.arange(len(entering)), [len(bundle) for bundle in entering])
    order = np.argsort(known, kind="stable")
    at = np.searchsorted(known[order], tensor)
    at = np.minimum(at, len(known) - 1)
    if len(known) == 0:
        return np.full(len(tensor), -1, np.int64)
    return np.where(known[order][at] == tensor, entry[order][at], -1)


def _outer_edges(
    wiring: Wiring, groups: Groups, row: int, entries: int, leaving: list[Tensors]
) -> _Edges:
    """Edges from a child to the places where tensors leave."""
    starts = groups.child_start[row]
    tensor = np.array([t for bundle in leaving for t in bundle], np.int64)
    exit_item = np.repeat(np.arange(len(leaving)), [len(bundle) for bundle in leaving])
    source = np.searchsorted(starts, wiring.maker[tensor], side="right") - 1 + entries
    return _Edges(source, exit_item + entries + len(starts), tensor, wiring.an_edge[tensor])


def _joined(one: _Edges, other: _Edges) -> _Edges:
    return _Edges(
        np.concatenate([one.source, other.source]),
        np.concatenate([one.target, other.target]),
        np.concatenate([one.tensor, other.tensor]),
        np.concatenate([one.edge, other.edge]),
    )


def _first_of_kind(target: Ints, tensor: Ints) -> NDArray[np.bool_]:
    """Which edges are the first of their tensor into their target."""
    first = np.zeros(len(target), bool)
    if len(target):
        key = target * (int(tensor.max()) + 1) + tensor
        first[np.unique(key, return_index=True)[1]] = True
    return first


def _numbered(edges: _Edges) -> tuple[Ints, list[Tensors]]:
    """The tensors by their source and their number, where each runs for itself."""
    base = int(edges.tensor.max()) + 1
    kinds, tensor = np.unique(edges.source * base + edges.tensor, return_inverse=True)
    return tensor.reshape(-1), [(single,) for single in (kinds % base).tolist()]


def _bundled(edges: _Edges, closed: NDArray[np.bool_]) -> tuple[_Edges, Ints, list[Tensors]]:
    """The edges with bundles in the place of many, the level's tensor of each, and what each of
    these tensors stands for."""
    if len(edges.source) == 0:
        return edges, edges.tensor, []
    if not closed.any():
        return edges, *_numbered(edges)
    pair = edges.target * len(closed) + edges.source
    pairs, which, many = np.unique(pair, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    can = closed[edges.source] | closed[edges.target]
    together = can & (many[which] > MOST_SINGLE)
    # A bundle's number comes behind those of single tensors; both are ordered by their source.
    base = int(edges.tensor.max()) + 1
    key = np.where(together, base + which, edges.tensor)
    key = edges.source * (base + len(pairs)) + key
    first = ~together
    first[np.unique(np.where(together, which, -1), return_index=True)[1]] = True
    kinds, tensor = np.unique(key, return_inverse=True)
    tensor = tensor.reshape(-1)
    mine = np.unique(tensor * base + edges.tensor)
    cuts = np.searchsorted(mine // base, np.arange(len(kinds) + 1)).tolist()
    parts = (mine % base).tolist()
    carried = [tuple(parts[a:b]) for a, b in itertools.pairwise(cuts)]
    return edges.where(first), tensor[first], carried
