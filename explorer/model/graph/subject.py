"""Whose graph is looked at, and which of its nodes have run."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from explorer.model.card import storage_letter
from explorer.model.graph.drawing import Named
from explorer.model.memory.frames_alive import callers_of
from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.tensor_words import short_card

MOST_NAMES = 2000
"""Where there are more names, nodes are not called by the tensors that they made."""


@dataclass(frozen=True)
class Subject:
    """The graph that belongs to a moment.

    ``nodes`` are the node ids from which it is read, ``tensor`` the result that the first of them
    made (0: unknown) and ``name`` what it is called. ``chosen`` is false when the tensor looked at
    has no graph and the graph is another's. ``owner`` is the statement that called the backward
    pass that the moment is in or has just ended (-1: none), ``steps`` all node steps of it, and
    ``inside`` tells whether the moment is one of those.
    """

    nodes: tuple[int, ...]
    tensor: int
    name: str
    chosen: bool = True
    owner: int = -1
    steps: tuple[int, ...] = ()
    inside: bool = False

    def same_graph(self, other: Subject | None) -> bool:
        """Whether another subject is read from the same nodes."""
        return other is not None and self.nodes == other.nodes


def subject_at(recording: Recording, moment: Moment, before: Subject | None) -> Subject | None:
    """Whose graph to show: at a step inside backward that of backward's root, else that of the
    chosen tensor; if it has none, the graph shown before stays or the last one made is shown."""
    step = moment.step
    if not 0 <= step < len(recording):
        return None
    owner = recording.steps.owner(step)
    steps = _pass_of(recording, step, owner, before)
    backward = (owner if steps else -1, steps)
    if recording.steps.is_node(step):
        return _of_backward(recording, step, backward, before)
    card = recording.card(step, moment.tensor) if moment.tensor else None
    if card is not None and card.node and not moment.pinned:
        return Subject((card.node,), card.tensor, moment.name, True, *backward)
    if before is not None and _still_there(recording, step, before):
        owner, steps = backward
        return replace(before, chosen=moment.pinned, owner=owner, steps=steps, inside=False)
    return _last_made(recording, step, backward)


def _pass_of(
    recording: Recording, step: int, owner: int, before: Subject | None
) -> tuple[int, ...]:
    """The node steps of the pass that a step belongs to."""
    if before is not None and before.owner == owner < len(recording) and before.steps:
        return before.steps
    if owner < len(recording):
        return tuple(recording.steps.nodes_of(owner))
    first = step
    while first > 0 and recording.steps.is_node(first - 1):
        first -= 1
    return tuple(range(first, step + 1))


def _of_backward(
    recording: Recording, step: int, backward: tuple[int, tuple[int, ...]], before: Subject | None
) -> Subject:
    owner, steps = backward
    first = recording.steps.nodes[steps[0]].node
    if before is not None and before.nodes and before.nodes[0] == first:
        return replace(before, chosen=True, owner=owner, steps=steps, inside=True)
    for path, card in recording.cards_at(step).items():
        if card.node == first:
            return Subject((first,), card.tensor, path, True, owner, steps, True)
    return Subject((first,), 0, "", True, owner, steps, True)


def _still_there(recording: Recording, step: int, before: Subject) -> bool:
    if not before.tensor:
        return False
    card = recording.card(step, before.tensor)
    if card is None or card.node not in before.nodes:
        return False
    frames = callers_of(recording, recording.steps.frame_of(step))
    return any(before.tensor in recording.names_in(one, step).values() for one in frames)


def _last_made(
    recording: Recording, step: int, backward: tuple[int, tuple[int, ...]]
) -> Subject | None:
    """The tensor with the youngest node among those that have a name."""
    best = max(
        ((card.node, path, card.tensor) for path, card in recording.cards_at(step).items()),
        default=(0, "", 0),
    )
    node, path, tensor = best
    return Subject((node,), tensor, path, False, *backward) if node else None


def named_tensors(recording: Recording, step: int, wanted: Set[int]) -> dict[int, Named]:
    """The ``wanted`` tensors with the names that they have at a step: of several the one of the
    outermost function under way, so that names stay while inner functions come and go, and of
    those the shortest."""
    names: dict[int, tuple[int, int, str]] = {}
    frames = callers_of(recording, recording.steps.frame_of(step)) if step >= 0 else []
    frames = [*dict.fromkeys((*frames, 0))]
    for depth, frame in enumerate(reversed(frames)):
        for path, tensor in recording.names_in(frame, step).items():
            if tensor in wanted:
                key = (depth, len(path), path)
                names[tensor] = min(key, names.get(tensor, key))
    found = {}
    for tensor, (_, _, path) in names.items():
        card = recording.card(step, tensor)
        if card is not None:
            letter = storage_letter(card.storage)
            found[tensor] = Named(path, short_card(card), letter, tensor)
    return found


def results_of_nodes(recording: Recording, step: int) -> dict[int, str]:
    """Node id -> name of the tensor that it made, for names of the step's frame."""
    names = recording.names_at(step)
    if len(names) > MOST_NAMES:
        return {}
    found: dict[int, str] = {}
    for path, tensor in names.items():
        card = recording.card(step, tensor)
        if card is not None and card.node:
            known = found.get(card.node)
            found[card.node] = path if known is None or len(path) < len(known) else known
    return found
