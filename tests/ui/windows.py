"""Whole windows over a folder of their own, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.main_window import MainWindow
from explorer.ui.settings import Settings
from explorer.ui.theme import appearance
from tests.warm_python import ready_python


class Windows:
    """Makes windows that share one settings file."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._qtbot = qtbot
        self._folder = folder
        self.made: list[MainWindow] = []

    def make(self, width: int = 1280, height: int = 720) -> MainWindow:
        """A window that is shown, with every pane that is seen."""
        settings = Settings(self._folder / "settings.ini")
        make_application(settings, "light")
        options = WindowOptions(python=ready_python())
        window = make_window(options, settings, self._folder / "data")
        window.resize(width, height)
        window.show()
        self._qtbot.waitUntil(lambda: window.docks.complete)
        self.made.append(window)
        return window


@contextmanager
def windows(qtbot: QtBot, folder: Path) -> Iterator[Windows]:
    """Each window is closed at the end without asking."""
    choice = appearance().choice
    made = Windows(qtbot, folder)
    try:
        yield made
    finally:
        for window in made.made:
            for document in window.editor.documents:
                document.editor.set_saved()
            window.close()
            window.deleteLater()
        appearance().choose(choice)
