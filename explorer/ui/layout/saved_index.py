"""What graphs keep for backward, found once the program rests, a little at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.memory.saved_lifetimes import SavedLifetimes
from explorer.model.recording import Recording
from explorer.protocol.saved import ReadSaved, Saved
from explorer.ui.layout.index import LayoutIndex
from explorer.ui.session import Session

SLICE_SECONDS = 0.004
"""Longest stretch of work at once; a frame has 16 ms."""


class SavedIndex(QObject):
    """One for a session, shared by all who ask `SavedIndex.of(session)`."""

    changed = Signal()
    """What is known is another now."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._index = LayoutIndex.of(session)
        self._asked: tuple[Recording, int] = (session.recording, 0)
        self._work: Iterator[None] = iter(())
        self._next: SavedLifetimes | None = None
        self.lifetimes: SavedLifetimes | None = None
        """None as long as it is not known."""
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self._index.grown.connect(self._look)
        session.recording_changed.connect(self._look)
        session.run_changed.connect(self._look)
        self._look()

    @staticmethod
    def of(session: Session) -> SavedIndex:
        """The index of a session, made when it is asked for the first time."""
        found = session.findChild(SavedIndex)
        return found if isinstance(found, SavedIndex) else SavedIndex(session)

    def _look(self) -> None:
        recording, run = self._session.recording, self._session.run
        if self._asked[0] is not recording:
            self._asked = (recording, 0)
            self._timer.stop()
            if self.lifetimes is not None:
                self.lifetimes = None
                self.changed.emit()
        rests = run.state in ("ended", "waiting")
        if rests and self._index.complete and self._asked[1] < len(recording):
            self._asked = (recording, len(recording))
            self._session.ask(ReadSaved(), partial(self._answered, recording), owner=self)

    def _answered(self, recording: Recording, answer: Any) -> None:
        if isinstance(answer, Saved) and recording is self._session.recording:
            self._next = SavedLifetimes(recording, self._index.memory, answer)
            self._work = self._next.work()
            self._timer.start()

    def _go_on(self) -> None:
        deadline = time.perf_counter() + SLICE_SECONDS
        for _ in self._work:
            if time.perf_counter() > deadline:
                self._timer.start()
                return
        self.lifetimes = self._next
        self.changed.emit()
