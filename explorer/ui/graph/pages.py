"""What the graph pane says where there is no graph."""

from __future__ import annotations

from explorer.model.recording import Recording

NOTHING_RUN = (
    "Run a program and step to a line that computes something from a tensor with "
    "requires_grad=True: the graph of what it computed grows here."
)
NO_HISTORY = (
    "No tensor has a history at this step. A graph begins where an operation uses a tensor that "
    "was made with requires_grad=True."
)
SWITCHED_OFF = (
    "Gradients are switched off at this step, so operations leave no graph behind. Outside "
    "no_grad and inference_mode they do."
)


def why_empty(recording: Recording, step: int) -> str:
    """Why there is no graph at a step, and what to do about it."""
    modes = recording.modes.at(step)
    if not len(recording):
        return NOTHING_RUN
    if modes is not None and not modes.grad_enabled:
        return SWITCHED_OFF
    return NO_HISTORY
