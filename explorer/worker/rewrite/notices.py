"""What the probes have to say of steps that they could not look at as they should."""

from __future__ import annotations

STAND_INS = (
    "Inside transforms such as torch.func.grad and vmap, and while torch traces, tensors are "
    "stand-ins that must not be touched: their statements are recorded without them."
)

NO_ROOM = (
    "Where the program came close to the end of its stack, there was no room left for looking: "
    "what these statements changed is told with the next statement that had some."
)
