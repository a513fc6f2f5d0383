"""The values of single numbers, asked of the worker a few at a time and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from explorer.ui.session import Session

if TYPE_CHECKING:
    from explorer.model.card import Card

Wanted = tuple[int, "Card"]
"""A step and a tensor of one element."""
_Key = tuple[int, str, int]


class ScalarValues(QObject):
    """What is not known yet is asked for; `arrived` tells that there is more to see."""

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._known: dict[_Key, str] = {}
        self._asked: set[_Key] = set()

    def of(self, wanted: list[Wanted]) -> dict[tuple[int, int], str]:
        """(step, tensor id) -> its value in words, for those that are known already."""
        if self._run != self._session.run.serial:
            self._run = self._session.run.serial
            self._known.clear()
            self._asked.clear()
        found, missing = {}, {}
        for step, card in wanted:
            content = self._session.recording.content(step, card.storage)
            if content is None or not content.id:
                continue
            key = (content.id, card.kind.dtype, card.kind.offset)
            if key in self._known:
                found[step, card.tensor] = self._known[key]
            elif key not in self._asked:
                missing[key] = card
        if missing:
            self._ask(missing)
        return found

    def _ask(self, missing: dict[_Key, Card]) -> None:
        from explorer.protocol.numbers import Numbers, ReadNumbers

        self._asked.update(missing)
        wanted = tuple(card.numbers(key[0]) for key, card in missing.items())
        keys = list(missing)

        def answered(answer: Any) -> None:
            if isinstance(answer, Numbers):
                for key, numbers in zip(keys, answer.lists, strict=True):
                    if isinstance(numbers, list) and numbers:
                        self._known[key] = number_words(numbers[0])
                self.arrived.emit()

        self._session.ask(ReadNumbers(wanted, 1), answered, owner=self)


def number_words(number: Any) -> str:
    """A number as it came in JSON, short: ``452.25``, ``nan``, ``1+2j``."""
    if isinstance(number, list) and len(number) == 2:
        real, imaginary = (number_words(part) for part in number)
        return f"{real}{'' if imaginary.startswith('-') else '+'}{imaginary}j"
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return str(number)
    return f"{number:.6g}" if isinstance(number, float) else str(number)
