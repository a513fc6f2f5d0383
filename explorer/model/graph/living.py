"""What is alive at one row of a picture, from left to right, while it is being ordered.

*Things* are columns, which hold the tensor that their last item made, and lanes, each a copy of a
tensor that is wanted further on. Things never change sides, so the order in which they are put
beside each other is one order of all that were ever alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from explorer.model.graph.ranks import Level, Ranks
from explorer.model.graph.uses import uses_of

NOWHERE: list[int] = []
"""The copies of all tensors that have none; never changed, always put in another's place."""


class Living:
    """The list, and who makes and wants what.

    By item: ``column`` (the thing it stands in, -1: not yet).
    By tensor: ``maker`` (item), ``left`` (users still to come), ``copies`` (things that hold it).
    By thing: ``held`` (tensor, -1: none), ``goes_on`` (a column in which another item will
    stand), ``first`` (row), ``used`` (an item took its tensor from it), ``following`` (the next
    thing in the order of all).
    """

    def __init__(self, level: Level, ranks: Ranks) -> None:
        self.level, self.ranks, self.row = level, ranks, ranks.row
        self.uses = uses = uses_of(level)
        self.wanted: list[int] = uses.tensor.tolist()
        self.first_wanted: list[int] = uses.first.tolist()
        self.makes: list[int] = uses.makes.tolist()
        self.first_made: list[int] = uses.first_made.tolist()
        self.maker: list[int] = uses.maker.tolist()
        self.left: list[int] = uses.count.tolist()
        self.copies: list[list[int]] = [NOWHERE] * len(self.left)
        self.column = [-1] * level.count
        self.alive: list[int] = []
        self.held: list[int] = []
        self.goes_on: list[bool] = []
        self.first: list[int] = []
        self.used: list[bool] = []
        self.following: list[int] = []
        self.leftmost = -1
        self._joins_of: dict[int, int] = {}

    def inputs(self, item: int) -> list[int]:
        """The tensors that an item uses, each once."""
        return self.wanted[self.first_wanted[item] : self.first_wanted[item + 1]]

    @cached_property
    def wanted_at(self) -> list[int]:
        """Of each tensor the first edge."""
        tensor = self.level.tensor
        first = np.zeros(len(self.left), np.int64)
        first[tensor[::-1]] = np.arange(len(tensor) - 1, -1, -1)
        return first.tolist()

    @cached_property
    def end(self) -> list[int]:
        """Of each tensor the row of its last user."""
        end = np.zeros(len(self.left), np.int64)
        np.maximum.at(end, self.uses.tensor, self.ranks.row_column[self.uses.user])
        return end.tolist()

    def column_end(self, thing: int) -> int:
        """The row in which a column ends by entering another; the row of the last user of what it
        holds where it enters none."""
        tensor = self.held[thing]
        join = self._joins_of.get(thing)
        if join is None:
            join = self._joins_of[thing] = self.join(self.maker[tensor])
        return self.row[join] if join >= 0 else self.end[tensor]

    def join(self, item: int) -> int:
        """The item at which the column of an item ends by entering another, -1: none."""
        below = self.ranks.below
        while below[item] >= 0:
            item = below[item]
        first, past = self.first_made[item : item + 2]
        return self._first_user[self.makes[first]] if first < past else -1

    @cached_property
    def _first_user(self) -> list[int]:
        first = np.zeros(len(self.left), np.int64)
        first[self.uses.tensor[::-1]] = self.uses.user[::-1]
        return first.tolist()

    def insert(self, place: int, tensor: int, row: int) -> int:
        """A new thing at a place of the list."""
        thing = len(self.held)
        self.held.append(tensor)
        self.goes_on.append(False)
        self.first.append(row)
        self.used.append(False)
        if place:
            other = self.alive[place - 1]
            self.following.append(self.following[other])
            self.following[other] = thing
        else:
            self.following.append(self.leftmost)
            self.leftmost = thing
        self.alive.insert(place, thing)
        if tensor >= 0:
            self.copies[tensor].append(thing)
        return thing

    def forget_copies(self, tensor: int, but: int) -> None:
        """Nobody wants a tensor any more: its lanes end."""
        for thing in self.copies[tensor]:
            if thing != but:
                self.alive.remove(thing)
        self.copies[tensor] = NOWHERE

    def drop(self, thing: int) -> None:
        """End one copy of a tensor."""
        self.copies[self.held[thing]].remove(thing)
        self.alive.remove(thing)

    def must_stay(self, thing: int) -> bool:
        """Whether no other copy could do in the place of this thing."""
        tensor = self.held[thing]
        return tensor < 0 or len(self.copies[tensor]) == 1 or self.goes_on[thing]

    def between(self, one: int, other: int, mine: Sequence[int]) -> int:
        """How many things between two places of the list an edge there would cross; of the
        tensors ``mine`` those that are wanted nowhere else do not count, they come along."""
        low, high = (one, other) if one < other else (other, one)
        if high - low < 2:
            return 0
        count = 0
        for thing in self.alive[low + 1 : high]:
            tensor = self.held[thing]
            if tensor < 0:
                count += 1
            elif len(self.copies[tensor]) == 1 or self.goes_on[thing]:
                count += tensor not in mine or self.left[tensor] > 1
        return count
