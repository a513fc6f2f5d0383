"""Who looks into a storage at a step: every name, in every function under way, and gradients."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from explorer.model.card import Card
from explorer.model.history import History
from explorer.model.memory.frames_alive import frames_alive
from explorer.model.recording import Recording


@dataclass(frozen=True, slots=True)
class Holder:
    """A name that leads to a tensor. `function` is empty for names that the step itself sees."""

    path: str
    card: Card
    frame: int
    function: str = ""

    @property
    def title(self) -> str:
        """`x`, or `t in forward` for a name of a function that waits for this one."""
        return f"{self.path} in {self.function}" if self.function else self.path


class Holders:
    """An index over a recording: storage -> tensors -> names. Follows the recording as it grows."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._followed = 0
        self._bindings: dict[tuple[int, str], History[int]] = {}
        self._paths: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
        self._tensors: defaultdict[int, set[int]] = defaultdict(set)
        self._owners_of_grad: defaultdict[int, set[int]] = defaultdict(set)
        self._alive: tuple[int, set[int]] = (-1, set())

    @property
    def followed(self) -> int:
        """How many steps have been taken in."""
        return self._followed

    def follow(self, most: int | None = None) -> None:
        """Take the steps that were recorded since the last call, at most so many of them."""
        recording = self._recording
        stop = len(recording) if most is None else min(self._followed + most, len(recording))
        for step in range(self._followed, stop):
            change = recording.change(step)
            if change is None:
                continue
            frame = recording.steps.frame_of(step)
            here = [(frame, path, tensor) for path, tensor in change.names]
            for home, path, tensor in (*here, *change.elsewhere):
                self._bindings.setdefault((home, path), History()).add(step, tensor)
                if tensor:
                    self._paths[tensor].add((home, path))
            for row in change.cards:
                tensor, _, storage, _, _, grad, _ = row
                self._tensors[storage].add(tensor)
                if grad:
                    self._owners_of_grad[grad].add(tensor)
        self._followed = stop

    def on_storage(self, step: int, storage: int, most: int | None = None) -> list[Holder]:
        """Every name whose tensor lies on a storage at a step, names of the step's frame first.

        With `most`, the search ends when so many were found.
        """
        found: list[Holder] = []
        for tensor in sorted(self._tensors.get(storage, ())):
            if most is not None and len(found) >= most:
                break
            card = self._recording.card(step, tensor)
            if card is not None and card.storage == storage:
                found.extend(self._of_tensor(step, card))
        return sorted(found, key=lambda one: (one.function != "", one.card.tensor, one.path))

    def of_tensor(self, step: int, tensor: int) -> list[Holder]:
        """Every name that leads to a tensor at a step."""
        card = self._recording.card(step, tensor)
        return self._of_tensor(step, card) if card is not None else []

    def _of_tensor(self, step: int, card: Card) -> list[Holder]:
        named = self._named(step, card)
        for owner in self._owners_of_grad.get(card.tensor, ()):
            owner_card = self._recording.card(step, owner)
            if owner_card is not None and owner_card.grad == card.tensor:
                for one in self._named(step, owner_card):
                    named.append(Holder(f"{one.path}.grad", card, one.frame, one.function))
        return sorted(named, key=lambda one: (one.function != "", len(one.path), one.path))

    def _named(self, step: int, card: Card) -> list[Holder]:
        alive = self._frames_alive(step)
        here = self._recording.steps.frame_of(step) if 0 <= step < len(self._recording) else 0
        found = []
        for frame, path in self._paths.get(card.tensor, ()):
            if frame in alive and self._bindings[frame, path].at(step) == card.tensor:
                function = "" if frame in (here, 0) else self._recording.frames[frame].function
                found.append(Holder(path, card, frame, function))
        return found

    def _frames_alive(self, step: int) -> set[int]:
        if self._alive[0] != step:
            self._alive = (step, frames_alive(self._recording, step))
        return self._alive[1]
