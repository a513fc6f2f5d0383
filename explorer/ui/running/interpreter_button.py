"""The interpreter selector: which Python runs the programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from explorer.ui.background import Background
from explorer.ui.widgets.value_button import ValueButton

if TYPE_CHECKING:
    from explorer.model.interpreters.found import Interpreter
    from explorer.ui.running.workers import Workers


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
        from explorer.model.interpreters.found import look_at

        if isinstance(paths, Exception):
            paths = []
        own = [Path(self._python)] if self._python else []
        for path in [*own, *paths]:
            if str(path) not in self._known:
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
        for found in sorted(self._known.values(), key=lambda one: (bool(one.lacks), one.path)):
            action = QAction(interpreter_words(found), menu)
            if found.lacks:
                action.setEnabled(bool(found.mend))
                action.setToolTip(f"Copies the command: {found.mend}")
                action.triggered.connect(partial(self._copy, found.mend))
            else:
                action.setCheckable(True)
                action.setToolTip(found.path)
                action.setChecked(found.path == self._python)
                action.triggered.connect(lambda _=False, path=found.path: self.chosen.emit(path))
            menu.addAction(action)
        if not self._known:
            menu.addAction("Looking for interpreters …").setEnabled(False)
        menu.addSeparator()
        menu.addAction("Another one …").triggered.connect(self._ask_for_file)

    def _copy(self, command: str, _: bool = False) -> None:
        """Put the command that mends an interpreter where a terminal can take it."""
        QGuiApplication.clipboard().setText(command)
        self.copied.emit(command)

    def _ask_for_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), "Choose a Python", "", "")
        if path:
            self.chosen.emit(path)


def interpreter_words(found: Interpreter) -> str:
    """``Python 3.11.7 · torch 2.13.0 · CPU · ~/venv/bin/python``, or what it lacks."""
    if found.lacks:
        return found.lacks
    home = str(Path.home())
    path = f"~{found.path.removeprefix(home)}" if found.path.startswith(home) else found.path
    return f"Python {found.python} · torch {found.torch} · {found.devices} · {path}"
