"""Range and histogram of many tensors, asked of the worker as they come into view."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from explorer.model.card import Card
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.running import Failed
from explorer.protocol.values import Brief, Briefs, ReadBriefs
from explorer.ui.session import Session

DELAY_MS = 25
"""A moment that is left again sooner costs the worker nothing."""
AT_ONCE = 32
LARGE = 1 << 22
"""Elements from which a tensor is asked for alone, so that small ones need not wait for it."""
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
        self._wanted: dict[_Key, Card] = {}
        self._asked: dict[int, list[_Key]] = {}
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
        if key not in self._known and not self._is_asked(key):
            self._wanted[key] = card
            self._timer.start()
        return self._known.get(key)

    def _is_asked(self, key: _Key) -> bool:
        return any(key in keys for keys in self._asked.values())

    def _forget(self) -> None:
        self._run = self._session.run.serial
        self._known.clear()
        self._wanted.clear()
        self._asked.clear()

    def _moment_changed(self) -> None:
        """What was asked for another step and is still on its way is no longer wanted."""
        if self._session.moment.step != self._step:
            self._step = self._session.moment.step
            self._wanted.clear()
            for number in list(self._asked):
                self._session.cancel(number)
            self._asked.clear()

    def _ask(self) -> None:
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        wanted, self._wanted = self._wanted, {}
        small = [key for key, card in wanted.items() if card.numel < LARGE]
        groups = [small[start : start + AT_ONCE] for start in range(0, len(small), AT_ONCE)]
        groups += [[key] for key, card in wanted.items() if card.numel >= LARGE]
        for keys in groups:
            self._ask_for(keys)

    def _ask_for(self, keys: list[_Key]) -> None:
        sources = tuple(NumbersOf(*key) for key in keys)
        number = 0

        def answered(answer: Any) -> None:
            self._asked.pop(number, None)
            if isinstance(answer, Briefs):
                self._known.update(zip(keys, answer.briefs, strict=True))
            elif isinstance(answer, Failed):
                self._known.update((key, Brief(sentence=answer.sentence)) for key in keys)
            self.arrived.emit()

        number = self._session.ask(ReadBriefs(sources), answered, owner=self)
        if number:
            self._asked[number] = keys


def _key(content: int, card: Card) -> _Key:
    """What determines every number of a tensor."""
    kind = card.kind
    return (content, kind.dtype, kind.shape, kind.stride, kind.offset, kind.layout, kind.flags)
