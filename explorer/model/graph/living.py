"""What is alive at one row of a picture, from left to right, while it is being ordered.

*Things* are columns, which hold the tensor that their last item made, and lanes, each a copy of a
tensor that is wanted further on. Things never change sides, so the order in which they are put
beside each other is one order of all that were ever alive.
"""

from __future__ import annotations

from functools import cached_property

from explorer.model.graph.ranks import Level, Ranks


class Living:
    """The list, and who makes and wants what.

    By item: ``inputs`` and ``made`` (tensors), ``column`` (the thing it stands in, -1: not yet).
    By tensor: ``maker`` (item), ``left`` (users still to come), ``copies`` (things that hold it).
    By thing: ``held`` (tensor, -1: none),
    ``first`` (row), ``used_until`` (row, -1: never used as a lane), ``following`` (the next thing
    in the order of all).
    """

    def __init__(self, level: Level, ranks: Ranks) -> None:
        self.level, self.ranks, self.row = level, ranks, ranks.row
        tensors = int(level.tensor.max(initial=-1)) + 1
        self.maker = [0] * tensors
        self.left = [0] * tensors
        self.copies: list[list[int]] = [[] for _ in range(tensors)]
        self.made: list[list[int]] = [[] for _ in range(level.count)]
        self.inputs: list[list[int]] = [[] for _ in range(level.count)]
        self.column = [-1] * level.count
        self.alive: list[int] = []
        self.held: list[int] = []
        self.first: list[int] = []
        self.used_until: list[int] = []
        self.following: list[int] = []
        self.leftmost = -1
        self._read_edges()

    def _read_edges(self) -> None:
        level, inputs, made, left = self.level, self.inputs, self.made, self.left
        user = [-1] * len(left)
        rows = zip(level.source.tolist(), level.target.tolist(), level.tensor.tolist(), strict=True)
        for source, target, tensor in rows:
            if user[tensor] == target:
                continue
            user[tensor] = target
            inputs[target].append(tensor)
            if left[tensor] == 0:
                self.maker[tensor] = source
                made[source].append(tensor)
            left[tensor] += 1
        for several in made:
            if len(several) > 1:
                several.sort()

    @cached_property
    def wanted_at(self) -> list[int]:
        """Of each tensor the first edge."""
        first = [0] * len(self.left)
        for number, tensor in reversed(list(enumerate(self.level.tensor.tolist()))):
            first[tensor] = number
        return first

    @cached_property
    def end(self) -> list[int]:
        """Of each tensor the row of its last user."""
        end = [0] * len(self.left)
        for target, wanted in enumerate(self.inputs):
            for tensor in wanted:
                end[tensor] = max(end[tensor], self.row[target])
        return end

    @cached_property
    def join(self) -> list[int]:
        """Of each item that at which its column ends by entering another, -1: none."""
        join = [-1] * self.level.count
        first_user = [-1] * len(self.left)
        for target in range(self.level.count - 1, -1, -1):
            for tensor in self.inputs[target]:
                first_user[tensor] = target
        for item in range(self.level.count - 1, -1, -1):
            below = self.ranks.below[item]
            if below >= 0:
                join[item] = join[below]
            elif self.made[item]:
                join[item] = first_user[self.made[item][0]]
        return join

    def passes_on(self) -> list[bool]:
        """For each item whether its column goes straight on through it, and that is all there is
        to do: most items use one tensor that nobody else wants and make one."""
        inputs, left = self.inputs, self.left
        return [
            above >= 0 and len(made) == 1 and len(inputs[item]) == 1 and left[inputs[item][0]] == 1
            for item, (above, made) in enumerate(zip(self.ranks.above, self.made, strict=True))
        ]

    def place(self, thing: int) -> int:
        """Where a thing stands in the list."""
        return self.alive.index(thing)

    def insert_after(self, other: int, tensor: int, row: int) -> int:
        """A new thing right of another (-1: left of all)."""
        thing = len(self.held)
        self.held.append(tensor)
        self.first.append(row)
        self.used_until.append(-1)
        if other < 0:
            self.following.append(self.leftmost)
            self.leftmost = thing
            self.alive.insert(0, thing)
        else:
            self.following.append(self.following[other])
            self.following[other] = thing
            self.alive.insert(self.alive.index(other) + 1, thing)
        if tensor >= 0:
            self.copies[tensor].append(thing)
        return thing

    def insert_before(self, other: int, tensor: int, row: int) -> int:
        """A new thing left of another."""
        place = self.alive.index(other)
        return self.insert_after(self.alive[place - 1] if place else -1, tensor, row)

    def forget_copies(self, tensor: int, but: int) -> None:
        """Nobody wants a tensor any more: its lanes end."""
        for thing in self.copies[tensor]:
            if thing != but:
                self.alive.remove(thing)
        self.copies[tensor] = []

    def drop(self, thing: int) -> None:
        """End one copy of a tensor."""
        self.copies[self.held[thing]].remove(thing)
        self.alive.remove(thing)

    def goes_on(self, thing: int) -> bool:
        """Whether a thing is a column in which another item will stand."""
        tensor = self.held[thing]
        if tensor < 0:
            return False
        maker = self.maker[tensor]
        below = self.ranks.below[maker]
        return (
            self.column[maker] == thing
            and below >= 0
            and self.column[below] < 0
            and self.ranks.above_tensor[below] == tensor
        )

    def must_stay(self, thing: int) -> bool:
        """Whether no other copy could do in the place of this thing."""
        tensor = self.held[thing]
        return tensor < 0 or len(self.copies[tensor]) == 1 or self.goes_on(thing)

    def between(self, one: int, other: int, mine: list[int]) -> int:
        """How many things between two places of the list an edge there would cross; of the
        tensors ``mine`` those that are wanted nowhere else do not count, they come along."""
        low, high = (one, other) if one < other else (other, one)
        if high - low < 2:
            return 0
        count = 0
        for thing in self.alive[low + 1 : high]:
            if self.must_stay(thing):
                tensor = self.held[thing]
                count += tensor < 0 or tensor not in mine or self.left[tensor] > 1
        return count

    def end_of(self, thing: int) -> int:
        """The row in which a thing will be gone."""
        tensor = self.held[thing]
        if tensor < 0:
            return -1
        if self.column[self.maker[tensor]] == thing:
            join = self.join[self.maker[tensor]]
            return self.row[join] if join >= 0 else self.end[tensor]
        return self.end[tensor]
