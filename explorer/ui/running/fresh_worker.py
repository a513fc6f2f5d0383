"""Questions that only a worker can answer that has run no program: asked of one taken for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from explorer.protocol.running import Failed
from explorer.ui.running.worker_process import WorkerProcess
from explorer.ui.running.workers import Workers

Answer = Callable[[Any], None]
NUMBER = 1


class FreshWorker(QObject):
    """One question at a time; its worker is closed when it has been answered."""

    def __init__(self, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._workers = workers
        self._worker: WorkerProcess | None = None
        self._waiting: tuple[object, Answer] | None = None
        workers.changed.connect(self._begin)

    def ask(self, request: object, on_answer: Answer) -> None:
        """Ask as soon as a worker is warm; `Failed` when none can be had."""
        self.give_up()
        self._waiting = request, on_answer
        self._workers.warm()
        self._begin()

    def give_up(self) -> None:
        """The answer is not wanted any more."""
        self._waiting = None
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            self._workers.warm()

    def _begin(self) -> None:
        if self._waiting is None or self._worker is not None:
            return
        request, on_answer = self._waiting
        if self._workers.problem:
            self._waiting = None
            on_answer(Failed(self._workers.problem, "gone"))
            return
        worker = self._workers.take()
        if worker is None:
            return
        self._worker = worker
        worker.answered.connect(lambda answer, number: self._answered(worker, answer, number))
        worker.died.connect(lambda said: self._answered(worker, Failed(said, "gone"), NUMBER))
        worker.send(request, NUMBER)

    def _answered(self, worker: WorkerProcess, answer: Any, number: int) -> None:
        if worker is not self._worker or number != NUMBER or self._waiting is None:
            return
        _, on_answer = self._waiting
        self.give_up()
        on_answer(answer)
