"""What writes changed and who saw them, asked of the worker and remembered by step."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.model.layout.aliases import Seen, Write, writes_at
from explorer.protocol.layout import ReadWrites, Writes, Written
from explorer.protocol.running import Failed
from explorer.ui.layout.index import LayoutIndex
from explorer.ui.session import Session

AT_ONCE = 64
MOST_KEPT = 20_000


class WriteReader(QObject):
    """Answers at once with what it knows, and asks for the rest."""

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._index = LayoutIndex.of(session)
        self._run = session.run.serial
        self._known: dict[int, list[Seen] | None] = {}

    def seen(self, step: int) -> list[Seen] | None:
        """The writes of a step with what they changed; None while that is being asked for."""
        self.want([step])
        return self._known.get(step)

    def want(self, steps: list[int]) -> None:
        """Ask for several steps at once."""
        if self._run != self._session.run.serial:
            self._run = self._session.run.serial
            self._known.clear()
        new = [step for step in steps if step not in self._known and self._index.knows(step)]
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        for first in range(0, len(new), AT_ONCE):
            self._ask(new[first : first + AT_ONCE])

    def _ask(self, steps: list[int]) -> None:
        recording, holders = self._session.recording, self._index.holders
        found = {step: writes_at(recording, holders, step) for step in steps}
        writes = [write for step in steps for write in found[step]]
        self._known.update((step, [] if not found[step] else None) for step in steps)
        if not writes:
            return
        request = ReadWrites(tuple(write.look() for write in writes))
        self._session.ask(request, partial(self._answered, steps, writes), owner=self)

    def _answered(self, steps: list[int], writes: list[Write], answer: Any) -> None:
        told: dict[int, list[Seen]] = {step: [] for step in steps}
        if isinstance(answer, Writes):
            for write, written in zip(writes, answer.writes, strict=True):
                told[write.step].append(Seen(write, written))
        elif isinstance(answer, Failed):
            for write in writes:
                told[write.step].append(Seen(write, Written(0, (), False, (), answer.sentence)))
        self._known.update(told)
        self.arrived.emit()
