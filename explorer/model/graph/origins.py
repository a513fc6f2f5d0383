"""Where the nodes of a graph came from: the statement that made each, and the calls around it.

Calls become groups: the activation of a function of the program, a statement that made many nodes
at once (a call into a library), and inside that the modules that its parameters' names tell of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.columns import Ints
from explorer.model.recording import Recording

MANY_NODES = 9
"""A statement that made at least so many nodes is a group of its own."""

LONGEST_LABEL = 34


@dataclass(frozen=True)
class Origins:
    """For each node the statement's ``line``, its ``frame`` and its ``step`` (-1: unknown). Rows
    of frames are places in ``label`` and ``caller`` (-1: the program itself); ``code`` is the text
    of the statements that made nodes, by step."""

    line: Ints
    frame: Ints
    step: Ints
    label: list[str]
    caller: list[int]
    code: dict[int, str]


def origins(recording: Recording, made: Ints) -> Origins:
    """Look up who made the nodes; call it where the recording does not change meanwhile."""
    steps = recording.steps
    known = (made >= 0) & (made < len(steps))
    at = np.where(known, made, 0)
    empty = np.full(len(made), -1, np.int64)
    if not known.any():
        return Origins(np.zeros(len(made), np.int64), empty, empty, [], [], {})
    frame = np.where(known, steps.frames()[at].astype(np.int64), 0)
    statement = np.where(known, steps.statement_ids()[at].astype(np.int64), 0)
    rows, label, caller = _frame_rows(recording, np.unique(frame[known]).tolist())
    lines = {
        one: steps.statements[one].line if one in steps.statements else 0
        for one in np.unique(statement).tolist()
    }
    line = np.array([lines[one] for one in statement.tolist()], np.int64)
    row = np.array([rows[one] for one in frame.tolist()], np.int64)
    codes = _codes(recording, made[known], statement[known])
    return Origins(line, np.where(known, row, -1), np.where(known, made, -1), label, caller, codes)


def _frame_rows(
    recording: Recording, frames: list[int]
) -> tuple[dict[int, int], list[str], list[int]]:
    """Rows of frames and of those that called them, callers first; the program itself is -1."""
    rows = {0: -1}
    label: list[str] = []
    caller: list[int] = []
    for frame in frames:
        chain = []
        while frame not in rows and frame in recording.frames:
            chain.append(frame)
            frame = recording.frames[frame].caller
        above = rows.get(frame, -1)
        for one in reversed(chain):
            rows[one] = len(label)
            label.append(recording.frames[one].function)
            caller.append(above)
            above = rows[one]
    return rows, label, caller


def _codes(recording: Recording, made: Ints, statement: Ints) -> dict[int, str]:
    """The text of each statement that made many nodes."""
    steps, first, count = np.unique(made, return_index=True, return_counts=True)
    many = count >= MANY_NODES
    found = {}
    for step, place in zip(steps[many].tolist(), first[many].tolist(), strict=True):
        known = recording.steps.statements.get(int(statement[place]))
        found[step] = known.code if known is not None else ""
    return found


@dataclass(frozen=True)
class Calls:
    """Calls as `GraphColumns` wants them: ``call`` of each node, ``label`` and ``parent``."""

    call: Ints
    label: list[str]
    parent: Ints


def calls_of(made_by: Origins, order: Ints, leaf_names: list[str]) -> Calls:
    """The calls around the nodes.

    ``order`` are the rows of the nodes in the order of their creation; ``leaf_names`` has for
    each node the name of a parameter that it uses, or nothing.
    """
    label, parent = list(made_by.label), list(made_by.caller)
    call = made_by.frame.copy()
    order = order[np.argsort(made_by.step[order], kind="stable")]
    steps = made_by.step[order]
    for step in made_by.code:
        first, past = np.searchsorted(steps, [step, step + 1])
        nodes = order[first:past]
        if len(nodes) < MANY_NODES:
            continue
        row = len(label)
        label.append(_shortened(made_by.code[step]))
        parent.append(int(made_by.frame[nodes[0]]))
        call[nodes] = row
        _add_modules(call, label, parent, nodes, leaf_names)
    modules = _name_by_parameters(call, label, parent, len(made_by.label), leaf_names)
    return _with_outer_modules(call, label, parent, modules)


def _shortened(code: str) -> str:
    line = code.strip().splitlines()[0] if code.strip() else "statement"
    return line if len(line) <= LONGEST_LABEL else line[: LONGEST_LABEL - 1] + "…"


def _add_modules(
    call: Ints, label: list[str], parent: list[int], nodes: Ints, leaf_names: list[str]
) -> None:
    """Calls inside one statement, from the names of the parameters met on the way: a node without
    one belongs to the module of the node before it."""
    outer = int(call[nodes[0]])
    path: tuple[str, ...] = ()
    rows: list[int] = []
    for node in nodes.tolist():
        name = leaf_names[node]
        here = tuple(name.split(".")[:-1]) if name else path
        shared = 0
        while shared < min(len(here), len(path)) and here[shared] == path[shared]:
            shared += 1
        del rows[shared:]
        for depth in range(shared, len(here)):
            rows.append(len(label))
            label.append(".".join(here[: depth + 1]))
            parent.append(rows[-2] if depth else outer)
        path = here
        call[node] = rows[-1] if rows else outer


def _name_by_parameters(
    call: Ints, label: list[str], parent: list[int], frames: int, leaf_names: list[str]
) -> set[int]:
    """Call activations of functions by the module whose parameters they use, where there is one:
    the dotted beginning that all parameters used inside share. Returns the rows so called."""
    shared: list[list[str] | None] = [None] * len(label)
    for node, name in enumerate(leaf_names):
        at = int(call[node])
        if not name or at < 0:
            continue
        parts = name.split(".")[:-1]
        while at >= 0:
            known = shared[at]
            shared[at] = parts if known is None else _common(known, parts)
            at = parent[at]
    named = set()
    for row in range(frames):
        parts = shared[row] or []
        outer = shared[parent[row]] if parent[row] >= 0 else None
        if parts and parts != outer:
            label[row] = ".".join(parts)
            named.add(row)
        else:
            label[row] = label[row].removesuffix(".forward")
    return named


def _with_outer_modules(
    call: Ints, label: list[str], parent: list[int], modules: set[int]
) -> Calls:
    """The calls with those between a module and the one that called it which are no function of
    the program: ``net.layer1`` around ``net.layer1.0`` and ``net.layer1.1`` in ``net``."""
    labels: list[str] = []
    parents: list[int] = []
    row_of: list[int] = []
    between: dict[tuple[int, str], int] = {}
    for row, words in enumerate(label):
        outer = row_of[parent[row]] if parent[row] >= 0 else -1
        known = label[parent[row]] if parent[row] in modules else ""
        if row in modules and known and words.startswith(f"{known}."):
            parts = words.split(".")
            for depth in range(known.count(".") + 2, len(parts)):
                path = ".".join(parts[:depth])
                inner = between.setdefault((outer, path), len(labels))
                if inner == len(labels):
                    labels.append(path)
                    parents.append(outer)
                outer = inner
        row_of.append(len(labels))
        labels.append(words)
        parents.append(outer)
    rows = np.array([*row_of, -1], np.int64)
    return Calls(rows[call], labels, np.array(parents, np.int64))


def _common(one: list[str], other: list[str]) -> list[str]:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[:same]
