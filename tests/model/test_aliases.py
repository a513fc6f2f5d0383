"""Who saw a write, against comparing every tensor's numbers before and after each step."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.cli.worker_client import WorkerClient
from explorer.model.card import Card
from explorer.model.layout.aliases import Seen, write_sentence, writes_at
from explorer.model.layout.holders import Holders
from explorer.model.recording import Recording
from explorer.protocol.layout import ReadWrites, Writes
from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from tests.model.recorded import PROGRAMS, recorded


class Told:
    """A recorded program with the answers of its worker."""

    def __init__(self, recording: Recording, client: WorkerClient) -> None:
        self.recording = recording
        self.holders = Holders(recording)
        self.holders.follow()
        self._client = client

    def seen(self, step: int) -> list[Seen]:
        writes = writes_at(self.recording, self.holders, step)
        answer = self._client.ask(ReadWrites(tuple(write.look() for write in writes)))
        assert isinstance(answer, Writes)
        return [Seen(write, told) for write, told in zip(writes, answer.writes, strict=True)]

    def sentence(self, line: int, times: int = 0) -> str:
        """The sentence of a line's last or `times`-th run, counted from 1."""
        steps = self.recording.steps.runs_of_line(self.recording.steps.files[0], line)
        return write_sentence(self.seen(steps[times - 1]))

    def numbers(self, step: int, cards: dict[str, Card]) -> dict[str, object]:
        """Every number of the tensors as a step left them."""
        wanted = [
            NumbersOf(
                content.id if (content := self.recording.content(step, card.storage)) else 0,
                card.kind.dtype,
                card.kind.shape,
                card.kind.stride,
                card.kind.offset,
            )
            for card in cards.values()
        ]
        answer = self._client.ask(ReadNumbers(tuple(wanted), 1000))
        assert isinstance(answer, Numbers)
        return dict(zip(cards, answer.lists, strict=True))

    def cards(self, step: int) -> dict[str, Card]:
        """Every tensor of the step's frame by path, gradients included."""
        cards = self.recording.cards_at(step)
        for path, card in list(cards.items()):
            grad = self.recording.card(step, card.grad) if card.grad else None
            if grad is not None:
                cards[f"{path}.grad"] = grad
        return cards

    def changed_by_comparing(self, step: int) -> set[str]:
        """Paths of the tensors that were there before and hold other numbers after."""
        after = self.cards(step)
        old = {
            path: before
            for path, card in after.items()
            if (before := self.recording.card(step - 1, card.tensor)) is not None
            and before.kind == card.kind
            and before.storage == card.storage
        }
        if not old:
            return set()
        now, then = self.numbers(step, {p: after[p] for p in old}), self.numbers(step - 1, old)
        return {path for path in old if repr(now[path]) != repr(then[path])}


def names_that_changed(told: Told, step: int) -> set[str]:
    """What the alias model says of the names of the step's own frame."""
    here = told.recording.steps.frame_of(step)
    return {
        one.path
        for seen in told.seen(step)
        for one, cells in zip(seen.write.lookers, seen.written.cells, strict=True)
        if cells > 0 and one.frame == here
    }


@pytest.mark.parametrize("name", ["aliases/many_views.py", "aliases/gradients.py"])
def test_whoever_saw_a_write_is_named_and_nobody_else(name: str) -> None:
    with recorded(PROGRAMS / name) as (run, client):
        told = Told(run.recording, client)
        writes = 0
        for step in range(len(run.recording)):
            expected = told.changed_by_comparing(step)
            assert names_that_changed(told, step) == expected, run.recording.step(step)
            writes += bool(expected)
        assert writes >= 9


def test_sentences_say_what_was_written_and_who_saw_it() -> None:
    path = PROGRAMS / "aliases" / "many_views.py"
    lines = {code: at for at, code in enumerate(path.read_text().splitlines(), start=1)}
    with recorded(path) as (run, client):
        told = Told(run.recording, client)
        first = told.sentence(lines["x[0] = 100.0"])
        assert first.startswith("writes 1 cell, seen by ")
        assert "same" in first or "more" in first
        assert told.sentence(lines["apart[0] = 1.0"]) == "writes 1 cell"
        assert told.sentence(lines["raw.mul_(1.0)"]) in ("", "writes, but no number changes")
        assert told.sentence(lines["array[9] = 55.0"]).startswith("changes ")
        assert told.sentence(lines["    inner.fill_(11.0)"]).startswith("writes 2 cells, seen by ")
        assert told.sentence(lines["    argument[0] = 12.0"]).startswith("writes 1 cell")


def test_callers_are_told_of_too() -> None:
    path = PROGRAMS / "aliases" / "many_views.py"
    line = next(at for at, text in enumerate(path.read_text().splitlines(), 1) if "inner.f" in text)
    with recorded(path) as (run, client):
        told = Told(run.recording, client)
        step = run.recording.steps.runs_of_line(str(path), line)[0]
        seen = {name for one in told.seen(step) for name in one.seen_by}
        assert {"x", "same", "detached", "argument", "twin"} <= seen
        assert not {"apart", "inner"} & seen


def test_the_example_of_the_window(tmp_path: Path) -> None:
    program = tmp_path / "picture.py"
    program.write_text(
        "import torch as t\nx = t.ones(3, 4, requires_grad=True)\nd = x.detach().t()\nd[0] *= 10\n"
    )
    with recorded(program) as (run, client):
        assert Told(run.recording, client).sentence(4) == "writes 3 cells, seen by x"
