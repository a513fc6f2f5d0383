"""The main window without a run: its gestures, its docks, and what it keeps for the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.ui.actions import EDIT, FILE, GRADIENTS, HELP, RUN, STEP, VIEW
from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.help import keys_page
from explorer.ui.main_window import MainWindow
from explorer.ui.settings import Settings
from explorer.ui.theme import DARK, appearance, theme
from tests.warm_python import ready_python

GESTURES = (*FILE, *EDIT, *RUN, *STEP, *GRADIENTS, *VIEW, *HELP)
Maker = Callable[[], MainWindow]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Maker]:
    """Makes windows over one settings file; each is closed at the end."""
    made: list[MainWindow] = []
    choice = appearance().choice

    def maker() -> MainWindow:
        settings = Settings(tmp_path / "settings.ini")
        make_application(settings, "light")
        options = WindowOptions(python=ready_python())
        window = make_window(options, settings, tmp_path / "data")
        window.resize(1280, 720)
        window.show()
        qtbot.waitUntil(lambda: window.docks.complete)
        made.append(window)
        return window

    yield maker
    for window in made:
        for document in window.editor.documents:
            document.editor.set_saved()
        window.close()
        window.deleteLater()
    appearance().choose(choice)


def test_it_fits_a_small_screen(make: Maker) -> None:
    window = make()
    assert (window.width(), window.height()) == (1280, 720)
    assert not window.grab().isNull()


def test_every_gesture_has_keys_of_its_own_and_a_tip(make: Maker) -> None:
    window = make()
    keys = [key for gesture in GESTURES for key in gesture.keys]
    assert len(keys) == len(set(keys))
    for gesture in GESTURES:
        action = window.gestures[gesture.name]
        assert action.toolTip()
        assert [key.toString() for key in action.shortcuts()] == list(gesture.keys)
    page = keys_page()
    assert all(key in page for gesture in (*RUN, *STEP, *GRADIENTS) for key in gesture.keys)


def test_before_a_run_only_what_is_possible_is_offered(make: Maker) -> None:
    window = make()
    walks = ("stop", "forward", "back", "to_start", "to_end", "into_backward")
    for name in (*walks, "depends_on", "check_cell", "first_nan"):
        assert not window.gestures[name].isEnabled(), name
    assert window.gestures["run"].isEnabled()


def test_panes_are_closed_brought_back_and_where_they_were_at_the_next_start(make: Maker) -> None:
    window = make()
    window.docks["console"].close()
    window.docks["tensors"].setFloating(True)
    window.close()
    other = make()
    assert other.docks["console"].isHidden()
    assert other.docks["tensors"].isFloating()
    other.docks["console"].toggleViewAction().trigger()
    assert not other.docks["console"].isHidden()
    other.gestures["reset_layout"].trigger()
    assert not other.docks["tensors"].isFloating()


def test_open_files_zoom_and_theme_come_back(make: Maker, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    window = make()
    assert window.editor.open(str(path))
    window.gestures["zoom_in"].trigger()
    window.choose_theme("dark")
    assert theme() is DARK
    assert window.grab().toImage().pixelColor(640, 600) == DARK.background
    window.close()
    other = make()
    assert [document.name for document in other.editor.documents] == ["a.py"]
    assert other.editor.document.editor.zoom_level() == 1
    assert other.settings.theme == "dark"
    other.files.recent_menu.aboutToShow.emit()
    assert [action.text() for action in other.files.recent_menu.actions()] == [str(path)]


def test_the_title_names_the_program_and_marks_what_is_not_saved(
    make: Maker, tmp_path: Path
) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    window = make()
    window.editor.open(str(path))
    assert window.windowTitle() == "a.py[*] – Tensor Explorer"
    window.editor.document.editor.replace_selection("#")
    assert window.isWindowModified()


@pytest.mark.parametrize(
    ("answer", "closes"),
    [
        (QMessageBox.StandardButton.Cancel, False),
        (QMessageBox.StandardButton.Discard, True),
        (QMessageBox.StandardButton.Save, True),
    ],
)
def test_closing_asks_about_what_is_not_saved(
    make: Maker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: QMessageBox.StandardButton,
    closes: bool,
) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    window = make()
    window.editor.open(str(path))
    window.editor.document.editor.replace_selection("#")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    assert window.close() is closes
    saved = answer == QMessageBox.StandardButton.Save
    assert path.read_text() == ("#x = 1\n" if saved else "x = 1\n")


def test_a_sentence_stays_until_the_user_goes_on(make: Maker) -> None:
    window = make()
    window.session.note("No backward() runs from here on.")
    assert window.toolbar.label.text() == "No backward() runs from here on."
    assert window.toolbar.label.accessibleName() == "No backward() runs from here on."
    window.toolbar.end_note()
    assert window.toolbar.label.text() == ""


def test_arguments_with_an_open_quote_are_not_taken(make: Maker, qtbot: QtBot) -> None:
    window = make()
    window.runs.set_arguments("--epochs 3")
    with qtbot.waitSignal(window.session.noted):
        window.runs.set_arguments("'open")
    assert window.settings.arguments == "--epochs 3"


def test_a_panes_own_tabs_stand_in_its_title(make: Maker, qtbot: QtBot) -> None:
    window = make()
    window.resize(1600, 1000)
    window.gestures["reset_layout"].trigger()
    dock = window.docks["values"]
    head = dock.pane.head  # type: ignore[union-attr]
    assert isinstance(head, QWidget)
    qtbot.waitUntil(lambda: head.parentWidget() is dock.titleBarWidget())
    dock.setFloating(True)
    qtbot.wait(50)
    assert head.parentWidget() is dock.titleBarWidget()
    dock.setFloating(False)
    window.tabifyDockWidget(window.docks["tensors"], dock)
    qtbot.waitUntil(lambda: head.parentWidget() is dock.pane)


def test_it_is_never_larger_than_the_screen(make: Maker, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    window = make_window(WindowOptions(remember=False), settings, tmp_path / "data")
    try:
        room = window.screen().availableSize()
        window.show()
        assert window.width() <= room.width()
        assert window.height() <= room.height()
        assert window.minimumWidth() <= room.width()
    finally:
        window.close()
        window.deleteLater()


def test_a_narrow_window_leaves_room_for_the_sentence(make: Maker, qtbot: QtBot) -> None:
    window = make()
    window.resize(1000, 640)
    qtbot.wait(20)
    names = [button.accessibleName() for button in window.toolbar.findChildren(QToolButton)]
    assert any(name.startswith("Back") for name in names)  # told, if not written
    narrow = window.device.width()
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: window.device.width() > narrow)
    assert window.device.accessibleName() == "Device: CPU"
