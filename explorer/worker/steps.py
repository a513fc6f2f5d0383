"""The log that the probes write, entry by entry, and what its entries mean.

The log is one flat list: three items an entry, (code, frame, value), so that a probe on the
fastest path makes no object that lives on. A positive code is a statement id whose only effect
is the scalar bound; its frame is the ``id`` of a frame object, or -1 - file for module level.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from explorer.worker.cards import Row

STEP, ENTERED, PRINTED, NODE, ERROR, NOTE = -1, -2, -3, -4, -5, -6

NamesOf = tuple[int, str, tuple[tuple[str, int], ...]]
"""(frame id, root name, every path below it with its tensor id)."""

SCALARS = frozenset({int, float, bool, type(None)})
"""Types whose values are kept as they are."""


class Change:
    """What a step changed, collected while it is looked at."""

    __slots__ = ("cards", "contents", "names")

    def __init__(self) -> None:
        self.names: list[NamesOf] = []
        self.cards: list[Row] = []
        self.contents: list[tuple[int, int, int, int]] = []


class StepEntry(NamedTuple):
    """Value of a `STEP` entry; ``values`` are what the statement's names were bound to where
    that is a scalar, else None."""

    statement: int
    thread: int
    change: Change
    values: tuple[Any, ...]


class NodeEntry(NamedTuple):
    """Value of a `NODE` entry."""

    node: int
    name: str
    thread: int
    grads_in: tuple[int, ...]
    grads_out: tuple[int, ...]
    leaf: int
    change: Change


class ErrorEntry(NamedTuple):
    """Value of an `ERROR` entry."""

    statement: int
    thread: int
    type: str
    message: str
    explained: str
    caught: bool
    change: Change


class EnteredEntry(NamedTuple):
    """Value of an `ENTERED` entry; its frame column holds the ``id`` of the frame object."""

    frame: int
    function: str
    caller: int
    thread: int
    file: int
    is_module: bool
