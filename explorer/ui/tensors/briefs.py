"""Range and histogram of many tensors, asked of the worker as they come into view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.card import Card
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Failed
from explorer.protocol.values import QUICK_BRIEFS, Brief, Briefs, ReadBriefs
from explorer.ui.session import Session

DELAY_MS = 25
"""A moment that is left again sooner costs the worker nothing."""
AT_ONCE = 32
"""Tensors in one request, if they have `QUICK_BRIEFS` numbers together at most; one that has more
is asked for alone."""
MOST_A_TURN = 512
"""Tensors asked for in one go: to write out more requests would take longer than a frame."""
MOST_KEPT = 50_000

_Key = tuple[int, str, tuple[int, ...], tuple[int, ...], int, str, tuple[str, ...]]
"""The fields of a `NumbersOf`."""


class BriefReader(QObject):
    """Remembers by content, never by step: what did not change is known at every step."""

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._step = session.moment.step
        self._known: dict[_Key, Brief] = {}
        self._wanted: dict[_Key, None] = {}
        self._asked: dict[int, list[_Key]] = {}
        self._waiting: set[_Key] = set()
        """All that is in ``_asked``."""
        self._timer = QTimer(self, interval=DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self._ask)
        session.moment_changed.connect(self._moment_changed)

    def of(self, step: int, card: Card) -> Brief | None:
        """What is known of a tensor's numbers at a step; None while it is being asked for."""
        if self._run != self._session.run.serial:
            self._forget()
        content = self._session.recording.content(step, card.storage)
        if content is None or not content.id:
            return Brief(sentence="Its numbers were not kept at this step.")
        dropped = self._session.recording.dropped.get(content.id)
        if dropped:
            return Brief(sentence=dropped)
        kind = card.kind
        key = (
            content.id,
            kind.dtype,
            kind.shape,
            kind.stride,
            kind.offset,
            kind.layout,
            kind.flags,
        )
        if key not in self._known and key not in self._waiting:
            self._wanted[key] = None
            self._timer.start()
        return self._known.get(key)

    def _forget(self) -> None:
        self._run = self._session.run.serial
        self._known.clear()
        self._wanted.clear()
        self._asked.clear()
        self._waiting.clear()

    def _moment_changed(self) -> None:
        """What was asked for another step and is still on its way is no longer wanted."""
        if self._session.moment.step != self._step:
            self._step = self._session.moment.step
            self._wanted.clear()
            for number in list(self._asked):
                self._session.cancel(number)
            self._asked.clear()
            self._waiting.clear()

    def _ask(self) -> None:
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        wanted = list(islice(self._wanted, MOST_A_TURN))
        for key in wanted:
            del self._wanted[key]
        for keys in _groups(wanted):
            self._ask_for(keys)
        if self._wanted:
            self._timer.start()

    def _ask_for(self, keys: list[_Key]) -> None:
        sources = tuple(NumbersOf(*key) for key in keys)
        number = 0

        def answered(answer: Any) -> None:
            if self._asked.pop(number, None) is not None:
                self._waiting.difference_update(keys)
            if isinstance(answer, Briefs):
                self._known.update(zip(keys, answer.briefs, strict=True))
            elif isinstance(answer, Failed):
                self._known.update((key, Brief(sentence=answer.sentence)) for key in keys)
            self.arrived.emit()

        number = self._session.ask(ReadBriefs(sources), answered, owner=self)
        if number:
            self._asked[number] = keys
            self._waiting.update(keys)


def _groups(keys: Iterable[_Key]) -> Iterator[list[_Key]]:
    """What to ask for together, of few numbers before of many."""
    group: list[_Key] = []
    together = 0
    sizes = {key: NumbersOf(*key).distinct for key in keys}
    for key, size in sorted(sizes.items(), key=itemgetter(1)):
        if group and (len(group) == AT_ONCE or together + size > QUICK_BRIEFS):
            yield group
            group, together = [], 0
        group.append(key)
        together += size
    if group:
        yield group
