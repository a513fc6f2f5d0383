"""What a chosen cell depends on, and where it flows: searches that ask the worker.

First the graph that the program still holds is asked; where an earlier backward has freed it, the
gradients that this backward recorded say the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from explorer.model.card import Card
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Evidence, Search, gather
from explorer.protocol.autograd import (
    Flow,
    Pass,
    ReadFlow,
    ReadSensitivity,
    Sensitivity,
    TensorDerivative,
)
from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.recording import NodeStep
from explorer.protocol.running import Failed
from explorer.protocol.values import Brief

DECADES = 3
"""Powers of ten below the strongest derivative at which a colour has faded."""
MOST_DOWNSTREAM = 200


@dataclass(frozen=True)
class Sensitivities:
    """Derivatives of, or with respect to, one cell.

    ``upstream``: each of ``derivatives`` is that of the cell with respect to a tensor; else each
    is that of a tensor with respect to the cell. ``step`` is where the tensor was looked at,
    ``nodes`` has the size of the derivative furthest from zero at each node of the graph.
    ``sentence`` says why something, or everything, could not be told.
    """

    upstream: bool
    step: int
    tensor: int
    name: str
    cell: tuple[int, ...]
    derivatives: dict[int, NumbersOf] = field(default_factory=dict)
    nodes: dict[int, float] = field(default_factory=dict)
    sentence: str = ""
    again: bool = False
    """Whether running the program again could tell more."""

    @property
    def of(self) -> str:
        """The cell as code: ``loss`` or ``y[1, 0]``."""
        return f"{self.name}[{', '.join(map(str, self.cell))}]" if self.cell else self.name

    def words(self, name: str) -> str:
        """The derivative for a tensor of this name: ``∂loss/∂w``."""
        return f"∂{self.of}/∂{name}" if self.upstream else f"∂{name}/∂{self.of}"

    @cached_property
    def top(self) -> float:
        """The size of the derivative furthest from zero of all."""
        return max(self.nodes.values(), default=0.0)

    def strength(self, node: int) -> float:
        """How strong the derivative at a node is: 0 to 1, over some powers of ten; NaN: none."""
        size, top = self.nodes.get(node), self.top
        if size is None:
            return math.nan
        if not 0 < size < math.inf or not 0 < top < math.inf:
            return 1.0 if size > 0 else 0.0
        return max(0.0, 1 + math.log10(size / top) / DECADES)


def cell_to_ask(card: Card, cell: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The chosen cell; of a tensor of one number that one. None when a cell must be chosen."""
    shape = card.kind.shape
    if card.numel == 1:
        return (0,) * len(shape)
    return cell if cell is not None and len(cell) == len(shape) else None


def depends_on(
    recording: Recording, step: int, tensor: int, name: str, cell: tuple[int, ...]
) -> Search[Sensitivities]:
    """Everything upstream of a cell of a tensor, as it stood at a step."""
    base = Sensitivities(True, step, tensor, name, cell)
    card = recording.card(step, tensor)
    if card is None or not card.node:
        leaf = card is not None and card.kind.requires_grad
        why = "is a leaf: nothing stands upstream of it" if leaf else "has no history"
        return _told(base, f"{name} {why}. Ask where it flows instead.")
    answer = yield ReadSensitivity(tensor, card.node, card.version, cell)
    if isinstance(answer, Sensitivity):
        return _with(base, answer.derivatives, _strongest(answer))
    recorded = yield from _from_recording(recording, base, card)
    if recorded is not None:
        return recorded
    failed = answer if isinstance(answer, Failed) else Failed("", "")
    return replace(_told(base, failed.sentence), again=failed.reason == "rerun")


def flows_to(
    recording: Recording, step: int, tensor: int, name: str, cell: tuple[int, ...]
) -> Search[Sensitivities]:
    """Everything downstream of a cell, among what has a name at that step."""
    base = Sensitivities(False, step, tensor, name, cell)
    own = recording.card(step, tensor)
    cards = downstream_of(recording, step, tensor)
    downstream = tuple(cards)
    if own is None or not own.kind.requires_grad:
        return _told(base, f"{name} does not require a gradient, so no graph says where it flows.")
    if not downstream:
        return _told(base, f"No tensor that has a name now was computed from {name}.")
    answer = yield ReadFlow(tensor, cell, downstream)
    if not isinstance(answer, Flow):
        return (yield from _flow_recorded(recording, base, own, downstream, answer))
    evidence = Evidence(recording, ())
    briefs = yield from evidence.briefs(one.numbers for one in answer.derivatives)
    sizes = {
        cards[one.tensor].node: _size(brief)
        for one, brief in zip(answer.derivatives, briefs, strict=True)
    }
    found = replace(_with(base, answer.derivatives, sizes), again=bool(answer.refused))
    return found if found.derivatives else _told(base, answer.refused)


def downstream_of(recording: Recording, step: int, tensor: int) -> dict[int, Card]:
    """Cards of the tensors with a name that were computed later than a tensor, by tensor, the
    earliest first."""
    own = recording.card(step, tensor)
    cards = {card.tensor: card for card in recording.cards_at(step).values() if card.node}
    later = sorted(
        (card.node, one)
        for one, card in cards.items()
        if one != tensor and (own is None or card.node > own.node)
    )
    return {one: cards[one] for _, one in later[-MOST_DOWNSTREAM:]}


def _told(base: Sensitivities, sentence: str) -> Sensitivities:
    return Sensitivities(
        base.upstream, base.step, base.tensor, base.name, base.cell, sentence=sentence
    )


def _with(
    base: Sensitivities, derivatives: Iterable[TensorDerivative], nodes: dict[int, float]
) -> Sensitivities:
    by_tensor = {one.tensor: one.numbers for one in derivatives if one.tensor != base.tensor}
    return Sensitivities(
        base.upstream, base.step, base.tensor, base.name, base.cell, by_tensor, nodes
    )


def _strongest(answer: Sensitivity) -> dict[int, float]:
    nodes = np.frombuffer(answer.tail, "<i8", answer.nodes).tolist()
    sizes = np.frombuffer(answer.tail, "<f8", answer.nodes, offset=8 * answer.nodes).tolist()
    return dict(zip(nodes, sizes, strict=True))


def _size(brief: Brief) -> float:
    return max(abs(float(brief.low or 0)), abs(float(brief.high or 0)))


# -- from what a backward recorded -----------------------------------------------------------------


def _from_recording(
    recording: Recording, base: Sensitivities, card: Card
) -> Search[Sensitivities | None]:
    """What a backward that began at this very number recorded; None when none did."""
    evidence = yield from gather(recording)
    for one in evidence.passes:
        steps = evidence.node_steps(one)
        if card.numel == 1 and one.roots == (card.node,) and not one.error and steps:
            began_with_one = yield from _began_with_one(evidence, steps)
            if began_with_one:
                return (yield from _of_pass(evidence, base, one, steps))
    return None


def _flow_recorded(
    recording: Recording,
    base: Sensitivities,
    own: Card,
    downstream: tuple[int, ...],
    answer: object,
) -> Search[Sensitivities]:
    """How the numbers that backward began at depend on the cell: one cell of what it recorded."""
    sentence = answer.sentence if isinstance(answer, Failed) else ""
    roots = {card.node: one for one in downstream if (card := recording.card(base.step, one))}
    evidence = yield from gather(recording)
    derivatives: dict[int, NumbersOf] = {}
    sizes: dict[int, float] = {}
    for one in evidence.passes:
        steps = evidence.node_steps(one)
        root = roots.get(one.roots[0], 0) if len(one.roots) == 1 and not one.error else 0
        ran = [ran for ran in steps if ran.node == own.node or (ran.leaf == base.tensor)]
        into = _fitting(evidence, ran[0], own) if root and ran else None
        if into is None or not (yield from _began_with_one(evidence, steps)):
            continue
        offset = sum(place * step for place, step in zip(base.cell, into.stride, strict=True))
        cell = replace(into, shape=(), stride=(), offset=into.offset + offset)
        (brief,) = yield from evidence.briefs([cell])
        derivatives[root], sizes[one.roots[0]] = cell, _size(brief)
    told = f"Only what backward recorded is told. {sentence}" if derivatives else sentence
    again = isinstance(answer, Failed) and answer.reason == "rerun"
    return replace(_told(base, told), derivatives=derivatives, nodes=sizes, again=again)


def _began_with_one(evidence: Evidence, steps: list[NodeStep]) -> Search[bool]:
    first = steps[0]
    given = evidence.numbers(first.step, first.grads_in[0]) if any(first.grads_in) else None
    if given is None:
        return False
    answer = yield ReadNumbers((given,), 1)
    return isinstance(answer, Numbers) and answer.lists[0] == [1.0]


def _of_pass(
    evidence: Evidence, base: Sensitivities, one: Pass, steps: list[NodeStep]
) -> Search[Sensitivities]:
    """Each gradient that went into a node is the derivative with respect to what that node made."""
    recording = evidence.recording
    into = {step.node: step for step in steps}
    leaves = {step.leaf: step for step in steps if step.leaf}
    found: dict[int, NumbersOf] = {}
    for tensor in recording.tensors():
        card = recording.card(base.step, tensor)
        ran = leaves.get(tensor) if card is None or not card.node else into.get(card.node)
        if card is None or ran is None or tensor == base.tensor:
            continue
        numbers = _fitting(evidence, ran, card)
        if numbers is not None:
            found[tensor] = numbers
    grads = {step.node: [grad for grad in step.grads_in if grad] for step in steps}
    flat = [(node, step) for node, step in into.items() if grads[node]]
    briefs = yield from evidence.briefs(
        evidence.numbers(step.step, grads[node][0]) for node, step in flat
    )
    nodes = {node: _size(brief) for (node, _), brief in zip(flat, briefs, strict=True)}
    return Sensitivities(True, base.step, base.tensor, base.name, base.cell, found, nodes)


def _fitting(evidence: Evidence, ran: NodeStep, card: Card) -> NumbersOf | None:
    """The gradient into a node for the one of its outputs that has this shape."""
    fits = []
    for grad in ran.grads_in:
        known = evidence.recording.card(ran.step, grad) if grad else None
        if known is not None and known.kind.shape == card.kind.shape:
            fits.append(grad)
    return evidence.numbers(ran.step, fits[0]) if len(fits) == 1 else None
