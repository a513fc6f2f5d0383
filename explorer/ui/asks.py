"""Questions to the worker, one per key: never asked twice, given up when nobody wants them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.protocol.running import Failed
from explorer.ui.session import Session

PATIENCE_MS = 100
"""After so long without an answer, waiting is shown."""

Take = Callable[[Any], None]


class Asks(QObject):
    """Keeps what is under way. A key is asked once until its answer or its failure is there."""

    waiting_changed = Signal(bool)
    """Whether some answer has been awaited for longer than `PATIENCE_MS`."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._numbers: dict[Hashable, int] = {}
        self._waiting = False
        self._timer = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._timer.timeout.connect(lambda: self._set_waiting(bool(self._numbers)))

    @property
    def waiting(self) -> bool:
        return self._waiting

    def under_way(self, key: Hashable) -> bool:
        """Whether the answer for a key is still to come."""
        return key in self._numbers

    def ask(self, key: Hashable, request: object, take: Take, fail: Take | None = None) -> None:
        """Ask, unless it is being asked; ``fail`` gets a `Failed`, else ``take`` does."""
        if key in self._numbers:
            return
        self._numbers[key] = 0
        number = self._session.ask(
            request,
            partial(self._answered, key, take),
            partial(self._answered, key, fail or take),
            self,
        )
        if key in self._numbers:  # not answered at once
            self._numbers[key] = number
            if not self._timer.isActive():
                self._timer.start()

    def keep_only(self, wanted: Callable[[Hashable], bool]) -> None:
        """Give up every question whose key is not wanted."""
        for key in [key for key in self._numbers if not wanted(key)]:
            self._session.cancel(self._numbers.pop(key))
        self._settle()

    def forget_all(self) -> None:
        """Give up everything; another run has begun or the user wants no answer."""
        self.keep_only(lambda key: False)

    def _answered(self, key: Hashable, take: Take, answer: Any) -> None:
        if self._numbers.pop(key, None) is None:
            return
        take(answer)
        self._settle()

    def _settle(self) -> None:
        if not self._numbers:
            self._timer.stop()
            self._set_waiting(False)
        elif self._waiting:
            self._timer.start()

    def _set_waiting(self, waiting: bool) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            self.waiting_changed.emit(waiting)


def is_failure(answer: object) -> bool:
    """Whether an answer says that there is none."""
    return isinstance(answer, Failed)
