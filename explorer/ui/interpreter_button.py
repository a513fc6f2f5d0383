"""The interpreter selector: which Python runs the programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from explorer.model.interpreters import Interpreter, candidates, look_at
from explorer.ui.background import Background
from explorer.ui.widgets.value_button import ValueButton
from explorer.ui.workers import Workers


class InterpreterButton(ValueButton):
    """A menu of the Pythons of this machine, filled as they answer."""

    chosen = Signal(str)
    """Path of an interpreter."""

    def __init__(self, workers: Workers, parent: QWidget | None = None) -> None:
        super().__init__("Interpreter", parent)
        self._workers = workers
        self._background = Background(self)
        self._known: dict[str, Interpreter] = {}
        self._searching = False
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._opened)
        self.setMenu(menu)
        workers.changed.connect(self._workers_changed)
        self._workers_changed()

    def _workers_changed(self) -> None:
        workers = self._workers
        if workers.problem:
            self.set_value("none that works")
        else:
            self.set_value(workers.title or "starting …")
        self.setToolTip(workers.problem or f"Programs run in {workers.python}")

    def _opened(self) -> None:
        self._fill()
        if not self._searching:
            self._searching = True
            self._background.run(candidates, self._found)

    def _found(self, paths: Any) -> None:
        if isinstance(paths, Exception):
            paths = []
        for path in [Path(self._workers.python), *paths]:
            if str(path) not in self._known:
                self._background.run(partial(look_at, path), self._looked)
        self._searching = False

    def _looked(self, found: Any) -> None:
        if isinstance(found, Interpreter):
            self._known[found.path] = found
            self._fill()

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for found in sorted(self._known.values(), key=lambda one: (bool(one.lacks), one.path)):
            action = QAction(interpreter_words(found), menu, checkable=True)
            action.setEnabled(not found.lacks)
            action.setToolTip(found.lacks or found.path)
            action.setChecked(found.path == self._workers.python)
            action.triggered.connect(lambda _=False, path=found.path: self.chosen.emit(path))
            menu.addAction(action)
        if not self._known:
            menu.addAction("Looking for interpreters …").setEnabled(False)
        menu.addSeparator()
        menu.addAction("Another one …").triggered.connect(self._ask_for_file)

    def _ask_for_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), "Choose a Python", "", "")
        if path:
            self.chosen.emit(path)


def interpreter_words(found: Interpreter) -> str:
    """``Python 3.11.7 · torch 2.13.0 · ~/venv/bin/python``, or what it lacks."""
    if found.lacks:
        return found.lacks
    home = str(Path.home())
    path = f"~{found.path.removeprefix(home)}" if found.path.startswith(home) else found.path
    return f"Python {found.python} · torch {found.torch} · {path}"
