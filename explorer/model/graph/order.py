"""The order in which nodes are drawn: that of their creation, wherever the edges allow it."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Floats, GraphColumns, Ints


class NotAGraph(ValueError):
    """The edges run in a circle; the text says through which node."""


def creation_order(graph: GraphColumns) -> Ints:
    """Rows of the nodes so that every edge leads forward, early nodes first.

    Nodes without a sequence number (leaves, results) stand just before their first user or, if
    nobody uses them, just after their last maker.

    Raises:
        NotAGraph: when the edges run in a circle.
    """
    when = _moments(graph)
    order = np.lexsort((np.arange(len(graph)), when))
    place = np.empty(len(graph), np.int64)
    place[order] = np.arange(len(graph))
    if (place[graph.source] < place[graph.target]).all():
        return order
    return _by_need(graph, place)


def _moments(graph: GraphColumns) -> Floats:
    """The sequence numbers, with the missing ones put between those of the neighbours."""
    when = graph.sequence.astype(np.float64)
    missing = when < 0
    when[missing] = np.nan
    step = 0.5
    for _ in range(4):
        if not np.isnan(when).any():
            break
        first = _extreme(graph.source, when[graph.target], len(graph), np.fmin, np.inf) - step
        last = _extreme(graph.target, when[graph.source], len(graph), np.fmax, -np.inf) + step
        guess = np.where(np.isfinite(first), first, last)
        fill = np.isnan(when) & np.isfinite(guess)
        when[fill] = guess[fill]
        step /= 2
    return np.nan_to_num(when, nan=-1.0)


def _extreme(
    at: Ints, values: Floats, count: int, choose: np.ufunc, start: float
) -> NDArray[np.float64]:
    """For each of ``count`` rows the smallest or largest of the ``values`` noted ``at`` it."""
    found = np.full(count, start)
    choose.at(found, at, values)
    return found


def _by_need(graph: GraphColumns, place: Ints) -> Ints:
    """Kahn's algorithm (1962) with the earliest created of the free nodes first."""
    waiting = np.bincount(graph.target, minlength=len(graph)).tolist()
    users: list[list[int]] = [[] for _ in range(len(graph))]
    for source, target in zip(graph.source.tolist(), graph.target.tolist(), strict=True):
        users[source].append(target)
    rows = place.tolist()
    free = [(rows[node], node) for node in range(len(graph)) if waiting[node] == 0]
    heapq.heapify(free)
    order = []
    while free:
        _, node = heapq.heappop(free)
        order.append(node)
        for user in users[node]:
            waiting[user] -= 1
            if waiting[user] == 0:
                heapq.heappush(free, (rows[user], user))
    if len(order) < len(graph):
        stuck = next(node for node in range(len(graph)) if waiting[node] > 0)
        raise NotAGraph(f"The edges run in a circle through node {stuck}, {graph.name[stuck]}.")
    return np.array(order, np.int64)
