"""Where in the list of living things the next item is set, and which copy of an input it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from explorer.model.graph.living import Living

SHORT_SKIP = 4
"""Rows over which an edge may pass at the left even where docks make it wide."""

MANY_INPUTS = 48
"""An item with more inputs takes each from where it is, without looking for the best copy."""

MANY_ALIVE = 64
"""Where more things are alive, one that has no inputs is put at the right end, unasked."""

LOOK_AHEAD = 6
"""So many items of a new column are asked what else they will want, to begin it near that."""


def nearest_copy(
    living: Living, item: int, mine: Sequence[int], tensor: int, at: int, main_goes_on: bool
) -> tuple[int, int]:
    """The copy of one of the inputs ``mine`` of an item best reached from place ``at``: what that
    crosses, and the copy.

    Where several cross nothing more, a short edge whose target's main input goes on comes from the
    left, so that the right stays free; all others come from the right.
    """
    alive, copies = living.alive, living.copies[tensor]
    if len(mine) > MANY_INPUTS:
        return 0, copies[-1]
    if len(copies) == 1:
        return living.between(at, alive.index(copies[0]), mine), copies[0]
    short = living.row[item] - living.row[living.maker[tensor]] <= SHORT_SKIP
    wish_left = main_goes_on and short
    keys = []
    for copy in copies:
        place = alive.index(copy)
        wrong_side = (place < at) != wish_left
        unused = not living.used[copy]
        keys.append((living.between(at, place, mine), wrong_side, unused, abs(place - at), copy))
    best = min(keys)
    return best[0], best[-1]


def seat_of_head(living: Living, item: int) -> int:
    """The copy of the deepest input beside which a new column starts."""
    depth, maker, wanted = living.ranks.depth, living.maker, living.inputs(item)
    main = wanted[0]
    if len(wanted) > 1:
        main = max(wanted, key=lambda tensor: depth[maker[tensor]])
    copies = living.copies[main]
    if len(copies) == 1:
        return copies[0]
    others = [tensor for tensor in wanted if tensor != main]
    needs, index = _needs(living, item), living.alive.index
    places = [index(copy) for copy in copies]
    nesting = _nesting(living, item, needs, places)
    target = nesting.target
    ordered = living.level.exits > 0
    best: tuple[int, bool, int, int] | None = None
    for copy, at in zip(copies, places, strict=True):
        crossed = nesting.crossed(at) + (_out_of_order(living, item, at) if ordered else 0)
        for tensor in others:
            crossed += nearest_copy(living, item, wanted, tensor, at, False)[0]
        for tensor in needs:
            if best is not None and crossed > best[0]:
                break
            crossed += _to_nearest(living, tensor, at)
        key = (crossed, at < target, 0 if target < 0 else abs(at - target), copy)
        if best is None or key < best:
            best = key
    return copies[0] if best is None else best[-1]


def seat_of_start(living: Living, item: int) -> int:
    """A new column for an item without inputs, beside the column that it will join."""
    row, alive = living.row[item], living.alive
    unasked = not alive or item < living.level.entries or len(alive) > MANY_ALIVE
    if unasked or _place_of_join(living, living.join(item)) < 0:
        return living.insert(len(alive), -1, row)
    nesting = _nesting(living, item, [], range(len(alive)))
    target = nesting.target
    at = min((nesting.crossed(at), abs(at - target), -at, at) for at in range(len(alive)))[-1]
    return living.insert(at if at < target else at + 1, -1, row)


def sides(living: Living, made: list[int], main: int, free: bool) -> tuple[list[int], list[int]]:
    """What an item hands out left and right of its column, both from left to right.

    Outputs of an operation keep their order. Those of a group are ``free``: what is wanted first
    is near, what is wanted later lies outside, on both sides in turn.
    """
    if not free:
        return [t for t in made if t < main], [t for t in made if t > main]
    others = sorted((t for t in made if t != main), key=living.wanted_at.__getitem__)
    if len(others) == 1:
        return [], others
    return others[::2][::-1], others[1::2]


def _place_of_join(living: Living, join: int) -> int:
    """Where the column is that another one will join at the item ``join``; -1: not there."""
    column, above = living.column, living.ranks.above
    while join >= 0:
        thing = column[join]
        if thing >= 0:
            return living.alive.index(thing) if thing in living.alive else -1
        join = above[join]
    return -1


def _needs(living: Living, item: int) -> list[int]:
    """Living tensors that the next items of a column begun with ``item`` will want."""
    found = []
    below, copies, wanted, first = (
        living.ranks.below, living.copies, living.wanted, living.first_wanted,
    )  # fmt: skip
    for _ in range(LOOK_AHEAD):
        item = below[item]
        if item < 0:
            break
        for tensor in wanted[first[item] : first[item + 1]]:
            if copies[tensor]:
                found.append(tensor)
    return found


def _to_nearest(living: Living, tensor: int, at: int) -> int:
    """What an edge from the nearest copy of a tensor to a place would cross."""
    least = len(living.alive)
    for copy in living.copies[tensor]:
        least = min(least, living.between(at, living.alive.index(copy), (tensor,)))
        if least == 0:
            break
    return least


class _Nesting(NamedTuple):
    """What hinders a column on its way to the one at ``target`` (-1: there is none) that it will
    join. From place ``low`` on: how many things before each place live ``longer``, and how many
    want to get in ``sooner``."""

    target: int
    low: int = 0
    longer: Sequence[int] = ()
    sooner: Sequence[int] = ()

    def crossed(self, at: int) -> int:
        """What a column begun at a place will cross: things between the two that live longer,
        and things outside that want to get in earlier."""
        target, low, longer, sooner = self
        if target < 0 or at == target:
            return 0
        if at > target:
            inside = longer[at - low] - longer[target + 1 - low]
            return inside + sooner[-1] - sooner[at + 1 - low]
        return longer[target - low] - longer[at + 1 - low] + sooner[at - low]


def _nesting(living: Living, item: int, needs: list[int], places: Sequence[int]) -> _Nesting:
    """What hinders a column begun with ``item`` at one of some places; what it ``needs`` itself is
    none of that."""
    join = living.join(item)
    target = _place_of_join(living, join)
    if target < 0:
        return _Nesting(target)
    end = living.row[join]
    held, copies, column, maker = living.held, living.copies, living.column, living.maker
    goes_on, column_end = living.goes_on, living.column_end
    # Things on a side of the target where no place is are never asked for.
    low = 0 if min(places) < target else target + 1
    past = len(living.alive) if max(places) > target else target
    longer, sooner = [0], [0]
    long = soon = 0
    for thing in living.alive[low:past]:
        tensor, ends = held[thing], end
        if tensor >= 0 and (len(copies[tensor]) == 1 or goes_on[thing]):
            ends = column_end(thing) if column[maker[tensor]] == thing else living.end[tensor]
        if ends > end:
            long += 1
        elif ends < end and tensor not in needs:
            soon += 1
        longer.append(long)
        sooner.append(soon)
    return _Nesting(target, low, longer, sooner)


def _out_of_order(living: Living, item: int, at: int) -> int:
    """How many other exits will be on the wrong side if the exit that a column begun with ``item``
    leads to is reached from a place of the list."""
    level = living.level
    first = level.count - level.exits
    last = item
    while living.ranks.below[last] >= 0:
        last = living.ranks.below[last]
    last = last if last >= first else living.join(item)
    if last < first:
        return 0
    wrong = 0
    for other in range(first, level.count):
        places = _places_to_come(living, other)
        if places:
            wrong += other < last and min(places) > at
            wrong += other > last and max(places) < at
    return wrong


def _places_to_come(living: Living, item: int) -> list[int]:
    """Where the lanes or the column are from which an item will be reached."""
    column, alive = living.column, living.alive
    copies = [copy for tensor in living.inputs(item)[:1] for copy in living.copies[tensor]]
    if column[item] < 0 and copies:
        return [alive.index(copy) for copy in copies]
    while item >= 0 and column[item] < 0:
        above, wanted = living.ranks.above[item], living.inputs(item)
        if above < 0 and wanted:
            above = living.maker[wanted[0]]
        item = above
    thing = column[item] if item >= 0 else -1
    return [alive.index(thing)] if thing in alive else []
