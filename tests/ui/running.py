"""Real programs in real workers, for the tests of panes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.protocol.running import RunProgram
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.session import Session
from tests.warm_python import ready_python

START_MS = 120_000


@contextmanager
def running(
    qtbot: QtBot, folder: Path, text: str, budget: int = 0, disk: int = 0
) -> Iterator[Session]:
    """A session whose program, with this text, has ended; its worker serves until the end."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    session = Session()
    workers = Workers(ready_python())
    runner = Runner(session, workers)
    try:
        runner.run(RunProgram(str(path), budget=budget, disk=disk))
        qtbot.waitUntil(lambda: session.run.state in ("ended", "lost"), timeout=START_MS)
        assert session.run.state == "ended", session.run.sentence
        yield session
    finally:
        runner.close()
        workers.close()


def step_on(session: Session, line: int) -> int:
    """The last step of a line of the program."""
    (file,) = session.recording.steps.files.values()
    return session.recording.steps.runs_of_line(file, line)[-1]
