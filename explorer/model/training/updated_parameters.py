"""The parameters that an optimizer step changed, and where their numbers are to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer.model.card import Card
from explorer.model.recording import Recording
from explorer.model.training.optimizer_steps import OptimizerStep
from explorer.protocol.numbers import NumbersOf


@dataclass(frozen=True)
class UpdatedParameter:
    """One parameter of an optimizer step and where its numbers are to be read.

    ``reads`` are for one cell: what it held before, its gradient, each state, what it held after.
    """

    name: str
    tensor: int
    cell: tuple[int, ...]
    shape: tuple[int, ...]
    settings: dict[str, float]
    state: tuple[str, ...]
    reads: tuple[NumbersOf, ...]


def updated_parameters(
    recording: Recording, step: OptimizerStep, cells: dict[int, tuple[int, ...]]
) -> Iterator[UpdatedParameter]:
    """Parameters that have a gradient; ``cells`` chooses a cell by tensor id, else the first."""
    names = {tensor: path for path, tensor in reversed(recording.names_at(step.step).items())}
    place = 0
    for group in step.groups:
        for one in group.parameters:
            place += 1
            card = recording.card(step.step, one.parameter)
            grad = recording.card(step.step, card.grad) if card is not None else None
            if card is None or grad is None or not card.numel:
                continue
            cell = cells.get(one.parameter, (0,) * len(card.kind.shape))
            state = [(name, recording.card(step.step, tensor)) for name, tensor in one.state]
            held = [(name, known) for name, known in state if known is not None]
            reads = (
                _read(recording, step.step - 1, card, cell),
                _read(recording, step.step, grad, cell),
                *(_read(recording, step.step, known, cell) for _, known in held),
                _read(recording, step.step, card, cell),
            )
            yield UpdatedParameter(
                names.get(one.parameter, f"parameter {place}"),
                one.parameter,
                cell,
                card.kind.shape,
                group.settings,
                tuple(name for name, _ in held),
                reads,
            )


def _read(recording: Recording, step: int, card: Card, cell: tuple[int, ...]) -> NumbersOf:
    content = recording.content(step, card.storage)
    return card.number(content.id if content else 0, cell)
