"""Which row each item stands in, and which items stand in one straight column.

The row is the longest path from a start (Sugiyama, Tagawa and Toda, 1981, first step). Trees
that only feed one place are pulled down to it. Columns are heavy paths: each item hands its
column to the user with the longest future, and that user goes on with the longest of the columns
that it was handed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explorer.model.graph.columns import Ints, ints


# What one step of a layout hands to the next is not frozen: to make it then takes six times as
# long, and a small layout is mostly made of such steps.
@dataclass
class Level:
    """One picture without its inner pictures: items 0 ... ``count``, makers before users.

    Edges ``source`` -> ``target`` are sorted by target, then by input slot; ``tensor`` tells
    which of them carry the same tensor. The first ``entries`` items are the places where tensors
    come in from outside, the last ``exits`` items where they go out. ``folded`` items are groups:
    the order of what they hand out is free.
    """

    count: int
    source: Ints
    target: Ints
    tensor: Ints
    entries: int = 0
    exits: int = 0
    folded: frozenset[int] = frozenset()

    @cached_property
    def edges(self) -> tuple[list[int], list[int], list[int]]:
        """Sources, targets and tensors of the edges."""
        return self.source.tolist(), self.target.tolist(), self.tensor.tolist()


@dataclass
class Ranks:
    """Row of each item, longest path to it and from it, its heir (see `heirs`), and its neighbours
    in the column (-1: none; ``above_tensor`` is the tensor that comes from the one above)."""

    row: list[int]
    depth: list[int]
    height: list[int]
    heir: list[int]
    above: list[int]
    below: list[int]
    above_tensor: list[int]

    @cached_property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.row_column.max()) + 1 if self.row else 0

    @cached_property
    def row_column(self) -> Ints:
        """``row`` as a column."""
        return ints(self.row)


def rank(level: Level) -> Ranks:
    """Rows of a level; its columns are not told yet."""
    depth, hanging, uses = _downwards(level)
    row, height, heir = _upwards(level, depth, hanging, uses)
    if level.exits:
        last = max(row) if level.count > level.exits else 0
        inner = max(row[: level.count - level.exits], default=-1) + 1
        row[level.count - level.exits :] = [max(last, inner)] * level.exits
    none = [-1] * level.count
    return Ranks(row, depth, height, heir, none, none, none)


def _downwards(level: Level) -> tuple[list[int], list[bool], list[int]]:
    """By item: the longest path to it, whether it is in a tree that feeds one place alone, and
    how many edges leave it. Edges come by rising target."""
    depth, hanging = [0] * level.count, [True] * level.count
    hanging[: level.entries] = [False] * level.entries
    uses: list[int] = np.bincount(level.source, minlength=level.count).tolist()
    sources, targets, _ = level.edges
    for source, target in zip(sources, targets, strict=True):
        reached = depth[source] + 1
        if reached > depth[target]:
            depth[target] = reached
        if uses[source] > 1 or not hanging[source]:
            hanging[target] = False
    return depth, hanging, uses


def _upwards(
    level: Level, depth: list[int], hanging: list[bool], uses: list[int]
) -> tuple[list[int], list[int], list[int]]:
    """Rows, with each tree that feeds one place moved down to that place, the longest paths from
    each item, and its heir. By falling target all users of an item have their final row before it.
    Counts ``uses`` down."""
    row, height, lowest = list(depth), [0] * len(depth), [len(depth)] * len(depth)
    heir = [-1] * len(depth)
    sources, targets, _ = level.edges
    for source, target in zip(reversed(sources), reversed(targets), strict=True):
        reached = height[target] + 1
        if reached >= height[source]:
            height[source], heir[source] = reached, target
        if hanging[source]:
            above = row[target] - 1
            if above < lowest[source]:
                lowest[source] = above
            uses[source] -= 1
            if uses[source] == 0:
                row[source] = lowest[source]
    return row, height, heir


def heirs(level: Level, height: list[int]) -> list[int]:
    """The user of each item that has the longest future, the first of several."""
    heir, tallest = [-1] * level.count, [-1] * level.count
    sources, targets, _ = level.edges
    for source, target in zip(sources, targets, strict=True):
        tall = height[target]
        if tall > tallest[source]:
            heir[source], tallest[source] = target, tall
    return heir


def columns(level: Level, ranks: Ranks) -> Ranks:
    """The same rows with the columns that the edges of ``level`` make."""
    count, heir = level.count, ranks.heir
    sources, targets, tensors = level.edges
    above, below, via, length = [-1] * count, [-1] * count, [-1] * count, [1] * count
    # Edges come by rising target: the column of a source is known before its users are.
    for source, target, tensor in zip(sources, targets, tensors, strict=True):
        if heir[source] == target and length[source] >= length[target]:
            if above[target] >= 0:
                below[above[target]] = -1
            above[target], below[source], via[target] = source, target, tensor
            length[target] = length[source] + 1
    # What is left over on both sides is joined too: a column that could go on, goes on.
    for source, target, tensor in zip(sources, targets, tensors, strict=True):
        if above[target] < 0 and below[source] < 0:
            above[target], below[source], via[target] = source, target, tensor
    found = Ranks(ranks.row, ranks.depth, ranks.height, heir, above, below, via)
    vars(found)["row_column"] = ranks.row_column
    return found
