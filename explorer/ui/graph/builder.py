"""Makes pictures of graphs: small ones at once, large ones in a thread, never a late one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

Job = Callable[[], object]

AT_ONCE = 400
"""Nodes up to which a picture takes less than a frame."""


class _Answer(QObject):
    """Carries an answer out of a thread; it is made and dies on the UI thread."""

    ready = Signal(int, object)


class _Work(QRunnable):
    def __init__(self, number: int, job: Job, answer: _Answer) -> None:
        super().__init__()
        self._number, self._job, self._answer = number, job, answer

    def run(self) -> None:
        """Do the job; an exception is handed back as what it is."""
        try:
            made: object = self._job()
        except Exception as err:
            made = err
        self._answer.ready.emit(self._number, made)


class GraphBuilder(QObject):
    """One picture at a time: whoever asks for the next one gives up the one before."""

    built = Signal(object)
    failed = Signal(str)
    """One sentence."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number = 0
        self._busy = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._answer = _Answer(self)
        self._answer.ready.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether a picture is being made that is still wanted."""
        return self._busy == self._number and self._busy > 0

    def build(self, job: Job, size: int) -> None:
        """Make a picture of so many nodes; `built` or `failed` tells of it."""
        self._number += 1
        if size <= AT_ONCE:
            self._busy = 0
            try:
                made: object = job()
            except Exception as err:
                made = err
            self._deliver(made)
            return
        self._busy = self._number
        self._pool.clear()
        self._pool.start(_Work(self._number, job, self._answer))

    def give_up(self) -> None:
        """Nobody wants the picture any more."""
        self._number += 1
        self._busy = 0
        self._pool.clear()

    def _take(self, number: int, made: object) -> None:
        if number == self._number:
            self._busy = 0
            self._deliver(made)

    def _deliver(self, made: object) -> None:
        if isinstance(made, ValueError):
            self.failed.emit(str(made))
        elif isinstance(made, Exception):
            self.failed.emit(f"The graph could not be drawn: {made!r}.")
        else:
            self.built.emit(made)
