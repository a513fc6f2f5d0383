"""Lets the spare worker import what the program in front will need, before Run is pressed.

The first optimizer of a process imports torch's compiler, which takes as long as torch itself.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QTimer

from explorer.ui.panes.editor import EditorPane
from explorer.ui.running.workers import Workers

REST_MS = 600
"""How long nobody has typed before the text is looked at."""

COMPILER = "torch._dynamo"
WITH_COMPILER = re.compile(r"\boptim\b|\bcheckpoint\b|\btorch\.compile\b")
"""What a text that will import torch's compiler has in it."""


class Ahead(QObject):
    """Looks at the text when it rests, and again for each new spare."""

    def __init__(self, editor: EditorPane, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._workers = workers
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._look)
        for signal in (editor.text_changed, editor.document_changed, workers.changed):
            signal.connect(self._rest.start)

    def _look(self) -> None:
        if self._workers.is_ready and WITH_COMPILER.search(self._editor.document.editor.text()):
            self._workers.import_ahead((COMPILER,))
