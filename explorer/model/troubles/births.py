"""The first NaN or Inf, forward or backward, and what gave birth to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.model.card import Card
from explorer.model.troubles.birthplace import birthplace
from explorer.model.troubles.code import mentions
from explorer.model.troubles.evidence import Evidence, Search, Trouble, has_bad
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.recording import NodeStep
from explorer.protocol.values import Brief, FindFirstBad, FoundFirstBad

FLOATING = ("float", "bfloat", "complex")
AT_ONCE = 2000
MOST = 200_000
UNWRITTEN = ("empty", "new_empty", "empty_like", "resize_")
"""Calls whose results hold whatever was in memory."""


def births(evidence: Evidence) -> Search[list[Trouble]]:
    """The first birth in the forward computation, else the first one in backward."""
    forward = yield from _forward(evidence)
    if forward is not None:
        return [forward]
    backward = yield from _backward(evidence)
    return [backward] if backward is not None else []


@dataclass(frozen=True)
class Made:
    """Numbers that a step made, under one of its names."""

    step: int
    card: Card
    numbers: NumbersOf


def _forward(evidence: Evidence) -> Search[Trouble | None]:
    made = _all_made(evidence)
    excused: dict[int, str] = {}
    place = 0
    while place < len(made):
        chunk = tuple(one.numbers for one in made[place : place + AT_ONCE])
        answer = yield FindFirstBad(chunk, "inf")
        if not isinstance(answer, FoundFirstBad) or answer.place < 0:
            place += AT_ONCE
            continue
        one = made[place + answer.place]
        place += answer.place + 1
        (brief,) = yield from evidence.briefs([one.numbers])
        excuse = _excuse(evidence, one, brief, excused)
        if not excuse:
            return (yield from _born_here(evidence, one, brief))
        excused[one.numbers.content] = excuse
    return None


def _all_made(evidence: Evidence) -> list[Made]:
    """Every content of floating numbers that a statement wrote, in order, each once."""
    recording, named = evidence.recording, evidence.named
    seen: set[int] = set()
    found: list[Made] = []
    for step in recording.writing_steps(0, evidence.last):
        change = recording.change(step)
        if change is None or recording.steps.is_node(step) or len(found) >= MOST:
            continue
        written = {row[0] for row in change.contents}
        for tensor, _, storage, *_ in change.cards:
            card = recording.card(step, tensor) if storage in written else None
            if card is None or tensor not in named or not card.kind.dtype.startswith(FLOATING):
                continue
            numbers = evidence.numbers(step, tensor)
            if numbers is not None and numbers.content not in seen:
                seen.add(numbers.content)
                found.append(Made(step, card, numbers))
    return found


def _excuse(evidence: Evidence, made: Made, brief: Brief, excused: dict[int, str]) -> str:
    """``nan`` or ``inf`` when the program itself put it there, or reads unwritten memory."""
    code = evidence.recording.step(made.step).statement.code
    if mentions(code, "nan", *UNWRITTEN):
        return "nan"
    if not brief.nan and mentions(code, "inf"):
        return "inf"
    before = evidence.recording.cards_at(made.step - 1) if made.step else {}
    held = set()
    for other in before.values():
        content = evidence.recording.content(made.step - 1, other.storage)
        held.add(excused.get(content.id, "") if content is not None else "")
    if "nan" in held:
        return "nan"
    return "inf" if "inf" in held and not brief.nan else ""


def _born_here(evidence: Evidence, made: Made, brief: Brief) -> Search[Trouble]:
    """The first tensor with a name that holds any, or the node behind it where it was born."""
    what, cells = _said(brief)
    path = evidence.name_of(made.step, made.card.tensor)
    root = made.card.node
    place = yield from birthplace(evidence, root, what.lower()) if root else _nowhere()
    if place is None:
        sentence = (
            f"{what} is born in {cells} of {path} on {evidence.place(made.step)}: no tensor with a"
            " name held any before."
        )
        return _trouble(made, what, path, sentence)
    where = place.name
    if place.unknown:
        where += f", or in {' or '.join(place.unknown[:2])} before it, whose result was not kept"
    if place.node == root:
        sentence = (
            f"{what} is born in {cells} of {path} on {evidence.place(made.step)}, in {where}."
        )
        return _trouble(made, what, path, sentence)
    step = place.made if 0 <= place.made <= made.step else made.step
    sentence = (
        f"{what} is born on {evidence.place(step)}, in {where}; {path} on"
        f" {evidence.place(made.step)} is the first tensor with a name that holds any."
    )
    if place.numbers is None:
        return replace(_trouble(made, what, path, sentence), step=step, node=place.node)
    return Trouble(
        "born", step, sentence, -1, place.node, place.tensor, "", place.numbers, what.lower()
    )


def _nowhere() -> Search[None]:
    """A search without a graph to search in."""
    yield from ()


def _trouble(made: Made, what: str, path: str, sentence: str) -> Trouble:
    card = made.card
    return Trouble(
        "born", made.step, sentence, -1, card.node, card.tensor, path, made.numbers, what.lower()
    )


def _said(brief: Brief) -> tuple[str, str]:
    """``NaN`` or ``Inf``, and in how many cells, as words."""
    count = brief.nan or brief.inf
    return ("NaN" if brief.nan else "Inf"), ("1 cell" if count == 1 else f"{count} cells")


def _backward(evidence: Evidence) -> Search[Trouble | None]:
    for one in evidence.passes:
        for step in evidence.node_steps(one):
            out = [(slot, grad) for slot, grad in enumerate(step.grads_out) if grad]
            tensors = [*(grad for grad in step.grads_in if grad), *(grad for _, grad in out)]
            briefs = yield from evidence.briefs(
                evidence.numbers(step.step, tensor) for tensor in tensors
            )
            into, given = briefs[: -len(out) or None], briefs[len(briefs) - len(out) :]
            if any(map(has_bad, into)) or any(brief.sentence for brief in into):
                continue
            for (_, grad), brief in zip(out, given, strict=True):
                if has_bad(brief):
                    return _born_backward(evidence, step, grad, brief)
    return None


def _born_backward(evidence: Evidence, step: NodeStep, grad: int, brief: Brief) -> Trouble:
    what, cells = _said(brief)
    caller = evidence.place(evidence.recording.steps.owner(step.step))
    sentence = (
        f"{what} is born in backward, in {cells} of the gradient that {step.name} gives, called"
        f" from {caller}: the gradient that it got was finite."
    )
    look = evidence.numbers(step.step, grad)
    return Trouble("born", step.step, sentence, -1, step.node, grad, "", look, what.lower())
