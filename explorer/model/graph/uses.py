"""Who uses and who makes the tensors of a level, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Ints
from explorer.model.graph.ranks import Level


@dataclass
class Uses:
    """``user`` uses ``tensor``: a row for each such pair, by rising user, then by input slot; the
    rows of item ``i`` begin at ``first[i]``, and ``of_edge`` is the row of each of the level's
    edges. By tensor ``maker`` and ``count``, how many users there are. ``makes`` are the tensors
    that are used, by rising maker; those of item ``i`` begin at ``first_made[i]``.
    """

    user: Ints
    tensor: Ints
    first: Ints
    of_edge: Ints
    maker: Ints
    count: Ints
    makes: Ints
    first_made: Ints


def uses_of(level: Level) -> Uses:
    """The uses and products of a level; an item that takes a tensor several times uses it once."""
    user, tensor = level.target, level.tensor
    tensors = int(tensor.max()) + 1 if len(tensor) else 0
    of_edge = np.arange(len(user))
    key = user * tensors + tensor
    inputs = np.bincount(user, minlength=level.count)
    several = key[inputs[user] > 1].tolist()
    if len(set(several)) < len(several):
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
        rows = np.sort(first)
        of_edge = np.argsort(np.argsort(first))[which.reshape(-1)]
        user, tensor = user[rows], tensor[rows]
    count = np.bincount(tensor, minlength=tensors)
    maker = np.zeros(tensors, np.int64)
    maker[level.tensor] = level.source
    makes = count.nonzero()[0]
    makes = makes[maker[makes].argsort(kind="stable")]
    return Uses(
        user, tensor, _starts(user, level.count), of_edge, maker, count, makes,
        _starts(maker[makes], level.count),
    )  # fmt: skip


def _starts(item: Ints, count: int) -> Ints:
    """Where the rows of each item begin, and the end of all."""
    starts: Ints = np.bincount(item + 1, minlength=count + 1).cumsum()
    return starts
