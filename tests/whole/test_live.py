"""Live: the program runs again when its text has been changed and rests."""

from __future__ import annotations

from pathlib import Path

from tests.whole.conftest import Driver


def test_a_change_runs_the_program_again_and_shows_the_line(driver: Driver) -> None:
    path = driver.type("import torch\nx = torch.ones(2)\ny = x * 2\nz = y + 1\n")
    driver.wait_ready()
    driver.window.gestures["live"].trigger()
    assert driver.window.gestures["live"].isChecked()
    driver.qtbot.waitUntil(lambda: driver.session.run.state == "ended", timeout=60_000)
    serial = driver.session.run.serial
    editor = driver.window.editor.document.editor
    editor.set_caret(3, 4)
    driver.wait_ready()
    editor.replace_selection("30 + 0 * ")
    driver.qtbot.waitUntil(lambda: driver.session.run.serial > serial, timeout=60_000)
    driver.wait_ended()
    driver.settle()
    assert driver.session.recording.step(driver.session.moment.step).statement.line == 3
    assert driver.tensors["y"]["range"] == "30"
    assert "30 + 0 * x * 2" in Path(path).read_text(encoding="utf-8")
    no_python(driver)
    driver.window.gestures["live"].trigger()
    assert not driver.window.gestures["live"].isChecked()
    not_run_again(driver, "\n")


def no_python(driver: Driver) -> None:
    """A text that is no Python is not run, and nothing is said about it."""
    editor = driver.window.editor.document.editor
    editor.set_caret(4, 9)
    not_run_again(driver, " + (")
    assert not driver.window.editor.banner.isVisible()
    editor.undo()


def not_run_again(driver: Driver, typed: str) -> None:
    driver.wait_ready()
    serial = driver.session.run.serial
    driver.window.editor.document.editor.replace_selection(typed)
    driver.qtbot.wait(1500)
    assert driver.session.run.serial == serial
    assert not driver.window.runner.busy
