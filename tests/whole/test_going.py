"""What the window says of a program that waits, and of one that was stopped."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QTextEdit

from explorer.ui.panes.output import OutputPane
from explorer.ui.running import runner
from explorer.ui.theme import theme
from tests.whole.conftest import Driver

STOP_MS = 2000
"""Longer than usual, for a program to say on a busy machine that it has stopped."""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are ended by force later than usual."""
    monkeypatch.setattr(runner, "STOP_MS", STOP_MS)


def test_a_stopped_program_is_said_to_be_stopped_and_no_error(driver: Driver) -> None:
    driver.type("import time\nx = 0\nwhile True:\n    x += 1\n    time.sleep(0.01)\n")
    driver.press_run()
    driver.qtbot.waitUntil(lambda: len(driver.session.recording) > 10, timeout=20_000)
    driver.window.gestures["stop"].trigger()
    driver.wait_ended()
    driver.do("to_end")
    label = driver.window.toolbar.label
    assert "Stopped after" in label.text()
    assert "KeyboardInterrupt" not in label.text()
    assert label.role == "muted"
    execution = driver.window.editor.document.editor.execution
    assert execution is not None
    assert execution.role == "current"


def test_a_program_that_stops_behind_many_steps_is_not_ended_by_force(driver: Driver) -> None:
    driver.type("while True:\n    x = sum(range(500))\n")
    driver.press_run()
    driver.qtbot.waitUntil(lambda: len(driver.session.recording) > 10, timeout=20_000)
    time.sleep(1)  # the window is busy, and the steps wait
    driver.window.gestures["stop"].trigger()
    driver.qtbot.wait(20)
    time.sleep(STOP_MS / 1000 + 0.3)
    driver.wait_ended()
    assert (driver.session.run.state, driver.session.run.how) == ("ended", "stopped")
    notes = driver.window.editor.document.editor.notes
    assert "KeyboardInterrupt" in {note.text for note in notes.values()}


def test_a_program_that_waits_has_not_left_out_its_next_lines(driver: Driver) -> None:
    driver.type("x = 1\nname = input('who? ')\nif name == 'Bob':\n    y = 2\n")
    driver.press_run()
    driver.qtbot.waitUntil(lambda: driver.session.run.state == "waiting", timeout=20_000)
    driver.settle()
    notes = driver.window.editor.document.editor.notes
    assert (notes[3].text, notes[4].text) == ("not run yet", "not run yet")
    output = driver.window.docks.pane("output")
    assert isinstance(output, OutputPane)
    assert output.text.toPlainText().startswith("who? ")
    assert not any(is_faded(stretch) for stretch in output.text.extraSelections())
    driver.window.runner.give_input("Ann\n")
    driver.wait_ended()
    driver.settle()
    assert driver.window.editor.document.editor.notes[4].text == "did not run"


def is_faded(stretch: QTextEdit.ExtraSelection) -> bool:
    """Whether a stretch of the output looks like what was printed later."""
    words: QTextEdit.ExtraSelection = stretch
    return bool(words.format.foreground().color() == theme().faint)
