"""The order, from left to right, of all columns and lanes of a picture.

One pass from the first row to the last holds a list of what is alive. An item is set where its
inputs are, so that the fewest living things lie between; a tensor that is wanted further may go
on at the left or at the right of its user, and which of the two is settled only when it is used.
A planar graph drawn in this way from a good start has no crossing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.columns import Ints, ints, nowhere
from explorer.model.graph.living import NOWHERE, Living
from explorer.model.graph.ranks import Level, Ranks
from explorer.model.graph.seats import nearest_copy, seat_of_head, seat_of_start, sides


@dataclass
class Lanes:
    """Columns and lanes, together *things*: first and last row, and their order from the left.

    ``column`` is the thing each item stands in. ``way`` has a row for each edge of the level: the
    thing by which it comes to its target; ``lane`` is the same, but -1 where the rows of the
    edge's ends are neighbours and it needs no lane. ``blocked`` estimates the crossings.
    """

    first: Ints
    last: Ints
    position: Ints
    column: Ints
    way: Ints
    lane: Ints
    blocked: int


def order_lanes(level: Level, ranks: Ranks) -> Lanes:
    """Put every column and every lane of a level into one order from left to right."""
    sweep = _Sweep(level, ranks)
    living, rows, below = sweep.living, ranks.row, ranks.below
    column, held, copies, goes_on = living.column, living.held, living.copies, living.goes_on
    makes, first_made = living.makes, living.first_made
    stretches = _Stretches(living)
    row = 0
    for item, over in zip(stretches.last, stretches.above, strict=True):
        if rows[item] != row:
            row = rows[item]
            if sweep.over:
                sweep.end_of_row()
        if over >= 0:
            # The column goes straight on through the item.
            thing = column[item] = column[over]
            old, tensor = held[thing], makes[first_made[item]]
            copies[tensor], copies[old] = copies[old], NOWHERE
            held[thing], goes_on[thing] = tensor, below[item] >= 0
        else:
            sweep.put(item)
    return sweep.result(stretches.columns(ints(column)))


class _Stretches:
    """The items by row, in stretches of those that come one after another in their column while
    nothing else does. ``last`` is the last item of each stretch, ``above`` the item above its first
    one; -1 where there is more to do than to let the column go on."""

    def __init__(self, living: Living) -> None:
        ranks = living.ranks
        above = ints(ranks.above)
        self._order = order = ranks.row_column.argsort(kind="stable")
        passes = _passing(living, above)[order]
        ends = np.ones(len(order), bool)
        ends[:-1] = ~(passes[:-1] & passes[1:] & (above[order[1:]] == order[:-1]))
        self._ends = ends = ends.nonzero()[0]
        begins = np.zeros(len(ends), np.int64)
        begins[1:] = ends[:-1] + 1
        self._size = ends - begins + 1
        self.last: list[int] = order[ends].tolist()
        self.above: list[int] = np.where(passes[ends], above[order[begins]], -1).tolist()

    def columns(self, of_last: Ints) -> Ints:
        """The column of each item, given those of the last ones."""
        column = np.empty(len(self._order), np.int64)
        column[self._order] = of_last[self._order[self._ends]].repeat(self._size)
        return column


def _passing(living: Living, above: Ints) -> NDArray[np.bool_]:
    """For each item whether its column goes straight on through it, and that is all there is to
    do: most items use one tensor that nobody else wants and make one."""
    uses = living.uses
    first, made = uses.first, uses.first_made
    one: NDArray[np.bool_] = (
        (first[1:] - first[:-1] == 1) & (made[1:] - made[:-1] == 1) & (above >= 0)
    )
    some = one.nonzero()[0]
    one[some] = uses.count[uses.tensor[first[some]]] == 1
    return one


class _Sweep:
    """The pass over the rows; see the module's text. ``ways`` has for each use the thing from
    which it takes its tensor (-1: the column of the maker)."""

    def __init__(self, level: Level, ranks: Ranks) -> None:
        self.level, self.ranks = level, ranks
        self.living = Living(level, ranks)
        self.ways = [-1] * len(self.living.wanted)
        self.over: list[int] = []
        self.blocked = 0

    def put(self, item: int) -> None:
        """Set the next item into the list of what is alive."""
        living = self.living
        above = self.ranks.above[item]
        if above >= 0:
            thing = living.column[above]
            main = self.ranks.above_tensor[item]
            one = living.first_wanted[item] + 1 == living.first_wanted[item + 1]
            if one and living.left[main] == 1:
                living.left[main] = 0
                living.forget_copies(main, thing)
            elif one:
                self._fork(item, thing, main)
            else:
                self._join(item, thing, main, -1)
        elif living.first_wanted[item] < living.first_wanted[item + 1]:
            seat = seat_of_head(living, item)
            main = living.held[seat]
            if living.column[living.maker[main]] == seat:
                thing = living.insert(living.alive.index(seat) + 1, -1, living.row[item])
                self._join(item, thing, main, seat)
            else:
                # The new column goes straight on where the lane of its input came down.
                thing = seat
                self._join(item, thing, main, -1)
        else:
            thing = seat_of_start(living, item)
        living.column[item] = thing
        self._hand_out(item, thing)

    def _fork(self, item: int, thing: int, main: int) -> None:
        """`_join` for an item without other inputs: what its input is, goes on at both sides."""
        living = self.living
        self.ways[living.first_wanted[item]], living.used[thing] = thing, True
        living.left[main] -= 1
        living.copies[main].remove(thing)
        at, row = living.alive.index(thing), living.row[living.maker[main]] + 1
        living.insert(at + 1, main, row)
        living.insert(at, main, row)

    def end_of_row(self) -> None:
        """Take away the columns that ended in the row just finished."""
        for thing in self.over:
            self.living.alive.remove(thing)
        self.over.clear()

    def _hand_out(self, item: int, thing: int) -> None:
        """Let a column hold what its new item made; further outputs get lanes beside it."""
        living = self.living
        first, past = living.first_made[item], living.first_made[item + 1]
        if first == past:
            living.held[thing], living.goes_on[thing] = -1, False
            self.over.append(thing)
            return
        below = self.ranks.below[item]
        main = self.ranks.above_tensor[below] if below >= 0 else living.makes[first]
        living.held[thing], living.goes_on[thing] = main, below >= 0
        living.copies[main] = [thing]
        if past > first + 1:
            made = living.makes[first:past]
            row = living.row[item] + 1
            left, right = sides(living, made, main, item in self.level.folded)
            for tensor in (*left, *right):
                living.copies[tensor] = []
            for tensor in left:
                living.insert(living.alive.index(thing), tensor, row)
            for tensor in reversed(right):
                living.insert(living.alive.index(thing) + 1, tensor, row)

    def _join(self, item: int, thing: int, main: int, seat: int) -> None:
        """Bring the inputs of an item to its column and let go on what is wanted further.

        ``seat`` is the copy of the main input beside which a new column begins, -1 where the
        column is that of the main input itself.
        """
        living = self.living
        alive, copies, left = living.alive, living.copies, living.left
        wanted, first = living.inputs(item), living.first_wanted[item]
        at, goes_on, mine = alive.index(thing), left[main] > 1, thing if seat < 0 else seat
        low = high = at
        picks: list[int] = []
        if len(wanted) > 1:
            first += wanted.index(main)
            low, high, picks = self._bring(item, wanted, main, at)
        self.ways[first], living.used[mine] = mine, True
        if seat < 0:
            copies[main].remove(thing)
        if high - low > 1:
            self._clear_way({thing, seat, *picks}, low, high)
        for tensor in wanted:
            left[tensor] -= 1
            if left[tensor] == 0:
                living.forget_copies(tensor, thing)
        if goes_on:
            self._go_on_beside(thing, main, seat, low < at, high > at)

    def _bring(
        self, item: int, wanted: list[int], main: int, at: int
    ) -> tuple[int, int, list[int]]:
        """Take every input but the main one from the copy that is reached best; from where to
        where all lie, and the copies."""
        living = self.living
        alive, copies, used = living.alive, living.copies, living.used
        goes_on = living.left[main] > 1
        low, high, picks = at, at, []
        for use, tensor in enumerate(wanted, living.first_wanted[item]):
            if tensor == main:
                continue
            copy = copies[tensor][0]
            place = alive.index(copy)
            if len(copies[tensor]) > 1 or not -2 < place - at < 2:
                crossed, copy = nearest_copy(living, item, wanted, tensor, at, goes_on)
                self.blocked += crossed
                place = alive.index(copy)
            self.ways[use], used[copy] = copy, True
            picks.append(copy)
            if place < low:
                low = place
            elif place > high:
                high = place
        return low, high, picks

    def _clear_way(self, mine: set[int], low: int, high: int) -> None:
        """Drop the copies that the edges to an item would cross, where others can do for them."""
        living = self.living
        inside = living.alive[low + 1 : high]
        for other in inside:
            tensor = living.held[other]
            if tensor < 0 or other in mine or living.goes_on[other]:
                continue
            if any(copy not in inside for copy in living.copies[tensor]):
                living.drop(other)

    def _go_on_beside(
        self, thing: int, main: int, seat: int, from_left: bool, from_right: bool
    ) -> None:
        """Leave the main input on those sides of its user where no other edge comes in."""
        living = self.living
        row = living.row[living.maker[main]] + 1
        if not from_right or from_left:
            living.insert(living.alive.index(thing) + 1, main, row)
        if seat < 0:
            if not from_left:
                living.insert(living.alive.index(thing), main, row)
        elif from_left and seat in living.copies[main] and not living.must_stay(seat):
            living.drop(seat)

    def result(self, column: Ints) -> Lanes:
        """Everything that was really used, in order; the items stand in these columns."""
        living, level, following = self.living, self.level, self.living.following
        position = [0] * len(following)
        thing, number = living.leftmost, 0
        while thing >= 0:
            position[thing] = number
            thing, number = following[thing], number + 1
        row, ways, last = self.ranks.row_column, ints(self.ways), nowhere(len(position))
        picked = (ways >= 0).nonzero()[0]
        np.maximum.at(last, ways[picked], row[living.uses.user[picked]] - 1)
        np.maximum.at(last, column, row)
        way = ways[living.uses.of_edge]
        own = (way < 0).nonzero()[0]
        way[own] = column[level.source[own]]
        lane = way.copy()
        lane[row[level.target] - row[level.source] <= 1] = -1
        return Lanes(ints(living.first), last, ints(position), column, way, lane, self.blocked)
