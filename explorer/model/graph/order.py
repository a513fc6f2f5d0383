"""The order in which nodes are drawn: that of their creation, wherever the edges allow it."""

from __future__ import annotations

import heapq

import numpy as np

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
    order = when.argsort(kind="stable")
    place = np.empty(len(graph), np.int64)
    place[order] = np.arange(len(graph))
    if (place[graph.source] < place[graph.target]).all():
        return order
    return _by_need(graph, place)


def _moments(graph: GraphColumns) -> Floats:
    """The sequence numbers, with the missing ones put between those of the neighbours."""
    when = graph.sequence.astype(np.float64)
    missing = when < 0
    step = 0.5
    for _ in range(4):
        if not missing.any():
            return when
        when[missing] = np.inf
        guess = when.copy()
        np.minimum.at(guess, graph.source, when[graph.target] - step)
        alone = guess == np.inf
        if not alone.any():
            return np.where(missing, guess, when)
        when[missing] = -np.inf
        last = np.full(len(graph), -np.inf)
        np.maximum.at(last, graph.target, when[graph.source] + step)
        guess[alone] = last[alone]
        fill = missing & np.isfinite(guess)
        when[fill] = guess[fill]
        missing &= ~fill
        step /= 2
    when[missing] = -1.0
    return when


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
