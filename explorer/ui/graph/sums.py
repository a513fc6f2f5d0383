"""Where gradients meet they are added: the sum for one cell, with its numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.model.graph.drawing import DrawnGraph
from explorer.model.graph.moment import Gradients
from explorer.model.recording import Recording
from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.recording import NodeStep
from explorer.protocol.running import Failed
from explorer.ui.graph.formula import cell_of_gradient
from explorer.ui.session import Session
from explorer.ui.tensors.row_words import number_text

MOST_PARTS = 6
Parts = tuple[NumbersOf | None, ...]
"""What is added up, and behind it the sum; None where there was nothing yet."""


class GraphSums(QObject):
    """Remembers by step and cell; asks once for each."""

    arrived = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._known: dict[tuple[int, tuple[int, ...]], str] = {}

    def words(self, drawn: DrawnGraph, found: Gradients | None, row: int) -> str:
        """``[0, 0] 0.5 + 0.25 = 0.75`` for the node that runs; for AccumulateGrad ``x.grad[0]:
        none before, + 0.75 = 0.75``. Empty where nothing is added, or while it is not known."""
        session = self._session
        if self._run != session.run.serial:
            self._run = session.run.serial
            self._known.clear()
        ran = session.recording.steps.nodes.get(session.moment.step)
        if ran is None or found is None or not any(ran.grads_in):
            return ""
        cell = cell_of_gradient(session.recording, session.moment, ran.grads_in[0])
        key = (ran.step, cell)
        if key not in self._known:
            self._known[key] = ""
            self._ask(key, drawn, found, row, ran)
        return self._known[key]

    def _ask(
        self,
        key: tuple[int, tuple[int, ...]],
        drawn: DrawnGraph,
        found: Gradients,
        row: int,
        ran: NodeStep,
    ) -> None:
        recording = self._session.recording
        if ran.leaf:
            parts, name = accumulated(recording, ran), _leaf_name(drawn, ran.leaf)
        else:
            parts, name = met(recording, drawn, found, row, ran), ""
        if len(parts) < 3 or any(part is not None and 0 in part.shape for part in parts):
            return
        wanted = tuple(_at(part, key[1]) for part in parts if part is not None)
        came = partial(self._came, key, parts[0] is None, name)
        self._session.ask(ReadNumbers(wanted, 1), came, self._failed, self)

    def _came(
        self, key: tuple[int, tuple[int, ...]], first: bool, name: str, answer: Numbers
    ) -> None:
        numbers = [float(one[0]) for one in answer.lists if isinstance(one, list) and len(one) == 1]
        if len(numbers) != len(answer.lists):
            return
        place = f"[{', '.join(map(str, key[1]))}]" if key[1] else ""
        shown = [number_text(number) for number in numbers]
        if name:
            before = "none" if first else shown[0]
            self._known[key] = f"{name}.grad{place}: {before} + {shown[-2]} = {shown[-1]}"
        else:
            self._known[key] = f"{place} {' + '.join(shown[:-1])} = {shown[-1]}".strip()
        self.arrived.emit()

    def _failed(self, failed: Failed) -> None:
        """Numbers that were dropped since cannot be added up; the card goes without the line."""


def met(
    recording: Recording, drawn: DrawnGraph, found: Gradients, row: int, ran: NodeStep
) -> Parts:
    """The gradients that came along several edges into one output of a node, and their sum."""
    graph = drawn.autograd
    slot = next(place for place, grad in enumerate(ran.grads_in) if grad)
    edges = np.flatnonzero((graph.maker == row) & (graph.maker_slot == slot))
    tensors = [int(found.edge_tensor[edge]) for edge in edges.tolist()]
    steps = [int(found.edge_step[edge]) for edge in edges.tolist()]
    parts = [
        recording.numbers_of(step, tensor)
        for tensor, step in zip(tensors, steps, strict=True)
        if tensor and 0 <= step <= ran.step
    ]
    total = recording.numbers_of(ran.step, ran.grads_in[slot])
    fits = [one for one in parts if one is not None and total and one.shape == total.shape]
    if total is None or not 2 <= len(fits) <= MOST_PARTS or len(fits) < len(tensors):
        return ()
    return (*fits, total)


def accumulated(recording: Recording, ran: NodeStep) -> Parts:
    """``.grad`` before an AccumulateGrad ran, what was added, and ``.grad`` after."""
    before, after = recording.card(ran.step - 1, ran.leaf), recording.card(ran.step, ran.leaf)
    if after is None or not after.grad:
        return ()
    old = recording.numbers_of(ran.step - 1, before.grad) if before and before.grad else None
    added = recording.numbers_of(ran.step, ran.grads_in[0])
    new = recording.numbers_of(ran.step, after.grad)
    if added is None or new is None or (before and before.grad and old is None):
        return ()
    return (old, added, new)


def _leaf_name(drawn: DrawnGraph, leaf: int) -> str:
    named = (one.name for one in drawn.named.values() if one.tensor == leaf)
    return next((name for name in named if name), "leaf")


def _at(numbers: NumbersOf, cell: tuple[int, ...]) -> NumbersOf:
    offset = sum(place * step for place, step in zip(cell, numbers.stride, strict=False))
    return replace(numbers, shape=(), stride=(), offset=numbers.offset + offset)
