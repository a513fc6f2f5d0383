"""Edges that would be more line than information: they become a word at each of their ends.

A tensor that many distant items use, and an item that many distant items feed, would need a lane
for each, or one lane past everything. Instead the user names the maker, or the maker the user.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Ints, ints
from explorer.model.graph.ranks import Level, Ranks, columns

FAR = 3
"""An edge over more rows than this is far."""

MOST_FAR = 8
"""So many far edges of one tensor or to one item are drawn; where there are more, none is."""


@dataclass
class References:
    """``drawn`` edges stay lines. ``named_at_target`` edges are a pill left of their target that
    names the source, ``named_at_source`` edges a pill right of their source that names the
    target. All are rows of the level's edges."""

    drawn: Ints
    named_at_target: Ints
    named_at_source: Ints


def find_references(level: Level, ranks: Ranks, most_far: int = MOST_FAR) -> References:
    """Sort the edges of a level into drawn ones and references."""
    row = ranks.row_column
    far = row[level.target] - row[level.source] > FAR
    # What enters or leaves the level is drawn up to the border.
    far &= level.target < level.count - level.exits
    if np.count_nonzero(far) <= most_far or not _any_above(
        most_far, level.tensor[far], level.target[far]
    ):
        none = np.zeros(0, np.int64)
        return References(np.arange(len(far)), none, none)
    # A column goes straight on; what lies in it is no detour.
    below = ints(columns(level, ranks).below)
    far &= below[level.source] != level.target
    by_tensor = np.bincount(level.tensor[far], minlength=int(level.tensor.max(initial=-1)) + 1)
    at_target = far & (by_tensor[level.tensor] > most_far)
    rest = far & ~at_target & (level.source >= level.entries)
    by_target = np.bincount(level.target[rest], minlength=level.count)
    at_source = rest & (by_target[level.target] > most_far)
    return References(
        np.flatnonzero(~at_target & ~at_source),
        np.flatnonzero(at_target),
        np.flatnonzero(at_source),
    )


def _any_above(most: int, *columns: Ints) -> bool:
    """Whether any number comes more often than that in one of the columns."""
    # Mostly there are too many different ones for that.
    some = (column for column in columns if len(column) - len(set(column.tolist())) >= most)
    return any(int(np.bincount(column).max()) > most for column in some)
