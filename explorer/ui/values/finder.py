"""Finds numbers, and the step that wrote a cell."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.model.values.view import ValuesView
from explorer.protocol.running import Failed
from explorer.protocol.values import (
    CellHistory,
    FindNumber,
    Found,
    NumberBox,
    ReadCellHistory,
)
from explorer.ui.asks import Asks
from explorer.ui.session import Session

WHAT_WORDS = {
    "nan": "NaN",
    "inf": "Inf",
    "zero": "zero",
    "nonzero": "number other than zero",
    "max": "largest number",
    "min": "smallest number",
    "range": "number in that range",
}


class ValuesFinder(QObject):
    """Asks the worker to search; what it finds becomes the moment."""

    index_found = Signal(object)
    """Index into the sight."""
    said = Signal(str)
    """What came of a search, in one sentence."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.asks = Asks(session, self)

    def find(
        self, view: ValuesView, what: str, span: tuple[float, float] = (0, 0), back: bool = False
    ) -> None:
        """Go to the next (or previous) number of a kind after the current cell."""
        if view.sight is None or view.plane is None or view.page is not None:
            self.said.emit("There are no numbers to search.")
            return
        dims = len(view.shape)
        box = NumberBox((0,) * dims, view.shape, (1,) * dims)
        after = view.plane.index_of(*view.cell) if view.cell is not None else ()
        request = FindNumber(view.sight, box, what, after, back, *span)
        self.asks.forget_all()
        self.asks.ask("find", request, lambda answer: self._found(what, answer))

    def _found(self, what: str, answer: Any) -> None:
        if isinstance(answer, Failed):
            self.said.emit(answer.sentence)
        elif isinstance(answer, Found) and answer.found:
            self.index_found.emit(answer.index)
            again = ", from the beginning again" if answer.wrapped else ""
            self.said.emit(f"Found at [{', '.join(map(str, answer.index))}]{again}.")
        else:
            self.said.emit(f"There is no {WHAT_WORDS[what]} in it.")

    def find_last_write(self, view: ValuesView) -> None:
        """Go to the step that last wrote the current cell."""
        moment, recording = self._session.moment, self._session.recording
        if view.card is None or view.sight is None or moment.cell is None:
            self.said.emit("Choose a cell first.")
            return
        rows = [
            (step, row[1])
            for step, row in recording.contents_history(view.card.storage)
            if step <= moment.step
        ]
        request = ReadCellHistory(
            view.sight.source, moment.cell, tuple(content for _, content in rows)
        )
        self.asks.ask("history", request, lambda answer: self._last_write(rows, answer))

    def _last_write(self, rows: list[tuple[int, int]], answer: Any) -> None:
        if isinstance(answer, Failed):
            self.said.emit(answer.sentence)
            return
        if not isinstance(answer, CellHistory) or not rows:
            return
        size = len(answer.tail) // len(rows)
        codes = [answer.tail[at * size : (at + 1) * size] for at in range(len(rows))]
        at = len(rows) - 1
        while at > 0 and answer.held[at - 1] and codes[at - 1] == codes[-1]:
            at -= 1
        step = rows[at][0]
        self._session.go(step)
        label = self._session.recording.step(step).label
        if at and not answer.held[at - 1]:
            self.said.emit(f"Written at step {label} or before: what stood there was not kept.")
        else:
            self.said.emit(f"Step {label} wrote it.")
