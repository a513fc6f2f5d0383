"""Where in the list of living things the next item is set, and which copy of an input it takes."""

from __future__ import annotations

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
    living: Living, item: int, tensor: int, at: int, main_goes_on: bool
) -> tuple[int, int]:
    """The copy of an input best reached from place ``at``: what that crosses, and the copy.

    Where several cross nothing more, a short edge whose target's main input goes on comes from the
    left, so that the right stays free; all others come from the right.
    """
    mine = living.inputs[item]
    copies = living.copies[tensor]
    if len(mine) > MANY_INPUTS:
        return 0, copies[-1]
    if len(copies) == 1:
        return living.between(at, living.place(copies[0]), mine), copies[0]
    short = living.row[item] - living.row[living.maker[tensor]] <= SHORT_SKIP
    wish_left = main_goes_on and short
    keys = []
    for copy in copies:
        place = living.place(copy)
        wrong_side = (place < at) != wish_left
        unused = living.used_until[copy] < 0
        keys.append((living.between(at, place, mine), wrong_side, unused, abs(place - at), copy))
    best = min(keys)
    return best[0], best[-1]


def seat_of_head(living: Living, item: int) -> int:
    """The copy of the deepest input beside which a new column starts."""
    depth = living.ranks.depth
    main = max(living.inputs[item], key=lambda tensor: depth[living.maker[tensor]])
    copies = living.copies[main]
    if len(copies) == 1:
        return copies[0]
    target = _place_of_join(living, item)
    needs = _needs(living, item)
    keys = []
    for copy in copies:
        at = living.place(copy)
        crossed = _nested(living, item, at, target, needs) + _out_of_order(living, item, at)
        for tensor in living.inputs[item]:
            if tensor != main:
                crossed += nearest_copy(living, item, tensor, at, False)[0]
        crossed += sum(_to_nearest(living, tensor, at) for tensor in needs)
        far = 0 if target < 0 else abs(at - target)
        keys.append((crossed, at < target, far, copy))
    return min(keys)[-1]


def seat_of_start(living: Living, item: int) -> int:
    """A new column for an item without inputs, beside the column that it will join."""
    row, alive = living.row[item], living.alive
    unasked = not alive or item < living.level.entries or len(alive) > MANY_ALIVE
    target = -1 if unasked else _place_of_join(living, item)
    if target < 0:
        return living.insert_after(alive[-1] if alive else -1, -1, row)
    at = min(
        (_nested(living, item, at, target, []), abs(at - target), -at, at)
        for at in range(len(living.alive))
    )[-1]
    if at < target:
        return living.insert_before(living.alive[at], -1, row)
    return living.insert_after(living.alive[at], -1, row)


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


def _place_of_join(living: Living, item: int) -> int:
    """Where the column is that the item's own column will join; -1: not there."""
    join = living.join[item]
    while join >= 0:
        thing = living.column[join]
        if thing >= 0:
            return living.place(thing) if thing in living.alive else -1
        join = living.ranks.above[join]
    return -1


def _needs(living: Living, item: int) -> list[int]:
    """Living tensors that the next items of a column begun with ``item`` will want."""
    found = []
    for _ in range(LOOK_AHEAD):
        item = living.ranks.below[item]
        if item < 0:
            break
        found += [tensor for tensor in living.inputs[item] if living.copies[tensor]]
    return found


def _to_nearest(living: Living, tensor: int, at: int) -> int:
    """What an edge from the nearest copy of a tensor to a place would cross."""
    places = [living.place(copy) for copy in living.copies[tensor]]
    return min(living.between(at, place, [tensor]) for place in places)


def _nested(living: Living, item: int, at: int, target: int, needs: list[int]) -> int:
    """What a column begun at a place will cross on its way to the column it joins: things between
    the two that live longer, and things outside that want to get in earlier."""
    if target < 0 or at == target:
        return 0
    end = living.row[living.join[item]]
    alive = living.alive
    inner = alive[min(at, target) + 1 : max(at, target)]
    outer = alive[at + 1 :] if at > target else alive[:at]
    crossed = sum(1 for thing in inner if living.must_stay(thing) and living.end_of(thing) > end)
    for thing in outer:
        tensor = living.held[thing]
        if tensor >= 0 and tensor not in needs and living.must_stay(thing):
            crossed += living.end_of(thing) < end
    return crossed


def _out_of_order(living: Living, item: int, at: int) -> int:
    """How many other exits will be on the wrong side if the exit that a column begun with ``item``
    leads to is reached from a place of the list."""
    level = living.level
    first = level.count - level.exits
    last = item
    while level.exits and living.ranks.below[last] >= 0:
        last = living.ranks.below[last]
    last = last if last >= first else living.join[item]
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
    alive = [copy for tensor in living.inputs[item][:1] for copy in living.copies[tensor]]
    if living.column[item] < 0 and alive:
        return [living.place(copy) for copy in alive]
    while item >= 0 and living.column[item] < 0:
        above = living.ranks.above[item]
        if above < 0 and living.inputs[item]:
            above = living.maker[living.inputs[item][0]]
        item = above
    thing = living.column[item] if item >= 0 else -1
    return [living.place(thing)] if thing in living.alive else []
