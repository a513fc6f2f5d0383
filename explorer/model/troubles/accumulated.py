"""Gradients that were added to old ones although the old ones had served already."""

from __future__ import annotations

from bisect import bisect_right

from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Evidence, Search, Trouble, is_alive
from explorer.protocol.recording import NodeStep


def added_to_old_ones(evidence: Evidence) -> Search[list[Trouble]]:
    """Leaves whose old gradient was used (for a step, or read) and not cleared before the next."""
    found: dict[int, tuple[NodeStep, str]] = {}
    filled: dict[int, NodeStep] = {}
    for one in evidence.passes:
        for step in evidence.node_steps(one):
            if not step.leaf:
                continue
            before = filled.get(step.leaf)
            filled[step.leaf] = step
            if before is None or step.leaf in found:
                continue
            was_there = yield from _was_there(evidence, step)
            use = _use_between(evidence, step.leaf, before.step, step.step) if was_there else ""
            used_again = yield from _is_used_after(evidence, step, use) if use else _no()
            if used_again:
                found[step.leaf] = (step, use)
    by_statement: dict[int, list[tuple[NodeStep, str]]] = {}
    for step, use in found.values():
        owner = evidence.recording.steps.owner(step.step)
        by_statement.setdefault(owner, []).append((step, use))
    return [_told(evidence, owner, cases) for owner, cases in by_statement.items()]


def _was_there(evidence: Evidence, step: NodeStep) -> Search[bool]:
    """Whether ``.grad`` held something other than zeros just before a gradient was added."""
    card = evidence.recording.card(step.step - 1, step.leaf)
    if card is None or not card.grad:
        return False
    (brief,) = yield from evidence.briefs([evidence.numbers(step.step - 1, card.grad)])
    return is_alive(brief)


def _use_between(evidence: Evidence, leaf: int, first: int, last: int) -> str:
    """How the gradient was used between two additions; empty when it was not."""
    recording = evidence.recording
    card = recording.card(last, leaf)
    if card is not None and _written(recording, card.storage, first, last):
        return "step"
    if recording.optimizer_steps.last_at(evidence.last) is not None:
        return ""
    return "read" if first < _next_read(evidence, leaf, first) < last else ""


def _is_used_after(evidence: Evidence, step: NodeStep, use: str) -> Search[bool]:
    """Whether what was added up was used in the same way, before it was cleared."""
    recording, leaf = evidence.recording, step.leaf
    card = recording.card(step.step, leaf)
    if card is None:
        return False
    if use == "step":
        writes = [at for at, _ in recording.contents_history(card.storage)]
        later = next((at for at in writes if at > step.step), -1)
    else:
        later = _next_read(evidence, leaf, step.step)
    before = recording.card(later - 1, leaf) if later > 0 else None
    if before is None or before.grad != card.grad:
        return False
    (brief,) = yield from evidence.briefs([evidence.numbers(later - 1, before.grad)])
    return is_alive(brief)


def _no() -> Search[bool]:
    yield from ()
    return False


def _next_read(evidence: Evidence, leaf: int, after: int) -> int:
    """The next step after ``after`` that reads the leaf's ``.grad``; -1 when none does."""
    reads = evidence.gradient_reads
    for step, paths in reads[bisect_right(reads, after, key=lambda read: read[0]) :]:
        if any(evidence.recording.tensor_named(step, path) == leaf for path in paths):
            return step
    return -1


def _written(recording: Recording, storage: int, first: int, last: int) -> bool:
    return any(first < step < last for step, _ in recording.contents_history(storage))


def _told(evidence: Evidence, owner: int, cases: list[tuple[NodeStep, str]]) -> Trouble:
    step, use = cases[0]
    name = evidence.name_of(step.step, step.leaf)
    whose = name if len(cases) == 1 else f"{name} and {len(cases) - 1} more"
    used = "had changed it already" if use == "step" else "had been read already"
    sentence = (
        f"{evidence.place(owner)} adds to the old gradient of {whose}, which {used} and was not"
        " cleared. Call zero_grad() before the next backward, or set .grad to None."
    )
    card = evidence.recording.card(step.step - 1, step.leaf)
    look = evidence.numbers(step.step - 1, card.grad) if card is not None else None
    return Trouble("added", step.step, sentence, owner, step.node, step.leaf, name, look)
