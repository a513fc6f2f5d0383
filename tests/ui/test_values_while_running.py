"""Looking at numbers while the program is at work: it computes, overwrites, resizes, lets go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.protocol.running import RunProgram
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.session import Session
from explorer.ui.values.heatmap_tab import HeatmapTab
from tests.ui.values_bench import Bench
from tests.warm_python import ready_python

START_MS = 120_000


@contextmanager
def begun(qtbot: QtBot, folder: Path, text: str) -> Iterator[tuple[Session, Runner]]:
    """A session whose program has begun and may still be going."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    session = Session()
    workers = Workers(ready_python())
    runner = Runner(session, workers)
    try:
        runner.run(RunProgram(str(path)))
        yield session, runner
    finally:
        runner.close()
        workers.close()


BUSY = """\
import torch
a = torch.arange(12.0).view(3, 4)
b = a * 2
input("go on?")
total = sum(range(200_000_000))
c = a + total
"""


def test_a_worker_busy_in_one_operation(qtbot: QtBot, tmp_path: Path) -> None:
    """`sum` holds the interpreter from its first number to its last: nothing can be answered."""
    with begun(qtbot, tmp_path, BUSY) as (session, runner):
        qtbot.waitUntil(lambda: session.run.state == "waiting", timeout=START_MS)
        bench = Bench(qtbot, session)
        session.look(Moment(2, name="b"))
        bench.until(2, 3, "22.0")
        runner.give_input("yes\n")
        qtbot.waitUntil(lambda: session.run.state == "running", timeout=20_000)
        qtbot.wait(300)
        session.look(Moment(1, name="a"))
        qtbot.waitUntil(lambda: "waiting" in bench.pane.foot.words.text().lower(), timeout=5_000)
        assert len(session.recording) <= 4, "the operation was over too soon to show anything"
        for _ in range(20):  # the window goes on: what is known already is shown at once
            session.look(Moment(2, name="b"))
            assert bench.text(2, 3) == "22.0"
            session.look(Moment(1, name="a"))
            qtbot.wait(10)
        assert len(session.recording) <= 4
        bench.until(2, 3, "11.0")
        # The numbers may be there before the statistics that were asked for with them.
        foot = bench.pane.foot.words
        qtbot.waitUntil(lambda: "waiting" not in foot.text().lower(), timeout=START_MS)
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=START_MS)


MINUTE = """\
import time
import torch
a = torch.arange(12.0).view(3, 4)
b = a * 2
began = time.perf_counter()
total = sum(range(10_000_000))
count = int(10_000_000 * 65 / (time.perf_counter() - began))
input("go on?")
began = time.perf_counter()
total = sum(range(count))
took = torch.tensor(time.perf_counter() - began)
"""


@pytest.mark.slow
def test_a_worker_busy_for_a_minute(qtbot: QtBot, tmp_path: Path) -> None:
    """What the window holds stays on show for as long as it takes, what it asked for comes."""
    with begun(qtbot, tmp_path, MINUTE) as (session, runner):
        qtbot.waitUntil(lambda: session.run.state == "waiting", timeout=START_MS)
        bench = Bench(qtbot, session)
        session.look(Moment(3, name="b"))
        bench.until(2, 3, "22.0")
        before = len(session.recording)
        runner.give_input("yes\n")
        qtbot.wait(500)
        session.look(Moment(2, name="a"))
        bench.qtbot.waitUntil(lambda: "waiting" in bench.pane.foot.words.text().lower())
        seconds = 0
        while len(session.recording) <= before + 2 and seconds < 300:
            session.look(Moment(3, name="b"))
            assert bench.text(2, 3) == "22.0"
            session.look(Moment(2, name="a"))
            bench.pane.repaint()
            qtbot.wait(1000)
            seconds += 1
        assert session.run.state in ("running", "ended"), "the window lost its worker"
        bench.until(2, 3, "11.0")
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=START_MS)
        session.look(Moment(len(session.recording) - 1, name="took"))
        qtbot.waitUntil(lambda: bench.pane.view.page is None, timeout=START_MS)
        assert seconds >= 40


CHANGING = """\
import torch
a = torch.arange(4_000_000.0).view(2000, 2000)
input("overwrite?")
a.mul_(-1)
a.resize_(10)
a.untyped_storage().resize_(0)
del a
input("end?")
"""


def test_a_tensor_that_changes_while_it_is_pictured(qtbot: QtBot, tmp_path: Path) -> None:
    with begun(qtbot, tmp_path, CHANGING) as (session, runner):
        qtbot.waitUntil(lambda: session.run.state == "waiting", timeout=START_MS)
        bench = Bench(qtbot, session)
        session.look(Moment(1, name="a"))
        bench.open(HeatmapTab)
        runner.give_input("yes\n")
        qtbot.waitUntil(lambda: len(session.recording) >= 7, timeout=START_MS)
        bench.until_said("4,000,000 numbers, from 0.0 to")
        bench.pane.tabs.setCurrentIndex(0)
        bench.pane.choose_index((1999, 1999))
        bench.until(1999, 1999, "3999999.0")
        session.look(Moment(3, name="a"))
        bench.pane.choose_index((1999, 1999))
        bench.until(1999, 1999, "-3999999.0")
        session.look(Moment(5, name="a"))
        qtbot.waitUntil(lambda: bench.pane.view.page is not None)
        assert bench.pane.view.page is not None and bench.pane.view.page.sentence
        runner.give_input("\n")
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=START_MS)
