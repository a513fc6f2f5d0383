"""The tensors of each step's frame, followed from step to step: only what a step touched is looked
up again, so a step among ten thousand tensors costs what it changed."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from explorer.model.card import Card
from explorer.model.recording import Recording
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.recording import StepChange

FRAMES_HELD = 16
"""Frames that are followed at once; one that comes back after longer is looked up anew."""


@dataclass(frozen=True)
class Told:
    """A tensor at a step, with its gradient; ``content`` 0 when its numbers were not kept."""

    card: Card
    content: int
    nbytes: int
    grad: Told | None

    @property
    def numbers(self) -> NumbersOf:
        """Where its numbers are."""
        return self.card.numbers(self.content)

    def chain(self) -> Iterator[Told]:
        """Itself, its gradient, the gradient of that, and so on."""
        yield self
        if self.grad is not None:
            yield from self.grad.chain()


def told_at(
    recording: Recording, step: int, tensor: int, inside: frozenset[int] = frozenset()
) -> Told | None:
    """A tensor as it stands after a step; None when it was not there yet."""
    card = recording.card(step, tensor)
    if card is None:
        return None
    content = recording.content(step, card.storage)
    deeper = inside | {tensor}
    grad = None
    if card.grad and card.grad not in inside:
        grad = told_at(recording, step, card.grad, deeper)
    return Told(card, content.id if content else 0, content.nbytes if content else 0, grad)


@dataclass
class FrameNames:
    """What the names of one frame lead to, and what each of them depends on.

    A dependency is the id of a tensor, or of a storage with a minus before it.
    """

    frame: int
    told: dict[str, Told] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Of the one who prints: what was last printed of each name."""
    _paths: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _stale: dict[str, None] = field(default_factory=dict)

    def begin(self, names: dict[str, int]) -> None:
        """Everything is to be looked up."""
        self._stale = dict.fromkeys(names)

    def touch(self, change: StepChange, own: bool) -> None:
        """Remember what a step touched; ``own`` when the step is one of this frame."""
        if own:
            self._stale.update((path, None) for path, _ in change.names)
        for frame, path, _ in change.elsewhere:
            if frame == self.frame:
                self._stale[path] = None
        self._stale.update(dict.fromkeys(self._touched(change)))

    def _touched(self, change: StepChange) -> Iterator[str]:
        for row in change.cards:
            yield from self._paths.get(row[0], ())
        for row in change.contents:
            yield from self._paths.get(-row[0], ())

    def look_up(self, recording: Recording, step: int) -> dict[str, Told | None]:
        """The names that were touched since the last time, as they stand after ``step``."""
        seen: dict[int, Told | None] = {}
        found: dict[str, Told | None] = {}
        for path in self._stale:
            tensor = recording.tensor_named(step, path)
            if tensor not in seen:
                seen[tensor] = told_at(recording, step, tensor)
            found[path] = seen[tensor]
            self._note(path, found[path])
        self._stale = {}
        return found

    def _note(self, path: str, told: Told | None) -> None:
        before = self.told.pop(path, None) if told is None else self.told.get(path)
        for key in _depends_on(before):
            self._paths[key].discard(path)
            if not self._paths[key]:
                del self._paths[key]
        for key in _depends_on(told):
            self._paths[key].add(path)
        if told is not None:
            self.told[path] = told

    def changed(self, change: StepChange | None) -> list[str]:
        """Names whose tensor, card or numbers a step of this frame changed, sorted."""
        if change is None:
            return []
        tensors = {row[0] for row in change.cards}
        storages = {row[0] for row in change.contents}
        found = {path for path, tensor in change.names if tensor}
        for path in self._touched(change):
            told = self.told[path]
            touched = told.card.tensor in tensors or told.card.storage in storages
            if touched or (told.grad is not None and told.grad.card.storage in storages):
                found.add(path)
        return sorted(found)


def _depends_on(told: Told | None) -> Iterator[int]:
    for one in told.chain() if told is not None else ():
        yield one.card.tensor
        if one.card.storage:
            yield -one.card.storage


@dataclass(frozen=True)
class Followed:
    """A step, the names of its frame, and those of them that must be told anew."""

    step: int
    names: FrameNames
    anew: dict[str, Told | None]
    """None for a name that leads to no tensor any more."""
    changed: list[str]


class Follower:
    """Goes through the steps of a recording, one after the other from any one on."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._frames: OrderedDict[int, FrameNames] = OrderedDict()

    def follow(self, step: int) -> Followed:
        """The next step."""
        recording = self._recording
        change = recording.change(step)
        frame = recording.steps.frame_of(step)
        if change is not None:
            for names in self._frames.values():
                names.touch(change, names.frame == frame)
        names = self._names_of(frame, step)
        anew = names.look_up(recording, step)
        return Followed(step, names, anew, names.changed(change))

    def _names_of(self, frame: int, step: int) -> FrameNames:
        names = self._frames.get(frame)
        if names is None:
            names = self._frames[frame] = FrameNames(frame)
            names.begin(self._recording.names_in(frame, step))
            if len(self._frames) > FRAMES_HELD:
                self._frames.popitem(last=False)
        self._frames.move_to_end(frame)
        return names
