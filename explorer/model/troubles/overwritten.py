"""Saved tensors that were overwritten in place before backward needed them: by which line."""

from __future__ import annotations

from explorer.model.troubles.evidence import Evidence, Search, Trouble
from explorer.protocol.autograd import Node, Pass, ReadNode, SavedTensor


def overwritten_tensors(evidence: Evidence) -> Search[list[Trouble]]:
    """One trouble for each saved tensor that made a backward fail."""
    found = []
    for one in evidence.passes:
        for number, argument in one.overwritten:
            node = yield ReadNode(number)
            if isinstance(node, Node):
                found.append(_told(evidence, one, node, argument))
    return found


def _told(evidence: Evidence, one: Pass, node: Node, argument: str) -> Trouble:
    recording = evidence.recording
    saved = next((row for row in node.saved if row.argument == argument), None)
    asked = recording.steps.owner(one.ended)
    tensor = saved.tensor if saved is not None else 0
    step = _overwritten_at(evidence, node, saved, one.ended)
    name = _name(evidence, node, tensor)
    by = f" by {evidence.place(step)}" if step >= 0 else ""
    sentence = (
        f"{node.name} of {evidence.place(node.made)} had saved {name} for backward, and it was"
        f" overwritten{by}. Compute a new tensor there, or write into a clone()."
    )
    return Trouble("overwritten", asked, sentence, step, node.node, tensor, name)


def _overwritten_at(evidence: Evidence, node: Node, saved: SavedTensor | None, before: int) -> int:
    """The first step after the node was made that wrote into the storage; -1 when not seen."""
    recording = evidence.recording
    if saved is None or not saved.tensor:
        return -1
    card = recording.card(node.made, saved.tensor)
    if card is None:
        return -1
    writes = [step for step, _ in recording.contents_history(card.storage)]
    return next((step for step in writes if node.made < step <= before), -1)


def _name(evidence: Evidence, node: Node, tensor: int) -> str:
    """What the program calls the tensor, or one that looks into the same storage."""
    recording = evidence.recording
    card = recording.card(node.made, tensor) if tensor else None
    if card is None:
        return "a tensor"
    for path, other in recording.cards_at(node.made).items():
        if other.tensor == tensor:
            return path
    for path, other in recording.cards_at(node.made).items():
        if other.storage == card.storage:
            return path
    return "a tensor without a name"
