"""The desk answers the urgent first, drops what is cancelled, and says why it cannot."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Failed
from explorer.protocol.values import (
    QUICK_BRIEFS,
    FindNumber,
    Found,
    ReadBriefs,
    ReadStatistics,
    ReadSummary,
    ReadTile,
    Sight,
    Statistics,
    Summary,
    Tile,
)
from explorer.worker.values import finding
from explorer.worker.values.desk import REQUESTS, Desk, rank_of
from explorer.worker.values.fields import whole
from tests.worker.random_tensors import SIGHT


class Office:
    """A desk over one tensor, and what it sent."""

    def __init__(self) -> None:
        self.tensor = torch.zeros(3)
        self.gate = threading.Event()
        self.gate.set()
        self.sent: queue.Queue[tuple[Any, int]] = queue.Queue()
        self.desk = Desk(self.tensor_of, lambda answer, number: self.sent.put((answer, number)))

    def tensor_of(self, source: NumbersOf) -> torch.Tensor:
        self.gate.wait(10)
        if source.content == 404:
            raise RuntimeError("internal error\nat a place")
        return self.tensor

    def answers(self, count: int) -> list[tuple[Any, int]]:
        return [self.sent.get(timeout=20) for _ in range(count)]


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.gate.set()
    made.desk.close()


def test_every_kind_of_request_is_answered(office: Office) -> None:
    office.tensor = torch.arange(12.0).view(3, 4)
    box = whole((3, 4))
    office.desk.take(ReadTile(SIGHT, box), 1)
    office.desk.take(ReadSummary(SIGHT, box, 0, 1, (2, 2), "mean"), 2)
    office.desk.take(ReadStatistics(SIGHT, box), 3)
    office.desk.take(FindNumber(SIGHT, box, "max"), 4)
    answers = {number: answer for answer, number in office.answers(4)}
    assert isinstance(answers[1], Tile)
    assert isinstance(answers[2], Summary)
    assert isinstance(answers[3], Statistics)
    assert answers[4] == Found(True, (2, 3))
    assert len(REQUESTS) == 9


def test_the_short_comes_before_the_long(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PIECE", 1)
    office.tensor = torch.zeros(3000)
    office.gate.clear()
    office.desk.take(FindNumber(SIGHT, whole((3000,)), "nan"), 1)
    office.desk.take(ReadTile(SIGHT, whole((3000,))), 2)
    office.gate.set()
    assert [number for _, number in office.answers(2)] == [2, 1]


def test_small_briefs_come_before_large_ones(office: Office) -> None:
    """Also when the large one is under way; and before statistics, which take long."""

    def sources(*sizes: int) -> tuple[NumbersOf, ...]:
        return tuple(NumbersOf(1, "float32", (size,), (1,), 0) for size in sizes)

    huge, many = QUICK_BRIEFS * 3, QUICK_BRIEFS * 2
    office.tensor = torch.zeros(4)
    office.gate.clear()
    office.desk.take(ReadBriefs(sources(huge)), 1)
    office.desk.take(ReadStatistics(SIGHT, whole((4,))), 2)
    office.desk.take(ReadBriefs(sources(many)), 3)
    office.desk.take(ReadBriefs(sources(7, 9)), 4)
    office.desk.take(ReadBriefs(sources(5)), 5)
    office.desk.take(ReadTile(SIGHT, whole((4,))), 6)
    office.gate.set()
    assert [number for _, number in office.answers(6)] == [6, 5, 4, 2, 3, 1]


def test_what_only_repeats_is_no_work() -> None:
    rows = NumbersOf(1, "float32", (1 << 40, 3), (0, 1), 0)
    assert rows.distinct == 3
    assert rank_of(ReadBriefs((rows,))) == (1, 3)
    assert rank_of(ReadBriefs((NumbersOf(1, "float32", (1 << 40, 3), (), 0, "sparse_coo"),)))[0] > 3
    assert NumbersOf(1, "float32", (), (), 0).distinct == 1


def test_cancelled_work_is_never_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PIECE", 1)
    office.tensor = torch.zeros(1).expand(100_000_000)
    office.desk.take(FindNumber(SIGHT, whole((100_000_000,)), "nan"), 1)
    office.desk.cancel(1)
    office.desk.cancel(77)
    office.desk.take(ReadTile(SIGHT, whole((100_000_000,))), 2)
    answer, number = office.answers(1)[0]
    assert number == 2
    assert isinstance(answer, Failed)
    assert answer.reason == "refused"


def test_failures_are_said(office: Office) -> None:
    office.desk.take(ReadTile(Sight(NumbersOf(404, "float32", (3,), (1,), 0)), whole((3,))), 1)
    office.desk.take(ReadTile(SIGHT, whole((4,))), 2)
    answers = {number: answer for answer, number in office.answers(2)}
    assert answers[1] == Failed("torch could not read these numbers: internal error", "failed")
    assert answers[2].reason == "refused"
