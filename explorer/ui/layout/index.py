"""Who looks into which storage, kept up with the recording a little at a time."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.layout.holders import Holders
from explorer.model.memory.held import Memory
from explorer.ui.session import Session

SLICE_SECONDS = 0.004
"""Longest stretch of work at once; a frame has 16 ms."""
STEPS_AT_ONCE = 50


class LayoutIndex(QObject):
    """One for a session, shared by the panes that ask `LayoutIndex.of(session)`."""

    grown = Signal()
    """More steps are known, or another recording took the place of the old one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._recording = session.recording
        self.holders = Holders(self._recording)
        self.memory = Memory(self._recording)
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._follow)
        session.turns.on_recording(self._recording_changed)
        self._recording_changed()

    @staticmethod
    def of(session: Session) -> LayoutIndex:
        """The index of a session, made when it is asked for the first time."""
        found = session.findChild(LayoutIndex)
        return found if isinstance(found, LayoutIndex) else LayoutIndex(session)

    def knows(self, step: int) -> bool:
        """Whether a step has been taken in already."""
        return step < self.holders.followed

    @property
    def complete(self) -> bool:
        """Whether every step there is has been taken in."""
        total = len(self._session.recording)
        return self.holders.followed >= total and self.memory.followed >= total

    def _recording_changed(self) -> None:
        if self._recording is not self._session.recording:
            self._recording = self._session.recording
            self.holders = Holders(self._recording)
            self.memory = Memory(self._recording)
        if not self._timer.isActive():
            self._follow()

    def _follow(self) -> None:
        deadline = time.perf_counter() + SLICE_SECONDS
        total = len(self._recording)
        while self.holders.followed < total or self.memory.followed < total:
            self.holders.follow(STEPS_AT_ONCE)
            self.memory.follow(STEPS_AT_ONCE)
            if time.perf_counter() > deadline:
                self._timer.start()
                break
        self.grown.emit()
