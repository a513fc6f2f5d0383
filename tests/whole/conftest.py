"""A real window with a real worker, and the few gestures that every whole test needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.main_window import MainWindow
from explorer.ui.panes.output import OutputPane
from explorer.ui.panes.problems import ProblemsPane
from explorer.ui.panes.tensors import TensorsPane
from explorer.ui.settings import Settings
from explorer.ui.tensors.row import Column

READY_MS = 90_000
RUN_MS = 180_000


class Driver:
    """Drives one window as a person would, and reads what it shows."""

    def __init__(self, window: MainWindow, folder: Path, qtbot: QtBot) -> None:
        self.window = window
        self.session = window.session
        self.folder = folder
        self.qtbot = qtbot

    def wait_ready(self) -> None:
        """Until a spare worker is warm."""
        workers = self.window.workers
        self.qtbot.waitUntil(lambda: workers.is_ready or bool(workers.problem), timeout=READY_MS)
        assert not workers.problem, workers.problem

    def type(self, text: str, name: str = "program.py") -> Path:
        """A program of this text, saved and in front."""
        path = self.folder / name
        if not path.exists():
            path.write_text("", encoding="utf-8")
        assert self.window.editor.open(str(path))
        self.window.editor.document.editor.replace_text(text)
        assert self.window.editor.save(self.window.editor.document)
        return path

    def press_run(self) -> None:
        """Press Run, and wait until the program has begun."""
        self.wait_ready()
        serial = self.session.run.serial
        self.window.gestures["run"].trigger()
        self.qtbot.waitUntil(lambda: self.session.run.serial > serial, timeout=RUN_MS)

    def run(self, text: str, name: str = "program.py") -> None:
        """Run a program of this text to its end."""
        self.type(text, name)
        self.press_run()
        self.wait_ended()

    def wait_ended(self) -> None:
        """Until the program is over, however it ends."""
        self.qtbot.waitUntil(lambda: not self.session.run.going, timeout=RUN_MS)
        self.settle()

    def settle(self) -> None:
        """Until the window waits for no answer."""
        self.qtbot.wait(30)
        docks = self.window.docks
        self.qtbot.waitUntil(lambda: docks.complete and self.session.pending == 0, timeout=RUN_MS)

    def do(self, *gestures: str) -> str:
        """Gestures by their names; returns the label of the step they lead to."""
        for gesture in gestures:
            self.window.gestures[gesture].trigger()
        self.session.turns.finish()
        return self.label

    @property
    def label(self) -> str:
        """The step that is being looked at."""
        step = self.session.moment.step
        return self.session.recording.steps.label(step) if step >= 0 else ""

    @property
    def line(self) -> int:
        """The line that the editor marks; 0 for none."""
        mark = self.window.editor.document.editor.execution
        return mark.line if mark else 0

    def go(self, label: str) -> None:
        """Look at a step by its label."""
        self.window.stepper.look_at(self.session.recording.steps.index_of(label))
        self.settle()

    @property
    def output(self) -> str:
        """All that the output pane shows."""
        pane = self.window.docks.pane("output")
        assert isinstance(pane, OutputPane)
        return pane.text.toPlainText()

    @property
    def problems(self) -> list[str]:
        """What the problems pane lists."""
        pane = self.window.docks.pane("problems")
        assert isinstance(pane, ProblemsPane)
        return [problem.text for problem in pane.problems]

    @property
    def tensors(self) -> dict[str, dict[str, str]]:
        """Name -> column -> text of the tensors pane."""
        pane = self.window.docks.pane("tensors")
        assert isinstance(pane, TensorsPane)
        pane.grab()
        self.settle()
        table = pane.table
        return {
            table.name_at(row)[0]: {
                column.name.lower(): str(table.index(row, column).data()) for column in Column
            }
            for row in range(table.rowCount())
        }

    @property
    def notes(self) -> dict[int, str]:
        """Line -> what stands beside it in the editor."""
        notes = self.window.editor.document.editor.notes
        return {line: note.in_words() for line, note in notes.items()}


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path, python: str) -> Iterator[Driver]:
    """A window of the size of a small screen."""
    settings = Settings(tmp_path / "settings.ini")
    make_application(settings, "light")
    window = make_window(WindowOptions(python=python, remember=False), settings, tmp_path / "data")
    window.resize(1280, 720)
    window.show()
    yield Driver(window, tmp_path, qtbot)
    for document in window.editor.documents:
        document.editor.set_saved()
    window.close()
    window.deleteLater()
