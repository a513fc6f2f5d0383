"""Keeps a warm worker ready, so that Run does not wait for the import of torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.interpreters.found import Interpreter, look_at
from explorer.protocol.running import ImportAhead
from explorer.ui.background import Background
from explorer.ui.running.worker_process import WorkerProcess

Answer = Callable[[Any], None]

SOON_MS = 500
MOST_LOST = 3
"""So many spares in a row that were ready and were ended by somebody are replaced."""


class Workers(QObject):
    """The spare worker and why there is none, if there is none."""

    changed = Signal()
    """The spare became ready, or could not be had, or another interpreter was chosen."""

    def __init__(self, python: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.python = python
        self.problem = ""
        self._spare: WorkerProcess | None = None
        self._lost = 0
        self._title = ""
        self._number = 0
        self._asked: dict[int, Answer] = {}
        self._imported: set[str] = set()
        self._background = Background(self)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.warm)

    @property
    def title(self) -> str:
        """``Python 3.11 · torch 2.13`` of the interpreter chosen; empty until it has answered."""
        return self._title

    @property
    def is_ready(self) -> bool:
        """Whether a program could run at once."""
        return self._spare is not None and self._spare.is_ready

    def choose(self, python: str) -> None:
        """Take another interpreter (by path) for all runs from now on."""
        self.python = python
        self._title = ""
        self._drop_spare()
        self.warm()

    def warm(self) -> None:
        """Start a spare, unless there is one."""
        self._soon.stop()
        if self._spare is not None:
            return
        self.problem = ""
        self._imported.clear()
        spare = WorkerProcess(self.python, self)
        self._spare = spare
        spare.ready.connect(self._spare_ready)
        spare.unfit.connect(self._spare_lost)
        spare.died.connect(self._spare_lost)
        spare.answered.connect(self._answered)
        self.changed.emit()

    def warm_soon(self) -> None:
        """Start a spare when the panes have shown what the last run came to: torch takes a
        processor for seconds to import."""
        self._soon.start()

    def ask(self, request: object, on_answer: Answer) -> bool:
        """Ask the spare something that needs no program; False when there is none to answer."""
        if self._spare is None or not self._spare.is_ready:
            return False
        self._number += 1
        self._asked[self._number] = on_answer
        return self._spare.send(request, self._number)

    def import_ahead(self, modules: Sequence[str]) -> None:
        """Let the spare import what the program to be run will; each module once."""
        new = tuple(name for name in modules if name not in self._imported)
        if new and self._spare is not None and self._spare.is_ready:
            self._imported.update(new)
            self._spare.send(ImportAhead(new))

    def _answered(self, answer: object, number: int) -> None:
        on_answer = self._asked.pop(number, None)
        if on_answer is not None:
            on_answer(answer)

    def take(self) -> WorkerProcess | None:
        """Give the spare away, if it is ready; whoever takes it must close it."""
        spare = self._spare
        if spare is None or not spare.is_ready:
            return None
        spare.ready.disconnect(self._spare_ready)
        spare.unfit.disconnect(self._spare_lost)
        spare.died.disconnect(self._spare_lost)
        spare.answered.disconnect(self._answered)
        self._asked.clear()
        self._spare = None
        self._lost = 0
        return spare

    def close(self) -> None:
        """End every worker that was made here and wait until their processes are gone."""
        self._soon.stop()
        self._drop_spare()
        made = self.findChildren(WorkerProcess)
        for worker in made:
            worker.close()
        for worker in made:
            worker.wait_closed(2000)

    def _drop_spare(self) -> None:
        self._asked.clear()
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def _spare_ready(self) -> None:
        if self._spare is not None:
            self._title = self._spare.title
        self.changed.emit()

    def _spare_lost(self, sentence: str) -> None:
        """Find out what the interpreter lacks, which says more than how its process ended."""
        python = self.python
        was_ready = self._spare is not None and self._spare.torch is not None
        self._drop_spare()
        if was_ready and self._lost < MOST_LOST:  # ended from outside: the interpreter is sound
            self._lost += 1
            self.changed.emit()
            self.warm_soon()
            return

        def looked(found: Any) -> None:
            if python == self.python and self._spare is None:
                lacks = found.lacks if isinstance(found, Interpreter) else ""
                self.problem = lacks or sentence
                self.changed.emit()

        self._background.run(lambda: look_at(python), looked)
