"""From a result that has a NaN or Inf back through its graph, to the node where it was born.

Results without a name are known where some node saved them for backward. Where none did, it can
still be concluded: what only moves numbers about, or adds them up, makes no NaN of finite ones.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from explorer.model.layout.origin import first_step
from explorer.model.troubles.evidence import Evidence, Search, has_bad
from explorer.protocol.autograd import Node, NodeEdge, ReadNode
from explorer.protocol.numbers import NumbersOf

MOST_NODES = 400
OWN_RESULT = ("result", "result0", "output", "out")
"""What nodes call their operation's own first result when they save it."""
MOVES = (
    "View Reshape UnsafeView T Transpose Permute Expand Slice Select Index Gather Unsqueeze "
    "Squeeze Cat Stack Split Chunk Unbind Clone Alias AsStrided Neg Relu Diagonal Flip Roll "
    "Repeat ToCopy Narrow Unfold Detach"
).split()
"""Operations whose results hold no number that is not finite unless their operands do."""
ADDS = "Add Sub Sum Mean Mul Lerp Mv Mm Bmm Addmm Dot Cumsum".split()
"""These make no NaN of finite numbers, but may overflow to Inf."""


@dataclass(frozen=True)
class Birthplace:
    """A node whose result has a NaN or Inf though nothing known of its operands has one.

    ``unknown`` are nodes right behind it whose results were not kept. ``tensor`` and ``numbers``
    are the node's own result where that was kept.
    """

    node: int
    name: str
    made: int
    unknown: tuple[str, ...]
    tensor: int = 0
    numbers: NumbersOf | None = None


def birthplace(evidence: Evidence, root: int, what: str) -> Search[Birthplace | None]:
    """Where what the result of node ``root`` holds, ``nan`` or ``inf``, was born.

    None when the node cannot be read.
    """
    safe = MOVES + ADDS if what == "nan" else MOVES
    kept: tuple[int, NumbersOf | None] = (0, None)
    seen: set[int] = set()
    node = yield from _read(evidence, root)
    while node is not None:
        seen.add(node.node)
        found = yield from _sorted(evidence, node, seen)
        if found.bad is None and len(found.unknown) == 1 and _is_one_of(node.name, safe):
            found = _Operands(found.unknown[0], [], (0, None))
        if found.bad is None or len(seen) > MOST_NODES:
            unknown = tuple(one.name for one in found.unknown)
            return Birthplace(node.node, node.name, node.made, unknown, *kept)
        node, kept = found.bad, found.kept
    return None


@dataclass(frozen=True)
class _Operands:
    """What is known of a node's operands: one that is bad, and those of which nothing is known."""

    bad: Node | None
    unknown: list[Node]
    kept: tuple[int, NumbersOf | None]


def _sorted(evidence: Evidence, node: Node, seen: set[int]) -> Search[_Operands]:
    unknown = []
    for edge in node.edges:
        if not edge.node or edge.node in seen:
            continue
        before = yield from _read(evidence, edge.node)
        if before is None or before.leaf:
            continue
        tensor, numbers = _result(evidence, node, edge, before)
        (brief,) = yield from evidence.briefs([numbers])
        if has_bad(brief):
            return _Operands(before, [], (tensor, numbers))
        if brief.sentence:
            unknown.append(before)
    return _Operands(None, unknown, (0, None))


def _result(
    evidence: Evidence, node: Node, edge: NodeEdge, before: Node
) -> tuple[int, NumbersOf | None]:
    """The tensor that went from one operation into the next, if anybody kept it."""
    for row in node.saved:
        if row.argument == edge.argument and row.tensor:
            return row.tensor, _numbers(evidence, node.made, row.tensor)
    for row in before.saved:
        if edge.slot == 0 and row.argument in OWN_RESULT and row.tensor:
            return row.tensor, _numbers(evidence, before.made, row.tensor)
    named = evidence.named_results.get(before.node)
    return (named[1], evidence.numbers(*named)) if named is not None else (0, None)


def _numbers(evidence: Evidence, made: int, tensor: int) -> NumbersOf | None:
    """What a saved tensor held when it was seen first, which may be a few steps after it was."""
    seen = first_step(evidence.recording, tensor, evidence.last)
    return evidence.numbers(max(made, seen), tensor) if seen >= 0 else None


def _is_one_of(name: str, operations: list[str]) -> bool:
    return name.rstrip("0123456789").removesuffix("Backward") in operations


def _read(evidence: Evidence, node: int) -> Generator[object, Any, Node | None]:
    answer = yield ReadNode(node)
    return answer if isinstance(answer, Node) else None
