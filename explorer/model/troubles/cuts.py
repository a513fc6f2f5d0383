"""Where a graph was cut: statements that read a tensor with history and made one without."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.model.recording import Recording
from explorer.model.troubles.code import cuts_in, paths_read
from explorer.model.troubles.evidence import Evidence

WHOLE_NUMBERS = frozenset({"uint8", "int8", "int16", "int32", "int64", "bool"})


@dataclass(frozen=True)
class Cut:
    """One cut: the step, how it was made (``detach()``), and from which tensor to which."""

    step: int
    how: str
    source: int
    target: int = 0


def cuts_from(evidence: Evidence, tensor: int, path: str) -> list[Cut]:
    """Cuts between a tensor and what was computed from it, in order of the program.

    Follows the tensor through the first run of each statement.
    """
    recording = evidence.recording
    derived = {tensor}
    found: list[Cut] = []
    for step in evidence.first_runs:
        sources = _read(recording, step, derived, tensor, path)
        if not sources:
            continue
        made = _made(recording, step)
        code = recording.step(step).statement.code
        for one in made:
            card = recording.card(step, one)
            if card is None:
                continue
            if card.kind.requires_grad and card.node:
                derived.add(one)
            elif one not in derived:
                how = _how(recording, step, code, card.kind.dtype)
                found.append(Cut(step, how, next(iter(sources)), one))
        if not made and any(word in cuts_in(code) for word in (".item()", ".tolist()", ".numpy()")):
            found.append(Cut(step, cuts_in(code)[0], next(iter(sources))))
    return found


def _read(recording: Recording, step: int, derived: set[int], tensor: int, path: str) -> set[int]:
    """Those of ``derived`` that the statement of a step reads."""
    code = recording.step(step).statement.code
    read = paths_read(code)
    before = recording.names_at(step - 1) if _same_frame(recording, step) else {}
    names = {**before, **recording.names_at(step)}
    found = {names[one] for one in read if names.get(one) in derived}
    root = path.partition(".")[0].partition("[")[0]
    if root in read and path not in names and tensor in derived:
        found.add(tensor)
    if any(one.startswith((f"{word}.", f"{word}[")) for word in read for one in (path,)):
        found.add(tensor)
    return found


def _same_frame(recording: Recording, step: int) -> bool:
    steps = recording.steps
    return step > 0 and steps.frame_of(step - 1) == steps.frame_of(step)


def _made(recording: Recording, step: int) -> list[int]:
    """Tensors that a name of the step's frame was bound to in this step."""
    change = recording.change(step)
    return [tensor for _, tensor in change.names if tensor] if change else []


def _how(recording: Recording, step: int, code: str, dtype: str) -> str:
    modes = recording.modes.at(step)
    if modes is not None and modes.inference:
        return "torch.inference_mode()"
    if modes is not None and not modes.grad_enabled:
        return "torch.no_grad()"
    spoken = cuts_in(code)
    if spoken:
        return spoken[0]
    if dtype in WHOLE_NUMBERS:
        return f"its result, which is {dtype}: whole numbers carry no gradient"
    return "an operation that has no derivative"
