"""Long searches through a recording, in a thread that asks the worker through the session.

A search is a generator: it yields requests and is sent their answers. Between two requests it may
work as long as it likes; the UI thread only carries its questions, which are written out here:
they may name every step there is.
"""

from __future__ import annotations

import gc
import queue
import sys
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.autograd.rerun_requests import InFreshWorker
from explorer.protocol.running import Failed
from explorer.protocol.wire import written
from explorer.ui.session import Run, Session

ROUND_MS = 4
SWITCH_SECONDS = 0.0005
"""So soon the search hands Python back when the UI thread wants it."""

_USUAL = sys.getswitchinterval()
_GIVEN_UP = object()


@dataclass
class _Work:
    """One search and its two mailboxes."""

    search: Generator[object, Any, Any]
    sent: queue.SimpleQueue[tuple[str, Any]] = field(default_factory=queue.SimpleQueue)
    answers: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)

    def run(self) -> None:
        """Walk the search to its end; what it returns or raises is sent."""
        answer: Any = None
        try:
            while True:
                asked = self.search.send(answer)
                self.sent.put(
                    ("ask", asked if isinstance(asked, InFreshWorker) else written(asked))
                )
                answer = self.answers.get()
                if answer is _GIVEN_UP:
                    return
        except StopIteration as done:
            self.sent.put(("found", done.value))
        except Exception as err:
            self.sent.put(("failed", err))


class SearchThread(QObject):
    """One search at a time; another one takes the place of the one before."""

    found = Signal(object)
    """What the search returned."""
    failed = Signal(object)
    """The exception that it raised."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.fresh: Callable[[object, Callable[[Any], None]], None] | None = None
        """Asks a worker that has run no program, for searches that need one."""
        self._works: list[_Work] = []  # the one under way, if any
        self._asked = 0
        self._run = session.run.serial
        self._timer = QTimer(self, interval=ROUND_MS)
        self._timer.timeout.connect(self._look)
        session.run_changed.connect(self._run_changed)
        # A window that goes takes its searches along, whatever they wait for.
        self.destroyed.connect(partial(_let_go, self._works))

    @property
    def _work(self) -> _Work | None:
        return self._works[0] if self._works else None

    @property
    def busy(self) -> bool:
        """Whether a search is under way."""
        return self._work is not None

    def start(self, search: Generator[object, Any, Any]) -> None:
        """Begin a search; `found` or `failed` tells of its end."""
        self.give_up()
        work = _Work(search)
        self._works.append(work)
        gc.freeze()  # the collector would hold up everybody while it looks through a recording
        sys.setswitchinterval(min(SWITCH_SECONDS, _USUAL))
        self._timer.start()
        threading.Thread(target=work.run, name="search", daemon=True).start()

    def give_up(self) -> None:
        """Nobody wants to know any more."""
        if self._work is None:
            return
        _let_go(self._works)
        self._session.cancel(self._asked)
        self._over()

    def _run_changed(self, run: Run) -> None:
        if run.serial != self._run:  # what was asked of the last worker is never answered
            self._run = run.serial
            self.give_up()

    def _over(self) -> None:
        self._works.clear()
        self._timer.stop()
        sys.setswitchinterval(_USUAL)

    def _look(self) -> None:
        work = self._work
        if work is None or work.sent.empty():
            return
        what, sent = work.sent.get()
        if what == "ask" and isinstance(sent, InFreshWorker):
            if self.fresh is None:
                work.answers.put(Failed("There is no other worker to ask.", "gone"))
            else:
                self.fresh(sent.request, work.answers.put)
            return
        if what == "ask":
            self._asked = self._session.ask(sent, work.answers.put, owner=self)
            return
        self._over()
        (self.found if what == "found" else self.failed).emit(sent)


def _let_go(works: list[_Work]) -> None:
    """End searches at their next question."""
    for work in works:
        work.answers.put(_GIVEN_UP)
    works.clear()
