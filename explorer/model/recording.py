"""A recording as the window holds it: what every name, card and storage was at every step."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict

from explorer.model.card import Card, Content
from explorer.model.history import History
from explorer.model.memory.dropped import Dropped
from explorer.model.steps import Step, StepTable
from explorer.model.training.optimizer_steps import OptimizerSteps
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.recording import (
    CardKind,
    ContentsDropped,
    FileMarked,
    Frame,
    MemoryHeld,
    ModesChanged,
    StepChange,
    StepsRecorded,
)

CardRow = tuple[int, ...]


class Recording:
    """All steps of one run, rebuilt from the news of the worker.

    Every question is answered by bisection, so a step far back costs what the last one costs.
    """

    def __init__(self) -> None:
        self.steps = StepTable()
        self.optimizer_steps = OptimizerSteps()
        self.kinds: list[CardKind] = []
        self.frames: dict[int, Frame] = {0: Frame(0, "<module>", 0, 0)}
        self.dropped = Dropped()
        self.memory: MemoryHeld | None = None
        """What the recording takes, as far as it has been told."""
        self.modes: History[ModesChanged] = History()
        """Default dtype and grad mode, by step."""
        self._names: defaultdict[int, dict[str, History[int]]] = defaultdict(dict)
        self._cards: dict[int, History[CardRow]] = {}
        self._contents: dict[int, History[CardRow]] = {}
        self._changes: dict[int, StepChange] = {}
        self._writes: array[int] = array("q")

    def __len__(self) -> int:
        return len(self.steps)

    def file_marked(self, news: FileMarked) -> None:
        """Take the statements of one more file."""
        self.steps.add_file(news.file, news.path, news.statements)

    def steps_recorded(self, news: StepsRecorded) -> None:
        """Take a batch of steps."""
        self.kinds.extend(news.kinds)
        self.frames.update((frame.id, frame) for frame in news.frames)
        self.steps.add(news)
        for change in news.every_change():
            self._take(change)

    def modes_changed(self, news: ModesChanged) -> None:
        """Remember the modes in force from a step on."""
        self.modes.add(news.step, news)

    def contents_dropped(self, news: ContentsDropped) -> None:
        """Remember why these contents can no longer be shown."""
        self.dropped.add(news.contents, news.reason)

    def memory_held(self, news: MemoryHeld) -> None:
        """Remember what the recording takes."""
        self.memory = news

    def _take(self, change: StepChange) -> None:
        step = change.step
        self._changes[step] = joined(self._changes.get(step), change)
        names = self._names[self.steps.frame_of(step)] if change.names else {}
        for path, tensor in change.names:
            names.setdefault(path, History()).add(step, tensor)
        for frame, path, tensor in change.elsewhere:
            self._names[frame].setdefault(path, History()).add(step, tensor)
        for row in change.cards:
            self._cards.setdefault(row[0], History()).add(step, row)
        for row in change.contents:
            self._contents.setdefault(row[0], History()).add(step, row)
            if row[1]:
                self.dropped.written(row[1], step)
        if change.contents and (not self._writes or self._writes[-1] != step):
            self._writes.append(step)

    def names_at(self, step: int) -> dict[str, int]:
        """Path -> tensor id for the names of the step's frame, as they stand after the step."""
        if not 0 <= step < len(self):
            return {}
        return self.names_in(self.steps.frame_of(step), step)

    def names_in(self, frame: int, step: int) -> dict[str, int]:
        """Path -> tensor id for the names of a frame, as they stand after a step."""
        found = {}
        for path, history in self._names.get(frame, {}).items():
            tensor = history.at(step)
            if tensor:
                found[path] = tensor
        return found

    def frames_with_names(self) -> list[int]:
        """Frames of which a name ever led to a tensor."""
        return [frame for frame, names in self._names.items() if names]

    def named_spans(self, frame: int) -> list[tuple[int, int]]:
        """(first step, step behind the last) of every stretch in which a name of a frame led to
        one tensor."""
        spans = []
        for history in self._names.get(frame, {}).values():
            rows = history.items()
            ends = [step for step, _ in rows[1:]] + [len(self)]
            pairs = zip(rows, ends, strict=True)
            spans += [(step, end) for (step, tensor), end in pairs if tensor]
        return spans

    def tensor_named(self, step: int, name: str) -> int:
        """Tensor id that ``name`` leads to at ``step``; 0 when there is none."""
        if not 0 <= step < len(self):
            return 0
        history = self._names.get(self.steps.frame_of(step), {}).get(name)
        return (history.at(step) or 0) if history else 0

    def card(self, step: int, tensor: int) -> Card | None:
        """The card of a tensor as it stands after ``step``; None when it was not there yet."""
        history = self._cards.get(tensor)
        row = history.at(step) if history else None
        if row is None:
            return None
        return Card(row[0], self.kinds[row[1] - 1], *row[2:7])

    def tensors(self) -> list[int]:
        """Ids of all tensors that were ever described."""
        return list(self._cards)

    def cards_at(self, step: int) -> dict[str, Card]:
        """Path -> card for every name of the step's frame."""
        pairs = ((path, self.card(step, tensor)) for path, tensor in self.names_at(step).items())
        return {path: card for path, card in pairs if card is not None}

    def content(self, step: int, storage: int) -> Content | None:
        """What a storage holds after ``step``; None when it was not there yet."""
        history = self._contents.get(storage)
        row = history.at(step) if history else None
        if history is None or row is None:
            return None
        return Content(row[0], row[1], row[2], row[3] == 0, history.since(step))

    def content_of(self, step: int, tensor: int) -> Content | None:
        """What the storage of a tensor holds after ``step``."""
        card = self.card(step, tensor)
        return self.content(step, card.storage) if card else None

    def numbers_of(self, step: int, tensor: int) -> NumbersOf | None:
        """Where the numbers of a tensor at a step are; None when they were not kept."""
        card, content = self.card(step, tensor), self.content_of(step, tensor)
        return card.numbers(content.id) if card is not None and content and content.id else None

    def contents_history(self, storage: int) -> list[tuple[int, CardRow]]:
        """Every (step index, content row) of a storage, in order."""
        history = self._contents.get(storage)
        return history.items() if history else []

    def cards_history(self, tensor: int) -> list[tuple[int, CardRow]]:
        """Every (step index, card row) of a tensor, in order."""
        history = self._cards.get(tensor)
        return history.items() if history else []

    def storages_at(self, step: int) -> list[int]:
        """Ids of all storages that some name of the step's frame leads to, in order."""
        return sorted({card.storage for card in self.cards_at(step).values() if card.storage})

    def change(self, step: int) -> StepChange | None:
        """What a step changed; None when it changed no tensor and no name."""
        return self._changes.get(step)

    def changed_paths(self, step: int) -> set[str]:
        """Names whose tensor, card or numbers this step changed."""
        change = self._changes.get(step)
        if change is None:
            return set()
        changed = {path for path, tensor in change.names if tensor}
        tensors = {row[0] for row in change.cards}
        storages = {row[0] for row in change.contents}
        for path, card in self.cards_at(step).items():
            grad = self.card(step, card.grad) if card.grad else None
            touched = card.tensor in tensors or card.storage in storages
            if touched or (grad is not None and grad.storage in storages):
                changed.add(path)
        return changed

    def writing_steps(self, first: int, last: int) -> list[int]:
        """Indices of the steps from ``first`` to ``last`` at which some storage changed."""
        low = bisect_left(self._writes, first)
        high = bisect_left(self._writes, last + 1)
        return list(self._writes[low:high])

    def names_of_tensor(self, step: int, tensor: int) -> list[str]:
        """Every path that leads to a tensor at ``step``, shortest first."""
        paths = [path for path, other in self.names_at(step).items() if other == tensor]
        return sorted(paths, key=lambda path: (len(path), path))

    def step(self, index: int) -> Step:
        """The step at an index.

        Raises:
            IndexError: when there is no such step.
        """
        return self.steps.step(index)


def joined(first: StepChange | None, second: StepChange) -> StepChange:
    """Two changes of one step as one; the second has the last word."""
    if first is None:
        return second
    return StepChange(
        second.step,
        first.names + second.names,
        first.cards + second.cards,
        first.contents + second.contents,
        first.elsewhere + second.elsewhere,
    )
