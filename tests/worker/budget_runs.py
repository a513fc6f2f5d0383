"""Runs a program in a real worker under given limits and asks for every number of every step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.cli.worker_client import WorkerClient
from explorer.model.card import Card
from explorer.model.recording import Recording
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.recording import ContentsDropped, FileMarked, MemoryHeld, StepsRecorded
from explorer.protocol.running import ProgramEnded, RunProgram
from tests.warm_python import ready_python

MEGA = 1 << 20
NO_LIMIT = 1 << 40
NO_DISK = -1
AT_ONCE = 4000


@dataclass
class Run:
    """A finished run whose worker still answers."""

    client: WorkerClient
    recording: Recording = field(default_factory=Recording)
    held: list[MemoryHeld] = field(default_factory=list)
    end: ProgramEnded | None = None

    def take(self, news: object) -> None:
        """Take one piece of news."""
        if isinstance(news, StepsRecorded):
            self.recording.steps_recorded(news)
        elif isinstance(news, FileMarked):
            self.recording.file_marked(news)
        elif isinstance(news, ContentsDropped):
            self.recording.contents_dropped(news)
        elif isinstance(news, MemoryHeld):
            self.held.append(news)
        elif isinstance(news, ProgramEnded):
            self.end = news

    @property
    def reasons(self) -> set[str]:
        """Why contents were dropped."""
        return set(self.recording.dropped.reasons)

    @property
    def spilled(self) -> int:
        """The most bytes that were on disk at a time."""
        return max(news.spilled for news in self.held)

    def values(self, count: int = 8) -> dict[tuple[int, str], Any]:
        """(step, path) -> the first numbers of every tensor, or the sentence in their place."""
        places: dict[tuple[int, str], NumbersOf] = {}
        for step in range(len(self.recording)):
            for path, card in self._cards(step):
                places[step, path] = self._source(step, card)
        wanted = list(dict.fromkeys(places.values()))
        numbers: dict[NumbersOf, Any] = {}
        for first in range(0, len(wanted), AT_ONCE):
            part = tuple(wanted[first : first + AT_ONCE])
            lists = self.client.ask(ReadNumbers(part, count)).lists
            numbers.update(zip(part, lists, strict=True))
        return {place: numbers[source] for place, source in places.items()}

    def uncertain(self) -> set[tuple[int, str]]:
        """(step, path) of the tensors that are said to have been changed unseen, perhaps."""
        found = set()
        for step in range(len(self.recording)):
            for path, card in self._cards(step):
                content = self.recording.content(step, card.storage)
                if content is not None and not content.certain:
                    found.add((step, path))
        return found

    def _cards(self, step: int) -> Iterator[tuple[str, Card]]:
        for path, card in self.recording.cards_at(step).items():
            yield path, card
            grad = self.recording.card(step, card.grad) if card.grad else None
            if grad is not None:
                yield f"{path}.grad", grad
        node = self.recording.steps.nodes.get(step)
        if node is not None:
            for place, tensor in enumerate((*node.grads_in, *node.grads_out)):
                grad = self.recording.card(step, tensor)
                if grad is not None:
                    yield f"gradient {place}", grad

    def _source(self, step: int, card: Card) -> NumbersOf:
        content = self.recording.content(step, card.storage)
        return card.numbers(content.id if content else 0)


@contextmanager
def recorded(
    program: str, folder: Path, budget: int, disk: int = 0, python: str = ""
) -> Iterator[Run]:
    """Run a program within a budget and room on disk (in bytes) to its end, in the shared warm
    Python if no other is given."""
    path = folder / "program.py"
    path.write_text(program)
    client = WorkerClient(python or ready_python())
    try:
        run = Run(client)
        client.ask(RunProgram(str(path), (), "", 0, budget, disk, own_input=True))
        while run.end is None:
            run.take(client.news())
        yield run
    finally:
        client.close()


def compared(tight: dict[Any, Any], free: dict[Any, Any]) -> tuple[int, int, list[str]]:
    """How many values are the same as those of a run without limits, how many are said not to be
    kept, and which are neither."""
    assert tight.keys() == free.keys()
    same = unkept = 0
    wrong = []
    for place, value in tight.items():
        if value == free[place]:
            same += 1
        elif isinstance(value, str):
            unkept += 1
        else:
            wrong.append(f"step {place[0]}: {place[1]} is {free[place]}, told {value}")
    return same, unkept, wrong
