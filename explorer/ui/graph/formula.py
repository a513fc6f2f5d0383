"""The formula of the node that runs, with the numbers of one cell put in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.protocol.autograd import FormulaCell, NamedNumbers, Node, ReadFormulaCell
from explorer.protocol.recording import NodeStep
from explorer.protocol.running import Failed
from explorer.ui.session import Session
from explorer.ui.tensors.row_words import number_text

LONGEST = 48


class FormulaReader(QObject):
    """Remembers by step and cell; asks once for each."""

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._known: dict[tuple[int, tuple[int, ...]], str] = {}

    def words(self, node: Node) -> str:
        """``[0, 0] 0.0833 · 3 · 12² = 36`` for the node that ran at the moment; empty while it is
        not known or cannot be told."""
        moment, recording = self._session.moment, self._session.recording
        if self._run != self._session.run.serial:
            self._run = self._session.run.serial
            self._known.clear()
        ran = recording.steps.nodes.get(moment.step)
        if ran is None or ran.node != node.node:
            return ""
        edge = next((slot for slot, tensor in enumerate(ran.grads_out) if tensor), -1)
        if not 0 <= edge < len(node.edges):
            return ""
        cell = cell_of_gradient(recording, moment, ran.grads_out[edge])
        key = (moment.step, cell)
        if key not in self._known:
            self._known[key] = ""
            self._ask(key, node, ran, edge)
        return self._known[key]

    def _ask(self, key: tuple[int, tuple[int, ...]], node: Node, ran: NodeStep, edge: int) -> None:
        request = formula_request(self._session.recording, node, ran, edge, key[1])
        if request is not None:
            self._session.ask(request, partial(self._came, key), self._failed, self)

    def _came(self, key: tuple[int, tuple[int, ...]], answer: FormulaCell) -> None:
        place = f"[{', '.join(map(str, key[1]))}] " if key[1] else ""
        text = answer.text if len(answer.text) <= LONGEST else answer.text[: LONGEST - 1] + "…"
        self._known[key] = f"{place}{text} = {number_text(answer.value)}"
        self.arrived.emit()

    def _failed(self, failed: Failed) -> None:
        """Some formulas cannot be filled in; the card then goes without the line."""


def cell_of_gradient(recording: Recording, moment: Moment, gradient: int) -> tuple[int, ...]:
    """The chosen cell where it is one of the gradient, else its first."""
    card = recording.card(moment.step, gradient)
    shape = card.kind.shape if card is not None else ()
    cell = moment.cell
    fits = cell is not None and len(cell) == len(shape)
    if fits and all(place < size for place, size in zip(cell or (), shape, strict=True)):
        return cell or ()
    return (0,) * len(shape)


def formula_request(
    recording: Recording, node: Node, ran: NodeStep, edge: int, cell: tuple[int, ...]
) -> ReadFormulaCell | None:
    """What to ask the worker; None where numbers that it needs were not kept."""
    out = recording.numbers_of(ran.step, ran.grads_out[edge])
    given = tuple(
        recording.numbers_of(ran.step, tensor) if tensor else None for tensor in ran.grads_in
    )
    if out is None or 0 in out.shape:
        return None
    saved = []
    for one in node.saved:
        numbers = recording.numbers_of(node.made, one.tensor) if one.tensor else None
        if numbers is not None:
            saved.append(NamedNumbers(one.argument, numbers))
    return ReadFormulaCell(node.node, edge, cell, given, out, tuple(saved))
