"""A tensor of billions of cells that lie in eight bytes is looked at without ever being made."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.recording import Recording
from explorer.protocol.layout import ReadWrites, WriteLook
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.values import (
    FindFirstBad,
    FindNumber,
    NumberBox,
    ReadBriefs,
    ReadStatistics,
    ReadSummary,
    ReadTile,
    Sight,
)

LONG = 10**9

PROGRAM = """
import resource
import torch
# Whoever makes the whole tensor fails here, and does not take the machine's memory.
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
x = torch.tensor([3.0, -4.0])
big = x.expand(10**9, 2)
x += 1
square = x[:1].expand(10**9, 10**9)
names = x.expand(10**9, 2).requires_grad_()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits its own memory")


@dataclass
class Seen:
    """The finished run, and the means to ask about it."""

    client: WorkerClient
    recording: Recording

    def source(self, name: str, step: int) -> NumbersOf:
        recording = self.recording
        tensor = recording.tensor_named(step, name)
        card, content = recording.card(step, tensor), recording.content_of(step, tensor)
        assert card is not None
        assert content is not None
        kind = card.kind
        return NumbersOf(content.id, kind.dtype, kind.shape, kind.stride, kind.offset)

    def ask(self, request: object) -> Any:
        return self.client.ask(request)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    path = tmp_path_factory.mktemp("stretched") / "program.py"
    path.write_text(PROGRAM)
    client = WorkerClient(sys.executable)
    try:
        run = run_recorded(client, StepsOptions(str(path)))
        assert run.end is not None
        assert run.end.how == "finished", run.end
        yield Seen(client, run.recording)
    finally:
        client.close()


def last(seen: Seen) -> int:
    return len(seen.recording) - 1


WHOLE = NumberBox((0, 0), (LONG, 2), (1, 1))


def test_first_numbers(seen: Seen) -> None:
    big, square = seen.source("big", last(seen)), seen.source("square", last(seen))
    assert seen.ask(ReadNumbers((big, square), 5)).lists == ([4.0, -3.0, 4.0, -3.0, 4.0], [4.0] * 5)


def test_tiles(seen: Seen) -> None:
    box = NumberBox((LONG - 3, 0), (3, 2), (1, 1))
    tile = seen.ask(ReadTile(Sight(seen.source("big", last(seen))), box))
    assert tile.shape == (3, 2)
    assert len(tile.tail) == 24


def test_statistics(seen: Seen) -> None:
    found = seen.ask(ReadStatistics(Sight(seen.source("big", last(seen))), WHOLE))
    assert (found.count, found.low, found.high, found.mean) == (2 * LONG, -3.0, 4.0, 0.5)
    assert found.zeros == found.nan == 0
    box = NumberBox((0, 0), (LONG, LONG), (1, 1))
    found = seen.ask(ReadStatistics(Sight(seen.source("square", last(seen))), box))
    assert (found.count, found.low, found.high) == (LONG**2, 4.0, 4.0)


def test_briefs_and_the_first_bad_one(seen: Seen) -> None:
    sources = tuple(seen.source(name, last(seen)) for name in ("big", "square", "names"))
    briefs = seen.ask(ReadBriefs(sources)).briefs
    assert [brief.count for brief in briefs] == [2 * LONG, LONG**2, 2 * LONG]
    assert [brief.high for brief in briefs] == [4.0, 4.0, 4.0]
    assert seen.ask(FindFirstBad(sources)).place == -1


@pytest.mark.parametrize("how", ["sample", "mean", "min", "max", "furthest"])
def test_pictures(seen: Seen, how: str) -> None:
    sight = Sight(seen.source("big", last(seen)))
    picture = seen.ask(ReadSummary(sight, WHOLE, 0, 1, (LONG // 500, 1), how))
    assert picture.shape == (1, 500, 2)


@pytest.mark.parametrize("what", ["max", "min", "nan", "zero", "range"])
def test_searches(seen: Seen, what: str) -> None:
    """What is nowhere is told without looking at each of the cells."""
    sight = Sight(seen.source("big", last(seen)))
    found = seen.ask(FindNumber(sight, WHOLE, what, low=100.0, high=200.0))
    expected = {"max": (0, 0), "min": (0, 1)}
    assert found.found == (what in expected)
    if found.found:
        assert found.index == expected[what]


def test_what_a_write_changed(seen: Seen) -> None:
    recording = seen.recording
    step = next(i for i in range(len(recording)) if recording.step(i).statement.code == "x += 1")
    after, before = seen.source("big", step), seen.source("big", step - 1)
    look = WriteLook(before.content, after.content, 8, 8, 4, (after, seen.source("x", step)))
    written = seen.ask(ReadWrites((look,))).writes[0]
    assert written.changed == 2
    assert written.cells == (2 * LONG, 2)


def test_differences(seen: Seen) -> None:
    recording = seen.recording
    step = next(i for i in range(len(recording)) if recording.step(i).statement.code == "x += 1")
    after, before = seen.source("big", step), seen.source("big", step - 1)
    found = seen.ask(ReadStatistics(Sight(after, against=before, how="absolute"), WHOLE))
    assert (found.count, found.low, found.high) == (2 * LONG, 1.0, 1.0)
