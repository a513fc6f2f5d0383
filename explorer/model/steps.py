"""The table of steps: statement, frame, thread, label and where each line ran."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.protocol.recording import NodeStep, PassRan, Statement, StepError, StepsRecorded

NO_STATEMENT = Statement(0, 0, 0, 0, "", "")


@dataclass(frozen=True)
class Step:
    """One step: a statement, or a node that ran during one.

    ``label`` is ``6`` for the sixth statement, ``6.2`` for the second node that ran during it.
    For a node ``statement`` is the statement that called backward, once that is known.
    """

    index: int
    label: str
    statement: Statement
    file: str
    frame: int
    thread: int
    node: NodeStep | None = None
    error: StepError | None = None


class StepTable:
    """Columns over all steps, and the statements and files they refer to."""

    def __init__(self) -> None:
        self.files: dict[int, str] = {}
        self.statements: dict[int, Statement] = {}
        self.nodes: dict[int, NodeStep] = {}
        self.errors: dict[int, StepError] = {}
        self.errors_told = 0
        """How often something was said of errors; of one it may be said twice."""
        self.passes: dict[int, list[PassRan]] = {}
        """Backward passes by the step whose statement they ran during."""
        self._pass_owners: array[int] = array("q")
        self._statement: array[int] = array("i")
        self._frame: array[int] = array("i")
        self._thread: array[int] = array("i")
        self._node_steps: array[int] = array("q")
        self._owner_of: dict[int, tuple[int, int]] = {}
        self._on_line: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))

    def __len__(self) -> int:
        return len(self._statement)

    def add_file(self, file: int, path: str, statements: tuple[Statement, ...]) -> None:
        """Take the statements of a file."""
        self.files[file] = path
        self.statements.update((statement.id, statement) for statement in statements)

    def add(self, news: StepsRecorded) -> None:
        """Append the columns of a batch.

        Raises:
            ValueError: when the batch does not follow the last one or its columns do not fit.
        """
        columns = np.frombuffer(news.columns, dtype="<i4")
        if news.first != len(self) or columns.size != 3 * news.count:
            raise ValueError("A batch of steps arrived that does not follow the one before.")
        for column, values in zip(
            (self._statement, self._frame, self._thread), np.split(columns, 3), strict=True
        ):
            column.frombytes(values.astype(np.intc).tobytes())
        self._index_lines(news.first, columns[: news.count])
        for node in news.nodes:
            self.nodes[node.step] = node
            self._node_steps.append(node.step)
        for error in news.errors:
            self.errors[error.step] = error
        self.errors_told += len(news.errors)
        for owner in news.owners:
            self._own(owner.first, owner.last, owner.owner)
        for one in news.passes:
            if one.owner not in self.passes:
                insort(self._pass_owners, one.owner)
            self.passes.setdefault(one.owner, []).append(one)

    def _index_lines(self, first: int, statements: NDArray[np.int32]) -> None:
        if not len(statements):  # a batch of frames alone
            return
        order = np.argsort(statements, kind="stable")
        ids, starts = np.unique(statements[order], return_index=True)
        for statement, places in zip(ids.tolist(), np.split(order, starts[1:]), strict=True):
            if statement:
                self._on_line[statement].frombytes((places + first).astype(np.int64).tobytes())

    def _own(self, first: int, last: int, owner: int) -> None:
        low, high = bisect_left(self._node_steps, first), bisect_right(self._node_steps, last)
        place = 0
        for step in self._node_steps[low:high]:
            if step not in self._owner_of:
                place += 1
                self._owner_of[step] = (owner, place)

    def frame_of(self, index: int) -> int:
        """Frame id of a step."""
        return self._frame[index]

    def statement_at(self, index: int) -> Statement:
        """The statement that is this step; `NO_STATEMENT` for a node."""
        return self.statements.get(self._statement[index], NO_STATEMENT)

    def is_node(self, index: int) -> bool:
        """Whether a step is a node of the graph, not a statement."""
        return self._statement[index] == 0

    def owner(self, index: int) -> int:
        """The step index of the statement that a node ran during; its own for a statement.

        Of a backward that has not ended yet, the index after the last step.
        """
        if not self.is_node(index):
            return index
        return self._owner_of.get(index, (len(self), 0))[0]

    def nodes_of(self, index: int) -> list[int]:
        """Step indices of the nodes that ran during the statement at ``index``, in order."""
        high = bisect_left(self._node_steps, index)
        found = []
        for place in range(high - 1, -1, -1):
            step = self._node_steps[place]
            owner = self._owner_of.get(step, (len(self), 0))[0]
            if owner > index:
                continue
            if owner < index:
                break
            found.append(step)
        return found[::-1]

    def backward_near(self, index: int) -> int:
        """The first statement from ``index`` on during which backward ran, else the last one
        before; -1 when none did."""
        place = min(bisect_left(self._pass_owners, index), len(self._pass_owners) - 1)
        return self._pass_owners[place] if place >= 0 else -1

    def node_near(self, index: int) -> int:
        """The first node step behind ``index``, else the last one before; -1 when none."""
        place = bisect_right(self._node_steps, index)
        return self._node_steps[min(place, len(self._node_steps) - 1)] if self._node_steps else -1

    def number(self, index: int) -> int:
        """How many statements there are up to and with this step: the statement's number."""
        return index + 1 - bisect_right(self._node_steps, index)

    def label(self, index: int) -> str:
        """``6`` for a statement, ``6.2`` for a node."""
        if not self.is_node(index):
            return str(self.number(index))
        owner, place = self._owner_of.get(index, (-1, 0))
        if owner >= 0:
            return f"{self.number(owner)}.{place}"
        pending = bisect_right(self._node_steps, index)
        while pending and self._node_steps[pending - 1] not in self._owner_of:
            pending -= 1
            place += 1
        return f"{self.number(index) + 1}.{place}"

    def index_of(self, label: str) -> int:
        """The index of the step with this label.

        Raises:
            ValueError: when there is no such step, in one sentence.
        """
        number, dot, place = label.partition(".")
        if number.isdecimal() and (not dot or place.isdecimal()):
            owner = self._index_of_number(int(number))
            nodes = self.nodes_of(owner) if place and owner >= 0 else []
            if not place and owner >= 0:
                return owner
            if place and 1 <= int(place) <= len(nodes):
                return nodes[int(place) - 1]
        raise ValueError(
            f"There is no step {label}; the program has {self.number(len(self) - 1)} steps."
        )

    def _index_of_number(self, number: int) -> int:
        if number < 1 or not len(self) or number > self.number(len(self) - 1):
            return -1
        low, high = number - 1, len(self) - 1
        while low < high:
            middle = (low + high) // 2
            if self.number(middle) < number:
                low = middle + 1
            else:
                high = middle
        return low

    def step(self, index: int) -> Step:
        """The step at an index.

        Raises:
            IndexError: when there is no such step.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"There is no step with the index {index}.")
        owner = self.owner(index)
        at = owner if owner < len(self) else index
        statement = self.statements.get(self._statement[at], NO_STATEMENT)
        return Step(
            index,
            self.label(index),
            statement,
            self.files.get(statement.file, ""),
            self._frame[index],
            self._thread[index],
            self.nodes.get(index),
            self.errors.get(index),
        )

    def lines_run(self, file: str) -> dict[int, int]:
        """Line -> how often a statement that starts there ran, for one file."""
        counts: dict[int, int] = {}
        for statement, steps in self._on_line.items():
            known = self.statements.get(statement, NO_STATEMENT)
            if self.files.get(known.file) == file:
                counts[known.line] = counts.get(known.line, 0) + len(steps)
        return counts

    def first_run(self, statement: int) -> int:
        """The first step at which a statement ran; -1 when it has not run."""
        runs = self._on_line.get(statement)
        return runs[0] if runs else -1

    def last_run(self, statement: int, at: int) -> int:
        """The last step up to and with ``at`` at which a statement ran; -1 when it had not run."""
        runs = self._on_line.get(statement)
        place = bisect_right(runs, at) if runs else 0
        return runs[place - 1] if runs and place else -1

    def run_count(self, statement: int, at: int) -> int:
        """How often a statement had run up to and with the step ``at``."""
        runs = self._on_line.get(statement)
        return bisect_right(runs, at) if runs else 0

    def run(self, statement: int, count: int) -> int:
        """The step at which a statement ran for so many times; -1 when it did not."""
        runs = self._on_line.get(statement, ())
        return runs[count - 1] if 0 < count <= len(runs) else -1

    def runs_of_line(self, file: str, line: int) -> list[int]:
        """Indices of the steps of all statements that cover a line, in order.

        Of nested statements (a loop and its body) only the innermost count.
        """
        covering = [
            known
            for known in self.statements.values()
            if known.line <= line <= known.end_line and self.files.get(known.file) == file
        ]
        if not covering:
            return []
        start = max(known.line for known in covering)
        inner = [known.id for known in covering if known.line == start]
        return sorted(step for known in inner for step in self._on_line.get(known, ()))

    def runs_since(
        self, done: Mapping[int, int], at_least: int
    ) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Statements that ran at least so often, each with the steps after the first ``done``."""
        for statement, steps in self._on_line.items():
            seen = done.get(statement, 0)
            if len(steps) >= at_least and len(steps) > seen:
                yield statement, np.array(steps[seen:], dtype=np.int64)

    def frames(self) -> NDArray[np.int32]:
        """Frame ids of all steps, int32, a copy; may be asked in any thread."""
        return _copy_of(self._frame)

    def statement_ids(self) -> NDArray[np.int32]:
        """Statement ids of all steps, int32, 0 for nodes; a copy; may be asked in any thread."""
        return _copy_of(self._statement)


def _copy_of(column: array[int]) -> NDArray[np.int32]:
    """Not through the buffer itself: an array cannot grow while somebody looks at its buffer."""
    return np.frombuffer(column.tobytes(), np.intc).astype(np.int32, copy=False)
