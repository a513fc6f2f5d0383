"""What the search for troubles knows: the recording, and what it asks the worker for.

The search is a generator: it yields requests and is sent their answers, so that the window can
ask without waiting and the command line by waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from explorer.model.graph.recorded import RecordedGraph, unpacked
from explorer.model.recording import Recording
from explorer.model.troubles.code import gradient_reads
from explorer.protocol.autograd import Graph, Pass, Passes, ReadGraph, ReadPasses
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.recording import NodeStep
from explorer.protocol.values import Brief, Briefs, ReadBriefs

T = TypeVar("T")
Search = Generator[object, Any, T]

AT_ONCE = 256
MOST_BRIEFS = 20_000
UNREAD = Brief(sentence="not looked at")


@dataclass(frozen=True)
class Trouble:
    """One thing that goes wrong.

    ``kind`` is one of `KINDS`; ``step`` where it shows, ``cause`` the step that brought it about
    (-1 when it is the same or not known). ``look`` are the numbers to show, and ``what`` is what
    to find among them: ``nan``, ``inf``, ``zero`` or nothing. ``cell`` is where that stands, once
    it has been looked for.
    """

    kind: str
    step: int
    sentence: str
    cause: int = -1
    node: int = 0
    tensor: int = 0
    name: str = ""
    look: NumbersOf | None = None
    what: str = ""
    cell: tuple[int, ...] | None = None


KINDS = {
    "none": "no gradient",
    "zero": "a gradient of zeros",
    "vanishing": "gradients that vanish",
    "exploding": "gradients that explode",
    "born": "NaN or Inf is born",
    "added": "a gradient added to an old one",
    "overwritten": "a saved tensor overwritten",
    "kept": "a graph kept alive",
    "freed": "a graph walked a second time",
}


class Evidence:
    """The recording, its passes, and answers that were had already."""

    def __init__(self, recording: Recording, passes: tuple[Pass, ...]) -> None:
        self.recording = recording
        self.passes = passes
        self._briefs: dict[NumbersOf, Brief] = {}
        self._graphs: dict[tuple[int, ...], RecordedGraph] = {}

    @property
    def last(self) -> int:
        """Index of the last step."""
        return len(self.recording) - 1

    @cached_property
    def first_runs(self) -> list[int]:
        """The first step of each statement that ran, in order."""
        statements, firsts = np.unique(self._statement_ids, return_index=True)
        return sorted(int(at) for at, one in zip(firsts, statements, strict=True) if one)

    @cached_property
    def gradient_reads(self) -> list[tuple[int, tuple[str, ...]]]:
        """Every step that reads some ``.grad``, with the paths whose it reads, in order."""
        statements = self.recording.steps.statements.values()
        reads = {one.id: gradient_reads(one.code) for one in statements}
        wanted = [statement for statement, paths in reads.items() if paths]
        ids = self._statement_ids
        return [(int(step), reads[int(ids[step])]) for step in np.flatnonzero(np.isin(ids, wanted))]

    @cached_property
    def named(self) -> frozenset[int]:
        """Every tensor that ever had a name."""
        recording = self.recording
        found: set[int] = set()
        for step in range(len(recording)):
            change = recording.change(step)
            if change is not None:
                found.update(tensor for _, tensor in change.names)
                found.update(tensor for _, _, tensor in change.elsewhere)
        return frozenset(found)

    @cached_property
    def named_results(self) -> dict[int, tuple[int, int]]:
        """Node -> (step, tensor) of the result that has a name."""
        recording, named = self.recording, self.named
        found: dict[int, tuple[int, int]] = {}
        for step in range(len(recording)):
            change = recording.change(step)
            for row in change.cards if change is not None else ():
                if row[4] and row[0] in named:
                    found.setdefault(row[4], (step, row[0]))
        return found

    @cached_property
    def _statement_ids(self) -> np.ndarray:
        return self.recording.steps.statement_ids()

    def node_steps(self, one: Pass) -> list[NodeStep]:
        """The node steps of a pass, in order; empty when they were not recorded."""
        if not one.recorded:
            return []
        end = one.ended if one.ended >= 0 else len(self.recording)
        nodes = self.recording.steps.nodes
        return [nodes[step] for step in range(one.began, end) if step in nodes]

    def numbers(self, step: int, tensor: int) -> NumbersOf | None:
        """Where the numbers of a tensor at a step are; None when they were not kept."""
        found = self.recording.numbers_of(step, tensor)
        return None if found is None or found.content in self.recording.dropped else found

    def name_of(self, step: int, tensor: int) -> str:
        """What the program calls a tensor at a step, or words for one without a name."""
        for at in (step, self.last):
            names = self.recording.names_of_tensor(at, tensor)
            if names:
                return names[0]
        return "a tensor without a name"

    def place(self, step: int) -> str:
        """``line 7 (z.backward())``."""
        statement = self.recording.step(step).statement
        code = statement.code if len(statement.code) <= 60 else statement.code[:59] + "…"
        return f"line {statement.line} ({code})"

    def briefs(self, wanted: Iterable[NumbersOf | None]) -> Search[list[Brief]]:
        """The gist of each, in the order asked; what cannot be had has a sentence."""
        listed = list(wanted)
        new = [one for one in dict.fromkeys(listed) if one is not None and one not in self._briefs]
        new = new[: max(MOST_BRIEFS - len(self._briefs), 0)]
        for first in range(0, len(new), AT_ONCE):
            asked = tuple(new[first : first + AT_ONCE])
            answer = yield ReadBriefs(asked)
            if isinstance(answer, Briefs):
                self._briefs.update(zip(asked, answer.briefs, strict=True))
        return [UNREAD if one is None else self._briefs.get(one, UNREAD) for one in listed]

    def graph(self, roots: tuple[int, ...]) -> Search[RecordedGraph | None]:
        """All behind some nodes; None when the worker does not answer."""
        known = self._graphs.get(roots)
        if known is None:
            answer = yield ReadGraph(roots)
            if not isinstance(answer, Graph):
                return None
            known = self._graphs[roots] = unpacked(answer)
        return known


def gather(recording: Recording) -> Search[Evidence]:
    """Ask for what every search needs."""
    answer = yield ReadPasses()
    return Evidence(recording, answer.passes if isinstance(answer, Passes) else ())


def drive(search: Search[T], ask: Callable[[object], Any]) -> T:
    """Run a search to its end with a function that waits for answers."""
    answer: Any = None
    while True:
        try:
            request = search.send(answer)
        except StopIteration as done:
            result: T = done.value
            return result
        answer = ask(request)


def is_zero(brief: Brief) -> bool:
    """Whether every number is zero."""
    return not brief.sentence and brief.count > 0 and brief.zeros == brief.count


def is_alive(brief: Brief) -> bool:
    """Whether some number is not zero."""
    return not brief.sentence and brief.zeros < brief.count


def has_bad(brief: Brief) -> bool:
    """Whether there is a NaN or an Inf."""
    return brief.nan > 0 or brief.inf > 0


def strength(brief: Brief) -> float:
    """The number furthest from zero."""
    return max(abs(float(brief.low or 0)), abs(float(brief.high or 0)))
