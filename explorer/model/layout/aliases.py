"""Writes through time: which names on a storage saw what a step wrote into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.model.card import Content
from explorer.model.layout.holders import Holder, Holders
from explorer.model.layout.written_names import written_names
from explorer.model.recording import Recording
from explorer.protocol.layout import WriteLook, Written

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Write:
    """A storage that a step wrote into, and every name that looked into it before and after.

    `writers` are those of the names through which the statement's text says that it writes;
    none when the text does not tell, as with `optimizer.step()`.
    """

    step: int
    storage: int
    before: Content
    after: Content
    lookers: tuple[Holder, ...]
    writers: frozenset[str]

    @property
    def others(self) -> tuple[Holder, ...]:
        """Names that were not written through."""
        return tuple(one for one in self.lookers if one.title not in self.writers)

    def look(self) -> WriteLook:
        """What to ask the worker to learn what changed."""
        unit = self.lookers[0].card.kind.itemsize if self.lookers else 1
        return WriteLook(
            self.before.id,
            self.after.id,
            self.before.nbytes,
            self.after.nbytes,
            unit,
            tuple(one.card.numbers(0) for one in self.lookers),
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """A write and what the worker found: how many elements of each looker changed."""

    write: Write
    written: Written

    @property
    def cells(self) -> dict[str, int]:
        """Elements that changed, by the looker's title; -1 where the storage changed its size."""
        titles = (one.title for one in self.write.lookers)
        return dict(zip(titles, self.written.cells, strict=False))

    @property
    def seen_by(self) -> tuple[str, ...]:
        """Names not written through whose numbers changed all the same."""
        cells = self.cells
        return tuple(one.title for one in self.write.others if cells.get(one.title, 0))


def writes_at(recording: Recording, holders: Holders, step: int) -> list[Write]:
    """Every storage that existed before the step and was written during it."""
    change = recording.change(step)
    if change is None:
        return []
    code = recording.step(step).statement.code if not recording.steps.is_node(step) else ""
    found = []
    for row in change.contents:
        before, after = recording.content(step - 1, row[0]), recording.content(step, row[0])
        if before is None or after is None or before.id == after.id:
            continue
        lookers = tuple(
            one
            for one in holders.on_storage(step, row[0])
            if _was_there(recording, step, one) and one.card.kind.layout == "strided"
        )
        writers = _writers(code, lookers)
        found.append(Write(step, row[0], before, after, lookers, writers))
    return found


def is_write(recording: Recording, step: int) -> bool:
    """Whether a step wrote into a storage that existed before it."""
    change = recording.change(step)
    if change is None:
        return False
    before = (recording.content(step - 1, row[0]) for row in change.contents)
    return any(content is not None for content in before)


def _was_there(recording: Recording, step: int, holder: Holder) -> bool:
    before = recording.card(step - 1, holder.card.tensor)
    return before is not None and before.storage == holder.card.storage


def _writers(code: str, lookers: Sequence[Holder]) -> frozenset[str]:
    titles = {one.title for one in lookers}
    found = set()
    for path in written_names(code):
        while path and path not in titles:
            # `x[0][1] = 2` names an item of `x`, which is the tensor itself.
            path = path.rpartition("[")[0]
        if path:
            found.add(path)
    return frozenset(found)


def write_sentence(seen: Sequence[Seen]) -> str:
    """`writes 3 cells, seen by x`; empty for a step that wrote nothing.

    Memory that a program reaches through two storages (a NumPy array between two tensors) is
    written once: names of the other storage are counted among those who saw it.
    """
    known = [one for one in seen if one.write.lookers]
    if not known:
        return ""
    if any(one.written.sentence for one in known):
        others = [one.title for seen_one in known for one in seen_one.write.others]
        may = f"; {listed(others)} may have seen it" if others else ""
        return f"writes, how much was not kept{may}"
    if not any(one.written.changed for one in known):
        return "writes, but no number changes"
    others = list(dict.fromkeys(name for one in known for name in one.seen_by))
    through = [one for one in known if one.write.writers]
    if not through:
        return f"changes {listed(others)}" if others else "changes what no name looks at"
    cells = sum(_cells_written(one) for one in through)
    told = f"writes {cells:,} cell" + ("" if cells == 1 else "s")
    return f"{told}, seen by {listed(others)}" if others else told


def _cells_written(seen: Seen) -> int:
    """Elements that changed, counted in the tensor that was written through."""
    most = max(seen.cells.get(writer, 0) for writer in seen.write.writers)
    return most if most > 0 else seen.written.changed


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, c, d and 3 more`."""
    if len(names) > _MOST_NAMED:
        return ", ".join(names[:_MOST_NAMED]) + f" and {len(names) - _MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def last_write(recording: Recording, step: int, storage: int) -> int:
    """The step at which what a storage holds at `step` was written; -1 when it is not there."""
    content = recording.content(step, storage)
    return content.since if content is not None else -1
