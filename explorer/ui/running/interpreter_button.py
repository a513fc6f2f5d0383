"""The interpreter selector: which Python runs the programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from explorer.ui.background import Background
from explorer.ui.widgets.value_button import ValueButton

if TYPE_CHECKING:
    from explorer.model.interpreters.found import Interpreter
    from explorer.ui.running.workers import Workers


WIDEST = 900
"""Pixels of an entry; what is longer loses its middle, and its tip says it in full."""


class InterpreterButton(ValueButton):
    """A menu of the Pythons of this machine, filled as they answer; says that one is starting
    until it is told of the workers."""

    chosen = Signal(str)
    """Path of an interpreter."""
    copied = Signal(str)
    """A command that was put on the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Interpreter", parent)
        self._workers: Workers | None = None
        self.program: Callable[[], Path | None] = lambda: None
        """Tells the file in front: environments beside it are listed first."""
        self._background = Background(self)
        self._known: dict[str, Interpreter] = {}
        self._searching = False
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._opened)
        self.setMenu(menu)
        self.set_value("starting …")

    def listen_to(self, workers: Workers) -> None:
        """Name the interpreter of these workers."""
        self._workers = workers
        workers.changed.connect(self._workers_changed)
        self._workers_changed()

    @property
    def _python(self) -> str:
        return self._workers.python if self._workers is not None else ""

    def _workers_changed(self) -> None:
        workers = self._workers
        if workers is None:
            return
        if workers.problem:
            self.set_value("none that works")
        else:
            self.set_value(workers.title or "starting …")
        self.setToolTip(workers.problem or f"Programs run in {workers.python}")

    def _opened(self) -> None:
        self._fill()
        if not self._searching:
            from explorer.model.interpreters.places import candidates

            self._searching = True
            self._background.run(partial(candidates, self.program()), self._found)

    def _found(self, paths: Any) -> None:
        """Ask those that are new, and once more those that lacked something: it may be mended."""
        from explorer.model.interpreters.found import look_at, own_python

        if isinstance(paths, Exception):
            paths = []
        here = dict.fromkeys(str(path) for path in [self._python, own_python(), *paths] if path)
        self._known = {path: one for path, one in self._known.items() if path in here}
        for path in here:
            if path not in self._known or self._known[path].lacks:
                self._background.run(partial(look_at, path), self._looked)
        self._searching = False

    def _looked(self, found: Any) -> None:
        from explorer.model.interpreters.found import Interpreter

        if isinstance(found, Interpreter):
            self._known[found.path] = found
            self._fill()

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        ready = [found for found in self._known.values() if not found.lacks]
        others = [found for found in self._known.values() if found.lacks]
        if self._searching and not self._known:
            menu.addAction("Looking for interpreters …").setEnabled(False)
        for found in sorted(ready, key=_in_order):
            self._add(found)
        if others:
            menu.addSeparator()
            words = "Not ready yet; choosing one copies the command that mends it:"
            menu.addAction(words).setEnabled(False)
        for found in sorted(others, key=_in_order):
            self._add_lacking(found)
        menu.addSeparator()
        menu.addAction("Another one …").triggered.connect(self._ask_for_file)

    def _add(self, found: Interpreter) -> None:
        action = self._entry(found, found.path)
        action.setCheckable(True)
        action.setChecked(found.path == self._python)
        action.triggered.connect(lambda _=False, path=found.path: self.chosen.emit(path))

    def _add_lacking(self, found: Interpreter) -> None:
        action = self._entry(found, found.lacks)
        action.setEnabled(bool(found.mend))
        action.triggered.connect(partial(self._copy, found.mend))

    def _entry(self, found: Interpreter, tip: str) -> QAction:
        """A line of the menu, as long as a screen allows."""
        menu = self.menu()
        middle = Qt.TextElideMode.ElideMiddle
        words = menu.fontMetrics().elidedText(interpreter_words(found), middle, WIDEST)
        action = QAction(words.replace("&", "&&"), menu)
        action.setToolTip(tip)
        menu.addAction(action)
        return action

    def _copy(self, command: str, _: bool = False) -> None:
        """Put the command that mends an interpreter where a terminal can take it."""
        QGuiApplication.clipboard().setText(command)
        self.copied.emit(command)

    def _ask_for_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), "Choose a Python", "", "")
        if path:
            self.chosen.emit(path)


def interpreter_words(found: Interpreter) -> str:
    """``Python 3.11.7 · torch 2.13.0 · CPU · venv ~/work/.venv``, or what it lacks."""
    name = found.name or found.path
    if found.lacks.startswith(found.path):
        return f"{name}{found.lacks.removeprefix(found.path)}"
    if found.lacks:
        return found.lacks
    return f"Python {found.python} · torch {found.torch} · {found.devices} · {name}"


def _in_order(found: Interpreter) -> list[tuple[int, str]]:
    """By name, 3.9 before 3.10."""
    parts = re.split(r"(\d+)", interpreter_words(found))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
