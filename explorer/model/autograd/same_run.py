"""Whether two recordings are of one computation: the same statements with the same results.

The statements and what they bound are compared as they come; what the tensors held is compared
by digests, which only the two workers can make.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model.recording import Recording
from explorer.protocol.recording import StepChange

AT_ONCE = 2_000
"""Steps compared in one go, a few milliseconds."""

MOST_CONTENTS = 4_000
MOST_BYTES = 1 << 29
"""Of what the steps before wrote, the newest so many contents and bytes are compared."""

Pair = tuple[int, int, int]
"""(step of the first recording, content id there, content id in the second)."""


class SameRun:
    """Compares two recordings step by step from the start to before step ``end``."""

    def __init__(self, first: Recording, second: Recording, end: int) -> None:
        self._first = first
        self._second = second
        self._end = end
        self._compared = 0
        self._same_kinds: set[tuple[int, int]] = set()

    @property
    def complete(self) -> bool:
        """Whether all steps before ``end`` were compared."""
        return self._compared >= self._end

    @property
    def caught_up(self) -> bool:
        """Whether all steps that the second has before ``end`` were compared."""
        return self._compared >= min(self._end, len(self._second))

    def advance(self) -> int:
        """Compare steps that both have, at most `AT_ONCE`; the first that differs, or -1."""
        last = min(self._end, len(self._second), self._compared + AT_ONCE)
        while self._compared < last:
            if not self._step_is_same(self._compared):
                return self._compared
            self._compared += 1
        return -1

    def _step_is_same(self, step: int) -> bool:
        one, other = self._first.steps, self._second.steps
        if one.frame_of(step) != other.frame_of(step) or one.is_node(step) != other.is_node(step):
            return False
        if one.is_node(step):
            mine, its = one.nodes[step], other.nodes[step]
            if (mine.name, mine.node, mine.leaf) != (its.name, its.node, its.leaf):
                return False
        elif one.statement_at(step) != other.statement_at(step):
            return False
        if (step in one.errors) != (step in other.errors):
            return False
        change, its_change = self._first.change(step), self._second.change(step)
        if change is None or its_change is None:
            return change is its_change
        return self._change_is_same(change, its_change)

    def _change_is_same(self, one: StepChange, other: StepChange) -> bool:
        if one.names != other.names or one.elsewhere != other.elsewhere:
            return False
        if len(one.cards) != len(other.cards) or len(one.contents) != len(other.contents):
            return False
        for row, its in zip(one.contents, other.contents, strict=True):
            if (row[0], row[2]) != (its[0], its[2]):
                return False
        for row, its in zip(one.cards, other.cards, strict=True):
            if (row[0], *row[2:]) != (its[0], *its[2:]) or not self._kind_is_same(row[1], its[1]):
                return False
        return True

    def _kind_is_same(self, one: int, other: int) -> bool:
        if (one, other) not in self._same_kinds:
            if self._first.kinds[one - 1] != self._second.kinds[other - 1]:
                return False
            self._same_kinds.add((one, other))
        return True


def pairs_before(first: Recording, second: Recording, end: int) -> list[Pair]:
    """What was written before step ``end``, newest first, in two recordings that are the same up
    to there; and what the names hold there, however long ago it was written."""
    found: dict[tuple[int, int], int] = {}
    for tensor in set(first.names_at(end - 1).values()):
        mine, its = first.content_of(end - 1, tensor), second.content_of(end - 1, tensor)
        if mine is not None and its is not None:
            found[mine.id, its.id] = mine.since
    held = 0
    for step in range(end - 1, -1, -1):
        one, other = first.change(step), second.change(step)
        for row, its_row in zip(
            one.contents if one else (), other.contents if other else (), strict=True
        ):
            found[row[1], its_row[1]] = step
            held += row[2]
        if len(found) > MOST_CONTENTS or held > MOST_BYTES:
            break
    return sorted((step, *pair) for pair, step in found.items() if all(pair))


def pairs_after(first: Recording, at: int, second: Recording, its: int) -> Iterator[Pair]:
    """What names and their gradients hold after a step, and after its like in the other."""
    mine, others = first.cards_at(at), second.cards_at(its)
    for path in mine.keys() & others.keys():
        for one, other in ((mine[path].tensor, others[path].tensor),) + (
            ((mine[path].grad, others[path].grad),) if mine[path].grad else ()
        ):
            held, its_held = first.content_of(at, one), second.content_of(its, other)
            if held is not None and its_held is not None and held.id and its_held.id:
                yield at, held.id, its_held.id
