"""A graph as columns: what the layout, the folding and the export are given.

An edge runs from the node that made a tensor to a node that used it, so data flow along the
edges and gradients against them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class NodeKind(IntEnum):
    """What a node of the picture stands for."""

    OPERATION = 0
    LEAF = 1
    RESULT = 2
    CUT = 3


OPERATION, LEAF = int(NodeKind.OPERATION), int(NodeKind.LEAF)
"""Plain numbers: numpy takes far longer to compare a column with a member of an enumeration."""


@dataclass(frozen=True)
class GraphColumns:
    """A graph of ``n`` nodes, ``m`` edges and ``g`` calls that made the nodes.

    ``name``, ``kind``, ``sequence``, ``call`` and ``line`` have ``n`` rows: ``sequence`` is the
    order of creation (-1 where a node has none, as AccumulateGrad), ``call`` the innermost call
    of a module or function during which the node was made (-1: none), ``line`` the source line
    (0: unknown). ``source``, ``target``, ``source_slot`` (which output of the source) and
    ``target_slot`` (which input of the target) have ``m`` rows. ``call_label`` and
    ``call_parent`` (-1: outermost; always smaller than the call's own row) have ``g`` rows.
    """

    name: Sequence[str]
    kind: NDArray[np.uint8]
    sequence: Ints
    source: Ints
    target: Ints
    source_slot: Ints
    target_slot: Ints
    call: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    line: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    call_label: Sequence[str] = ()
    call_parent: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        """Check that the columns fit each other.

        Raises:
            ValueError: for columns of different lengths or an edge to a node that is not there.
        """
        n, m = len(self.name), len(self.source)
        if len(self.call) == 0 and n:
            object.__setattr__(self, "call", np.full(n, -1, np.int64))
        if len(self.line) == 0 and n:
            object.__setattr__(self, "line", np.zeros(n, np.int64))
        if any(len(c) != n for c in (self.kind, self.sequence, self.call, self.line)):
            raise ValueError(f"Every node column needs {n} rows, one for each name.")
        if any(len(c) != m for c in (self.target, self.source_slot, self.target_slot)):
            raise ValueError(f"Every edge column needs {m} rows, one for each source.")
        if len(self.call_label) != len(self.call_parent):
            raise ValueError("Every call needs a label and a parent.")
        if n and self.call.max() >= len(self.call_label):
            raise ValueError(f"A node was made in a call outside 0 ... {len(self.call_label) - 1}.")
        if (self.call_parent >= np.arange(len(self.call_parent))).any():
            raise ValueError("A call stands before the call that holds it.")
        ends = np.concatenate([self.source, self.target])
        if len(ends) and not (ends.min() >= 0 and ends.max() < n):
            raise ValueError(f"An edge leads to a node outside 0 ... {n - 1}.")

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def numbered_names(self) -> tuple[list[str], Ints]:
        """The different names, and for each node the number of its own."""
        return numbered(self.name)


def ints(numbers: Sequence[int]) -> Ints:
    """A list as a column; in half the time that ``np.array`` takes for it."""
    return np.fromiter(numbers, np.int64, len(numbers))


def nowhere(count: int) -> Ints:
    """A column of -1."""
    column = np.empty(count, np.int64)
    column.fill(-1)
    return column


def numbered(words: Sequence[str]) -> tuple[list[str], Ints]:
    """The different words in the order in which they come, and the number of each word."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    of_words = np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))
    return list(numbers), of_words


def graph_columns(
    names: Sequence[str],
    edges: Sequence[tuple[int, int]] | Sequence[tuple[int, int, int, int]],
    *,
    kinds: Sequence[int] | None = None,
    sequence: Sequence[int] | None = None,
) -> GraphColumns:
    """Columns from plain lists; an edge is (source, target) or (source, target, slot, slot)."""
    n = len(names)
    table = np.array([(*e, 0, 0)[:4] for e in edges], np.int64).reshape(-1, 4)
    return GraphColumns(
        name=list(names),
        kind=np.array(kinds if kinds is not None else [NodeKind.OPERATION] * n, np.uint8),
        sequence=np.array(sequence if sequence is not None else range(n), np.int64),
        source=table[:, 0],
        target=table[:, 1],
        source_slot=table[:, 2],
        target_slot=table[:, 3],
    )
