"""The order, from left to right, of all columns and lanes of a picture.

One pass from the first row to the last holds a list of what is alive. An item is set where its
inputs are, so that the fewest living things lie between; a tensor that is wanted further may go
on at the left or at the right of its user, and which of the two is settled only when it is used.
A planar graph drawn in this way from a good start has no crossing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Ints
from explorer.model.graph.living import Living
from explorer.model.graph.ranks import Level, Ranks
from explorer.model.graph.seats import nearest_copy, seat_of_head, seat_of_start, sides


@dataclass(frozen=True)
class Lanes:
    """Columns and lanes, together *things*: first and last row, and their order from the left.

    ``column`` is the thing each item stands in. ``way`` has a row for each edge of the level: the
    thing by which it comes to its target; ``lane`` is the same, but -1 where the rows of the
    edge's ends are neighbours and it needs no lane. ``blocked`` estimates the crossings.
    """

    first: list[int]
    last: list[int]
    position: list[int]
    column: list[int]
    way: Ints
    lane: Ints
    blocked: int


def order_lanes(level: Level, ranks: Ranks) -> Lanes:
    """Put every column and every lane of a level into one order from left to right."""
    sweep = _Sweep(level, ranks)
    living, rows, above = sweep.living, ranks.row, ranks.above
    column, held, copies, made = living.column, living.held, living.copies, living.made
    passes = living.passes_on()
    row = 0
    for item in np.argsort(np.array(rows, np.int64), kind="stable").tolist():
        if rows[item] != row:
            row = rows[item]
            if sweep.over:
                sweep.end_of_row()
        if passes[item]:
            # The column goes straight on through the item.
            thing = column[item] = column[above[item]]
            copies[held[thing]] = []
            tensor = held[thing] = made[item][0]
            copies[tensor] = [thing]
        else:
            sweep.put(item)
    return sweep.result()


class _Sweep:
    """The pass over the rows; see the module's text."""

    def __init__(self, level: Level, ranks: Ranks) -> None:
        self.level, self.ranks = level, ranks
        self.living = Living(level, ranks)
        self.picked: dict[tuple[int, int], int] = {}
        self.over: list[int] = []
        self.blocked = 0

    def put(self, item: int) -> None:
        """Set the next item into the list of what is alive."""
        living = self.living
        wanted = living.inputs[item]
        above = self.ranks.above[item]
        if above >= 0:
            thing = living.column[above]
            main = self.ranks.above_tensor[item]
            if len(wanted) == 1 and living.left[main] == 1:
                living.left[main] = 0
                living.forget_copies(main, thing)
            else:
                self._join(item, thing, main, -1)
        elif wanted:
            seat = seat_of_head(living, item)
            main = living.held[seat]
            if living.column[living.maker[main]] == seat:
                thing = living.insert_after(seat, -1, living.row[item])
                self._join(item, thing, main, seat)
            else:
                # The new column goes straight on where the lane of its input came down.
                thing = seat
                self._join(item, thing, main, -1)
        else:
            thing = seat_of_start(living, item)
        living.column[item] = thing
        self._hand_out(item, thing)

    def end_of_row(self) -> None:
        """Take away the columns that ended in the row just finished."""
        for thing in self.over:
            self.living.alive.remove(thing)
        self.over.clear()

    def _hand_out(self, item: int, thing: int) -> None:
        """Let a column hold what its new item made; further outputs get lanes beside it."""
        living = self.living
        made = living.made[item]
        if not made:
            living.held[thing] = -1
            self.over.append(thing)
            return
        below = self.ranks.below[item]
        main = self.ranks.above_tensor[below] if below >= 0 else made[0]
        living.held[thing] = main
        living.copies[main] = [thing]
        if len(made) > 1:
            row = living.row[item] + 1
            left, right = sides(living, made, main, item in self.level.folded)
            for tensor in left:
                living.insert_before(thing, tensor, row)
            for tensor in reversed(right):
                living.insert_after(thing, tensor, row)

    def _join(self, item: int, thing: int, main: int, seat: int) -> None:
        """Bring the inputs of an item to its column and let go on what is wanted further.

        ``seat`` is the copy of the main input beside which a new column begins, -1 where the
        column is that of the main input itself.
        """
        living = self.living
        left, held, wanted = living.left, living.held, living.inputs[item]
        at, goes_on = living.place(thing), left[main] > 1
        picks = []
        for tensor in wanted:
            if tensor != main:
                crossed, copy = nearest_copy(living, item, tensor, at, goes_on)
                self.blocked += crossed
                picks.append(copy)
        places = [living.place(copy) for copy in picks]
        mine = thing if seat < 0 else seat
        self._use(item, main, mine)
        for copy in picks:
            self._use(item, held[copy], copy)
        if seat < 0:
            living.copies[main].remove(thing)
        if picks:
            self._clear_way({thing, seat, *picks}, [*places, at])
        for tensor in wanted:
            left[tensor] -= 1
            if left[tensor] == 0:
                living.forget_copies(tensor, thing)
        if goes_on:
            self._go_on_beside(thing, main, seat, [place - at for place in places])

    def _use(self, item: int, tensor: int, copy: int) -> None:
        """Note that an item takes an input from one of its copies."""
        self.picked[(item, tensor)] = copy
        until, used_until = self.living.row[item] - 1, self.living.used_until
        if until > used_until[copy]:
            used_until[copy] = until

    def _clear_way(self, mine: set[int], places: list[int]) -> None:
        """Drop the copies that the edges to an item would cross, where others can do for them."""
        living = self.living
        inside = living.alive[min(places) + 1 : max(places)]
        if not inside:
            return
        crossed = set(inside)
        for other in inside:
            tensor = living.held[other]
            if tensor < 0 or other in mine or living.goes_on(other):
                continue
            if any(copy not in crossed for copy in living.copies[tensor]):
                living.drop(other)

    def _go_on_beside(self, thing: int, main: int, seat: int, ways: list[int]) -> None:
        """Leave the main input on those sides of its user where no other edge comes in."""
        living = self.living
        row = living.row[living.maker[main]] + 1
        from_left = any(way < 0 for way in ways)
        from_right = any(way > 0 for way in ways)
        if not from_right or from_left:
            living.insert_after(thing, main, row)
        if seat < 0:
            if not from_left:
                living.insert_before(thing, main, row)
        elif from_left and seat in living.copies[main] and not living.must_stay(seat):
            living.drop(seat)

    def result(self) -> Lanes:
        """Everything that was really used, in order."""
        living, level = self.living, self.level
        position = [0] * len(living.held)
        thing, number = living.leftmost, 0
        while thing >= 0:
            position[thing] = number
            thing, number = living.following[thing], number + 1
        last = list(living.used_until)
        column = living.column
        for thing, row_of_item in zip(column, living.row, strict=True):
            if row_of_item > last[thing]:
                last[thing] = row_of_item
        row, picked = living.row, self.picked.get
        sources, targets, tensors = (
            level.source.tolist(),
            level.target.tolist(),
            level.tensor.tolist(),
        )
        ways = [
            picked((user, tensor), column[maker])
            for maker, user, tensor in zip(sources, targets, tensors, strict=True)
        ]
        lane = [
            -1 if row[user] - row[maker] <= 1 else way
            for maker, user, way in zip(sources, targets, ways, strict=True)
        ]
        both = np.array([ways, lane], np.int64)
        return Lanes(living.first, last, position, column, both[0], both[1], self.blocked)
