"""Troubles as the problems pane lists them and the editor marks them."""

from __future__ import annotations

from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import KINDS, Trouble
from explorer.ui.troubles.problem import Problem

ENDING = ("overwritten", "freed")
"""Kinds because of which a backward could not go on."""


def problem_of(recording: Recording, trouble: Trouble) -> Problem:
    """A trouble with the step, the line and the node where it shows."""
    known = recording.step(trouble.step)
    node = f", {known.node.name}" if known.node is not None else ""
    kind = KINDS[trouble.kind]
    return Problem(
        trouble.sentence,
        "error" if trouble.kind in ENDING else "warning",
        known.file,
        known.statement.line,
        trouble.step,
        moment=_moment(recording, trouble),
        cause=trouble.cause,
        where=f"step {known.label}{node} · {kind}",
    )


def _moment(recording: Recording, trouble: Trouble) -> Moment:
    """What to look at: the tensor of the trouble, where its numbers were kept."""
    step, tensor = trouble.step, trouble.tensor
    if not tensor or recording.card(step, tensor) is None:
        return Moment(step)
    named = bool(trouble.name) and recording.tensor_named(step, trouble.name) == tensor
    name = trouble.name or "this gradient"
    return Moment(step, tensor, name, not named, cell=trouble.cell)
