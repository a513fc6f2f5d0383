"""Operation: what the statement computed, its shapes lined up, and one cell worked out."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from explorer.model.autograd.flow import Source, numbers_of, sources
from explorer.model.autograd.worked_cell import worked
from explorer.model.card import Card
from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.shapes.alignment import align
from explorer.model.shapes.operation import Operation, operations
from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.running import Failed
from explorer.ui.session import Session
from explorer.ui.theme import mono_font
from explorer.ui.widgets.shape_table import ShapeTable

NUMBERS_AT_MOST = 64

EMPTY = (
    "Step to a statement that adds, multiplies, sums, compares or picks tensors by name: its "
    "shapes are lined up here. Choose a cell of its result to see which cells flow into it."
)


class OperationPane(QWidget):
    """Shows the operation of the statement looked at; a chosen cell is worked out."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = 0
        self.title = QLabel(self)
        self.title.setFont(mono_font(13, bold=True))
        self.shapes = ShapeTable(self)
        self.sentence = QLabel(self)
        self.cell = QLabel(self)
        self.cell.setFont(mono_font(12))
        for label in (self.title, self.sentence, self.cell):
            label.setWordWrap(True)
            label.setContentsMargins(12, 6, 12, 2)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(4)
        for widget in (self.title, self.shapes, self.sentence, self.cell):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName("Operation")
        self.empty = QLabel(EMPTY, self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 0, 24, 0)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(scroll)
        session.turns.on_moment(self._refresh)
        session.turns.on_recording(self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        if not self.isVisible():
            return
        self._session.cancel(self._asked)
        operation = operation_at(self._session.recording, self._session.moment.step)
        self._pages.setCurrentIndex(1 if operation else 0)
        if operation is None:
            return
        alignment = align(operation) if operation.kind != "index" else None
        self.title.setText(operation.text)
        self.shapes.set_alignment(alignment)
        self.sentence.setText(alignment.sentence if alignment else _picked_sentence(operation))
        self.cell.setText("")
        self._work_out(operation)

    def _work_out(self, operation: Operation) -> None:
        moment, recording = self._session.moment, self._session.recording
        if not operation.result or moment.name != operation.result or moment.cell is None:
            if operation.result:
                self.cell.setText(f"Choose a cell of {operation.result} to see what flows into it.")
            return
        flowing = sources(operation, moment.cell)
        if flowing is None:
            self.cell.setText("Which cell it came from depends on the numbers of the index.")
            return
        wanted = [_wanted(recording, moment.step, source) for source in flowing]
        result = _cell_wanted(recording, moment)
        if result is None or any(one is None for one in wanted):
            self.cell.setText(f"{moment.name}{list(moment.cell)} comes from {_texts(flowing)}.")
            return
        asked = [one for one in wanted if isinstance(one, NumbersOf)]
        self._asked = self._session.ask(
            ReadNumbers((*asked, result), NUMBERS_AT_MOST),
            partial(self._numbers_came, operation, flowing, moment),
            self._failed,
            self,
        )

    def _numbers_came(
        self, operation: Operation, flowing: tuple[Source, ...], moment: Moment, answer: Numbers
    ) -> None:
        lists = list(answer.lists)
        for one in lists:
            if isinstance(one, str):
                self.cell.setText(one)
                return
        value = lists.pop()[0]
        filled: list[list[Any]] = [
            lists.pop(0) if source.operand.path else [source.operand.text] for source in flowing
        ]
        at = f"[{', '.join(map(str, moment.cell))}]" if moment.cell else ""
        shown = f"{value:.6g}" if isinstance(value, float) else str(value)
        lines = worked(operation, flowing, filled, f"{moment.name}{at} = {shown}")
        self.cell.setText("\n".join(lines))

    def _failed(self, failed: Failed) -> None:
        self.cell.setText(failed.sentence)


def operation_at(recording: Recording, step: int) -> Operation | None:
    """The operation of a statement: the one that its name was bound to, else the innermost."""
    if not 0 <= step < len(recording) or recording.steps.is_node(step):
        return None
    before = _cards_before(recording, step)

    def shape_of(path: str) -> tuple[int, ...] | None:
        card = before.get(path)
        return card.kind.shape if card is not None else None

    found = operations(recording.step(step).statement.code, shape_of)
    named = [operation for operation in found if operation.result]
    return named[0] if named else (found[-1] if found else None)


def _cards_before(recording: Recording, step: int) -> dict[str, Card]:
    """Names as the statement found them: those of its frame before it ran."""
    cards = recording.cards_at(step)
    change = recording.change(step)
    fresh = {path for path, _ in change.names} if change else set()
    frame = recording.steps.frame_of(step)
    earlier = step - 1
    while earlier >= 0 and recording.steps.frame_of(earlier) != frame:
        earlier -= 1
    known = recording.cards_at(earlier) if earlier >= 0 else {}
    return {**{path: card for path, card in cards.items() if path not in fresh}, **known}


def _wanted(recording: Recording, step: int, source: Source) -> NumbersOf | bool | None:
    if not source.operand.path:
        return True
    card = _cards_before(recording, step).get(source.operand.path)
    content = recording.content(step - 1, card.storage) if card and step else None
    if card is None or content is None or (not card.kind.stride and card.kind.shape):
        return None
    return numbers_of(source, card, content.id)


def _cell_wanted(recording: Recording, moment: Moment) -> NumbersOf | None:
    card = recording.card(moment.step, moment.tensor)
    content = recording.content_of(moment.step, moment.tensor)
    if card is None or content is None or moment.cell is None:
        return None
    if len(moment.cell) != len(card.kind.stride):
        return None
    return card.number(content.id, moment.cell)


def _texts(flowing: tuple[Source, ...]) -> str:
    return " and ".join(source.text for source in flowing)


def _picked_sentence(operation: Operation) -> str:
    (operand,) = operation.operands
    rank = len(operand.shape)
    return f"[{operation.index}] picks from the {rank} dimensions of {operand.text}."
