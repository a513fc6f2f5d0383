"""Where the history of a graph's tensors was left behind, and by which line."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from explorer.model.recording import Recording
from explorer.model.troubles.code import cuts_in, mentions, paths_read
from explorer.model.troubles.cuts import WHOLE_NUMBERS

MOST = 40


@dataclass(frozen=True)
class DrawnCut:
    """One cut: ``node`` (0: a leaf) or ``leaf`` made what was read, ``how`` is the cut as code,
    ``target`` the tensor without history that the statement at ``step`` bound to ``name`` (0 and
    empty where it bound none)."""

    node: int
    leaf: int
    how: str
    step: int
    line: int
    code: str
    name: str = ""
    target: int = 0

    @property
    def words(self) -> str:
        """Where it is, and what came of it."""
        gives = f" gives {self.name}" if self.name else ""
        return f"line {self.line}{gives}"


def cuts_of(
    recording: Recording, step: int, nodes: Container[int], leaves: Container[int]
) -> list[DrawnCut]:
    """Cuts of what the nodes (ids) and leaves (tensor ids) of a graph made, up to a step; of each
    statement that one of its last run."""
    steps = recording.steps
    found: list[DrawnCut] = []
    for statement in steps.statements.values():
        if len(found) >= MOST:
            break
        at = steps.last_run(statement.id, step)
        if at < 0:
            continue
        sources = _sources(recording, at, statement.code, nodes, leaves)
        if sources:
            found += _cuts_at(recording, at, statement.code, statement.line, sources)
    return sorted(found, key=lambda one: one.step)[:MOST]


def _sources(
    recording: Recording,
    at: int,
    code: str,
    nodes: Container[int],
    leaves: Container[int],
) -> list[tuple[int, int, int]]:
    """(tensor, node, leaf) of what a statement read and the graph made, what was made last first;
    one of the two is 0."""
    frame_of = recording.steps.frame_of
    before = at - 1 if at and frame_of(at - 1) == frame_of(at) else at
    found = []
    for path in paths_read(code):
        tensor = recording.tensor_named(before, path)
        card = recording.card(before, tensor) if tensor else None
        if card is None or not card.kind.requires_grad:
            continue
        if card.node in nodes:
            found.append((tensor, card.node, 0))
        elif tensor in leaves:
            found.append((tensor, 0, tensor))
    return sorted(found, key=lambda one: (-one[1], one[2]))


def _cuts_at(
    recording: Recording, at: int, code: str, line: int, sources: list[tuple[int, int, int]]
) -> list[DrawnCut]:
    change = recording.change(at)
    bound = [(path, one) for path, one in change.names if one] if change else []
    read = {tensor for tensor, _, _ in sources}
    spoken = cuts_in(code)
    _, node, leaf = sources[0]
    if not bound:
        plain = [word for word in spoken if word in (".item()", ".tolist()", ".numpy()")]
        return [DrawnCut(node, leaf, plain[0], at, line, code)] if plain else []
    found = []
    for path, tensor in bound:
        card = recording.card(at, tensor)
        if card is None or card.kind.requires_grad or tensor in read:
            continue
        how = _how(recording, at, code, spoken, card.kind.dtype)
        if how:
            found.append(DrawnCut(node, leaf, how, at, line, code, path, tensor))
    return found[:1]


def _how(recording: Recording, at: int, code: str, spoken: tuple[str, ...], dtype: str) -> str:
    """How a cut is called on a graph; empty for what has no history for another reason."""
    modes = recording.modes.at(at)
    if modes is not None and modes.inference:
        return "inference_mode()"
    if modes is not None and not modes.grad_enabled:
        return "no_grad()"
    if spoken:
        return spoken[0]
    whole = dtype in WHOLE_NUMBERS and not mentions(code, "_like(", ".shape", ".size(")
    return f"{dtype} result" if whole else ""
