"""Lessons open as programs of one's own, and every sight leads to a step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.model.lessons import Lesson, read_lessons, step_of
from explorer.ui.app import WindowOptions, make_window
from explorer.ui.resources import resource
from explorer.ui.session import Session
from explorer.ui.settings import Settings
from tests.ui.running import running
from tests.warm_python import ready_python

LESSONS = read_lessons(resource("lessons"))


def test_every_item_of_the_ground_has_a_lesson() -> None:
    assert [lesson.item for lesson in LESSONS] == list(range(22))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)
def test_every_sight_is_a_line_that_runs(qtbot: QtBot, tmp_path: Path, lesson: Lesson) -> None:
    with running(qtbot, tmp_path, lesson.text()) as session:
        missing = [one.at for one in lesson.sights if step_of(session.recording, one) is None]
        assert not missing


def test_a_lesson_is_opened_run_and_walked(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    options = WindowOptions("", ready_python(), "light", remember=False)
    window = make_window(options, settings, tmp_path)
    qtbot.addWidget(window)
    window.show()
    try:
        window.lessons.fill()
        action = next(one for one in window.lessons.actions() if one.text().startswith("13."))
        action.trigger()
        lesson = next(one for one in LESSONS if one.item == 13)
        assert window.editor.document.editor.text() == lesson.text()
        qtbot.waitUntil(lambda: window.workers.is_ready, timeout=120_000)
        window.runs.run()
        qtbot.waitUntil(lambda: window.session.run.state == "ended", timeout=60_000)
        pane = window.docks.pane("lesson")
        shown = pane.list  # type: ignore[attr-defined]
        shown.setFocus()
        shown.setCurrentRow(0)
        qtbot.keyClick(shown, Qt.Key.Key_Return)
        step = window.session.recording.step(window.session.moment.step)
        assert step.statement.code.startswith(lesson.sights[0].at)
    finally:
        window.editor.document.editor.set_saved()
        window.close()


def test_a_sight_that_has_not_run_is_said(qtbot: QtBot) -> None:
    from explorer.ui.panes.lesson import LessonPane

    session = Session()
    said: list[str] = []
    session.noted.connect(said.append)
    pane = LessonPane(session)
    qtbot.addWidget(pane)
    pane.show_lesson(LESSONS[0])
    pane.list.itemActivated.emit(pane.list.item(0))
    assert said == ["This line has not run yet; press Run first."]
