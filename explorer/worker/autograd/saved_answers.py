"""Answers `ReadSaved`: what every node saved, in columns."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable

from explorer.protocol.saved import ReadSaved, Saved
from explorer.worker.autograd.node_table import KIND, MADE, NodeTable
from explorer.worker.recording.packing import little_endian

NOT_READ = ("running_mean", "running_var")
"""Saved by every batch norm, and read by its backward in evaluation only."""

FreedAt = Callable[[Iterable[int]], dict[int, int]]


def saved_by(table: NodeTable, freed_at: FreedAt, request: ReadSaved) -> Saved:
    """The saved tensors of all nodes of a table.

    ``freed_at`` gives for nodes the step at which what they had saved was freed.
    """
    total = len(table)
    nodes = range(1, min(total, request.limit) + 1)
    freed = freed_at(nodes)
    sources, targets = array("q"), array("q")
    for node in nodes:
        for target, _ in table.edges_of(node):
            if 0 < target <= len(nodes):
                sources.append(node)
                targets.append(target)
    owners, tensors, names = array("q"), array("q"), array("q")
    places: dict[int, int] = {}
    for node, kind in zip(nodes, table.column(nodes, KIND), strict=True):
        detail = table.details.get(node)
        for row in detail.saved if detail is not None else ():
            if row.argument in NOT_READ:
                continue
            owners.append(node)
            tensors.append(row.tensor)
            names.append(places.setdefault(kind >> 2, len(places)))
    made = table.column(nodes, MADE)
    ended = array("q", [freed.get(node, -1) for node in nodes])
    return Saved(
        len(nodes),
        len(sources),
        len(owners),
        tuple(table.names[name] for name in places),
        total - len(nodes),
        little_endian((made, ended, sources, targets, owners, tensors, names)),
    )
