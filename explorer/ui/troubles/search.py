"""Looks for what goes wrong in a run, without being asked and without holding up the window."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

from explorer.model.troubles.cells import with_cells
from explorer.model.troubles.evidence import Trouble
from explorer.model.troubles.search import find_troubles
from explorer.ui.session import Run, Session
from explorer.ui.troubles.search_thread import SearchThread

EVERY_MS = 4000
"""How often a program that runs long is looked at."""
AFTER_END_MS = 250
"""First the panes show the end of the run."""
REST = 6
"""So many times as long as the last search took, the next one waits."""
LASTING = frozenset({"born", "overwritten", "freed", "added", "vanishing", "exploding"})
"""What more steps cannot take back; the others are told once the program has ended."""


class TroubleSearch(QObject):
    """Hands what it finds to the session."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run
        self._began = 0.0
        self._of_the_end = False
        self._thread = SearchThread(session, self)
        self._thread.found.connect(self._found)
        self._thread.failed.connect(self._failed)
        self._timer = QTimer(self, interval=EVERY_MS, singleShot=True)
        self._timer.timeout.connect(self._start)
        session.recording_changed.connect(self._recording_changed)
        session.run_changed.connect(self._run_changed)

    @property
    def busy(self) -> bool:
        """Whether it is looking, or about to look at a run that has ended."""
        about_to = self._timer.isActive() and not self._session.run.going
        return self._thread.busy or about_to

    def give_up(self) -> None:
        """Look no longer, until the next run."""
        self._timer.stop()
        self._thread.give_up()

    def _recording_changed(self) -> None:
        if self._session.run.going and not self._timer.isActive() and not self._thread.busy:
            self._timer.start()

    def _run_changed(self, run: Run) -> None:
        if run.serial != self._run.serial:
            self._timer.stop()
            self._timer.setInterval(EVERY_MS)
        self._run = run
        if run.state == "ended":
            self._timer.start(AFTER_END_MS)

    def _start(self) -> None:
        recording = self._session.recording
        if not len(recording):
            return
        self._timer.stop()
        self._began = time.monotonic()
        self._of_the_end = not self._session.run.going
        self._thread.start(with_cells(find_troubles(recording)))

    def _found(self, troubles: list[Trouble]) -> None:
        took = time.monotonic() - self._began
        self._timer.setInterval(max(EVERY_MS, round(1000 * REST * took)))
        if not self._of_the_end:
            troubles = [one for one in troubles if one.kind in LASTING]
        self._session.set_troubles(tuple(troubles))

    def _failed(self, error: Exception) -> None:
        """While the program runs the recording may grow under the search: it is tried again."""
        if self._of_the_end:
            raise error
