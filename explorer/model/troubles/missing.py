"""Tensors whose ``.grad`` is None although the program wants it, and why."""

from __future__ import annotations

from explorer.model.card import Card
from explorer.model.layout.origin import first_step
from explorer.model.troubles.code import paths_read
from explorer.model.troubles.cuts import Cut, cuts_from
from explorer.model.troubles.evidence import Evidence, Trouble


def missing_gradients(evidence: Evidence) -> list[Trouble]:
    """Every ``.grad`` that was read and was None, and every leaf that no backward reached."""
    filling = [one for one in evidence.passes if one.accumulates and not one.error]
    if not filling:
        return []
    found = _read_in_vain(evidence, min(one.ended for one in filling))
    told = {trouble.tensor for trouble in found}
    return found + [one for one in _never_reached(evidence) if one.tensor not in told]


def _read_in_vain(evidence: Evidence, first_backward: int) -> list[Trouble]:
    found: dict[tuple[int, str], Trouble] = {}
    for step, paths in evidence.gradient_reads:
        if step <= first_backward:
            continue
        statement = evidence.recording.step(step).statement.id
        for path in paths:
            if (statement, path) not in found:
                trouble = _read(evidence, step, path)
                if trouble is not None:
                    found[statement, path] = trouble
    by_tensor: dict[int, Trouble] = {}
    for trouble in sorted(found.values(), key=lambda one: one.step):
        by_tensor.setdefault(trouble.tensor, trouble)
    return list(by_tensor.values())


def _read(evidence: Evidence, step: int, path: str) -> Trouble | None:
    recording = evidence.recording
    tensor = recording.tensor_named(step, path) or recording.tensor_named(step - 1, path)
    card = recording.card(step, tensor) if tensor else None
    if card is None or card.grad or "retains_grad" in card.kind.flags:
        return None
    if card.kind.is_leaf and card.kind.requires_grad and _was_reached(evidence, tensor, step):
        return None  # it was filled and set to None again
    why, cause = _why_none(evidence, step, path, card)
    sentence = f"{path}.grad is read on {evidence.place(step)} and is None: {why}"
    return Trouble("none", step, sentence, cause, card.node, tensor, path)


def _why_none(evidence: Evidence, step: int, path: str, card: Card) -> tuple[str, int]:
    if not card.kind.is_leaf:
        node = card.kind.grad_fn
        return (
            f"{path} is not a leaf (it was made by {node}), and only leaves keep their gradient."
            f" Call {path}.retain_grad() before backward.",
            -1,
        )
    if card.kind.requires_grad:
        return _why_not_reached(evidence, step, path, card.tensor)
    born = _born(evidence, card.tensor)
    for source in _with_history_before(evidence, born):
        for cut in cuts_from(evidence, source[1], source[0]):
            if cut.target == card.tensor:
                return (
                    f"{path} does not require a gradient; {cut.how} on"
                    f" {evidence.place(cut.step)} left the history of {source[0]} behind.",
                    cut.step,
                )
    if card.kind.dtype.startswith(("int", "uint", "bool")):
        return f"{path} is {card.kind.dtype}, and whole numbers carry no gradient.", born
    return (
        f"{path} does not require a gradient. Make it with requires_grad=True, or call"
        f" {path}.requires_grad_() before it is used.",
        born,
    )


def _why_not_reached(evidence: Evidence, step: int, path: str, tensor: int) -> tuple[str, int]:
    cuts = cuts_from(evidence, tensor, path)
    if cuts:
        cut = _decisive(evidence, cuts)
        return f"the graph is cut by {cut.how} on {evidence.place(cut.step)}.", cut.step
    return (
        f"no backward before this step reached {path}: nothing that backward started from was"
        " computed from it.",
        -1,
    )


def _decisive(evidence: Evidence, cuts: list[Cut]) -> Cut:
    """The cut whose result the program went on to use, else the first."""
    for cut in cuts:
        if cut.target:
            name = evidence.name_of(cut.step, cut.target)
            for step in evidence.first_runs:
                code = evidence.recording.step(step).statement.code
                if step > cut.step and name in paths_read(code):
                    return cut
    return cuts[0]


def _never_reached(evidence: Evidence) -> list[Trouble]:
    """Leaves that the program uses, that want a gradient, and that no pass ever reached."""
    recording, last = evidence.recording, evidence.last
    reached = {leaf for one in evidence.passes for leaf in one.leaves}
    optimized = _optimized(evidence)
    found = []
    for path, card in _leaves_at(evidence, last):
        if card.tensor in reached or card.grad:
            continue
        born = _born(evidence, card.tensor)
        later = [one for one in evidence.passes if one.accumulates and one.ended > born]
        if not later:
            continue
        cuts = cuts_from(evidence, card.tensor, path)
        if not (cuts or card.tensor in optimized or _is_used(evidence, path, born)):
            continue
        why, cause = _why_not_reached(evidence, last, path, card.tensor)
        at = recording.steps.owner(later[-1].ended)
        sentence = f"{path} requires a gradient and never got one: {why}"
        found.append(Trouble("none", at, sentence, cause, 0, card.tensor, path))
    return found


def _leaves_at(evidence: Evidence, step: int) -> list[tuple[str, Card]]:
    cards = sorted(evidence.recording.cards_at(step).items(), key=lambda one: len(one[0]))
    seen: dict[int, tuple[str, Card]] = {}
    for path, card in cards:
        if card.kind.requires_grad and card.kind.is_leaf:
            seen.setdefault(card.tensor, (path, card))
    return list(seen.values())


def _optimized(evidence: Evidence) -> set[int]:
    """Tensors that an optimizer steps."""
    last = evidence.recording.optimizer_steps.last_at(evidence.last)
    groups = last.groups if last is not None else ()
    return {one.parameter for group in groups for one in group.parameters}


def _is_used(evidence: Evidence, path: str, born: int) -> bool:
    """Whether a statement after the one that made it reads it by this very name."""
    for step in evidence.first_runs:
        code = evidence.recording.step(step).statement.code
        if step > born and path in paths_read(code):
            return True
    return False


def _was_reached(evidence: Evidence, tensor: int, step: int) -> bool:
    return any(
        tensor in one.leaves for one in evidence.passes if one.accumulates and one.ended <= step
    )


def _born(evidence: Evidence, tensor: int) -> int:
    return first_step(evidence.recording, tensor, evidence.last)


def _with_history_before(evidence: Evidence, step: int) -> list[tuple[str, int]]:
    """(path, tensor) of what required a gradient just before a step, in its frame."""
    cards = evidence.recording.cards_at(step - 1) if step > 0 else {}
    return [(path, card.tensor) for path, card in cards.items() if card.kind.requires_grad]
