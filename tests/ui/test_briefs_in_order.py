"""Ranges of small tensors do not wait for that of a huge one, with a real worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import Brief, Briefs, ReadBriefs
from explorer.ui.panes.tensors import TensorsPane
from explorer.ui.session import Session
from explorer.ui.tensors.briefs import AT_ONCE, MOST_A_TURN, _groups
from explorer.ui.tensors.row import Column
from tests.ui.running import running

PROGRAM = """import torch
huge = torch.zeros(11000, 11000)
huge[-1, -1] = 3
middle = torch.arange(3_000_000.)
rows = [torch.arange(n + 2.) - n for n in range(40)]
"""


def answers_to(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many numbers the tensors had whose briefs came, in the order in which they came."""
    asked: dict[int, ReadBriefs] = {}
    came: list[int] = []
    ask, answered = session.ask, session.answered

    def asking(request: object, *others: Any, **more: Any) -> int:
        number = ask(request, *others, **more)
        if isinstance(request, ReadBriefs):
            asked[number] = request
        return number

    def answering(answer: object, number: int) -> None:
        if isinstance(answer, Briefs):
            came.extend(source.distinct for source in asked[number].sources)
        answered(answer, number)

    monkeypatch.setattr(session, "ask", asking)
    monkeypatch.setattr(session, "answered", answering)
    return came


def test_small_tensors_are_told_first(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are in view at once, the huge one uppermost."""
    with running(qtbot, tmp_path, PROGRAM) as session:
        came = answers_to(session, monkeypatch)
        pane = TensorsPane(session)
        qtbot.addWidget(pane)
        pane.resize(900, 1500)
        pane.show()
        session.look(Moment(len(session.recording) - 1))
        qtbot.waitUntil(lambda: len(came) == 42, timeout=60_000)
        assert sorted(came[:40]) == [n + 2 for n in range(40)]
        assert came[40:] == [3_000_000, 121_000_000]
        ranges = {
            pane.table.name_at(row)[0]: pane.table.told(row)[1][Column.RANGE]
            for row in range(pane.table.rowCount())
        }
        assert ranges["huge"] == "0 … 3"
        assert ranges["middle"] == "0 … 3e+06"
        assert ranges["rows[7]"] == "-7 … 1"


def test_what_is_asked_later_comes_in_between(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The huge tensor is being counted already when others are asked for."""
    with running(qtbot, tmp_path, PROGRAM) as session:
        step = len(session.recording) - 1
        recording = session.recording
        came: list[tuple[str, Brief]] = []

        def ask(name: str) -> None:
            source = recording.numbers_of(step, recording.tensor_named(step, name))
            assert source is not None
            session.ask(ReadBriefs((source,)), lambda told: came.append((name, told.briefs[0])))

        ask("huge")
        qtbot.wait(10)  # it is begun with at once, and takes a hundred times as long
        ask("middle")
        ask("rows[3]")
        qtbot.waitUntil(lambda: len(came) == 3, timeout=60_000)
        assert [name for name, _ in came] == ["rows[3]", "middle", "huge"]
        numbers = torch.arange(5.0) - 3
        brief = came[0][1]
        assert (brief.low, brief.high) == (numbers.min().item(), numbers.max().item())
        assert came[2][1].count == 121_000_000


def test_tensors_are_asked_for_in_groups_of_little_work() -> None:
    def key(content: int, size: int) -> Any:
        source = NumbersOf(content, "float32", (size,), (1,), 0)
        return tuple(vars(source).values())

    keys = [key(1, 5_000_000), *(key(2 + n, 10) for n in range(AT_ONCE + 1)), key(99, 900_000)]
    keys.append(key(100, 900_000))
    groups = [[one[0] for one in group] for group in _groups(keys)]
    assert [len(group) for group in groups] == [AT_ONCE, 2, 1, 1]
    assert groups[1:] == [[2 + AT_ONCE, 99], [100], [1]]
    assert MOST_A_TURN >= AT_ONCE
