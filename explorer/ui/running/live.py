"""Live: the program runs again whenever its text has been changed and rests."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.ui.background import Background
from explorer.ui.panes.editor import EditorPane
from explorer.ui.session import Run, Session

REST_MS = 700
"""How long nobody has typed before it runs."""


class Live(QObject):
    """After each such run the line of the text cursor is looked at, as it ran last.

    A text that is no Python yet is not run, and nothing is said about it.
    """

    changed = Signal(bool)
    """Whether it is on."""

    def __init__(
        self, session: Session, editor: EditorPane, run: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.on = False
        self._session = session
        self._editor = editor
        self._run = run
        self._ran: tuple[str, str] | None = None  # file and text of the last run that it began
        self._awaited = False
        self._background = Background(self)
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._rests)
        editor.text_changed.connect(self._text_changed)
        session.run_changed.connect(self._run_changed)

    def live(self) -> None:
        """Turn it on, and run at once; or off."""
        self.on = not self.on
        self.changed.emit(self.on)
        self._ran = None
        if self.on:
            self._rests()
        else:
            self._rest.stop()

    def _text_changed(self) -> None:
        if self.on:
            self._rest.start()

    def _rests(self) -> None:
        text = self._editor.document.editor.text()
        asked = str(self._editor.document.run_path), text
        if text.strip() and asked != self._ran:
            self._background.run(partial(is_python, text), partial(self._looked, asked))

    def _looked(self, asked: tuple[str, str], is_one: Any) -> None:
        document = self._editor.document
        same = asked == (str(document.run_path), document.editor.text())
        if self.on and same and is_one is True:
            self._ran = asked
            self._awaited = True
            self._run()

    def _run_changed(self, run: Run) -> None:
        if self._awaited and run.state == "ended":
            self._awaited = False
            self._editor.look_at_caret_line()


def is_python(text: str) -> bool:
    """Whether a text could be run, as far as its grammar goes."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
