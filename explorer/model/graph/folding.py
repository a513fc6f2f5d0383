"""The tree of groups in which a graph folds: calls, passes of loops, then chunks.

Every group is a run of nodes that lie side by side in the order of the picture. All edges lead
forward in that order, so drawing a run as one box can never make a circle.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from explorer.model.graph.columns import Ints, nowhere
from explorer.model.graph.docking import Skeleton
from explorer.model.graph.loops import Loop, best_cut, find_loops

MOST_CHILDREN = 48
"""A group with more children is cut into chunks."""

OPEN_ALL = 60
"""A graph with at most so many nodes starts unfolded."""

LOOPS_FROM = 16
"""Loops of fewer children than this are not folded."""


_NONE = np.zeros(0, np.int64)


class GroupKind(IntEnum):
    """What made a group."""

    ROOT = 0
    CALL = 1
    PASS = 2
    CHUNK = 3


@dataclass
class Groups:
    """The tree. Row 0 is the whole graph; a group's row is larger than its parent's.

    Group ``g`` holds the places ``start[g]`` to ``end[g]`` of the skeleton. Its children begin at
    the places ``child_start[g]``; ``child_group[g]`` has the child's own row, -1 for a node.
    """

    label: list[str] = field(default_factory=list)
    kind: list[GroupKind] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    child_start: list[Ints] = field(default_factory=list)
    child_group: list[Ints] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.label)

    def add(self, label: str, kind: GroupKind, start: int, end: int, parent: int) -> int:
        """A new group that is still to be given its children; returns its row."""
        self.label.append(label)
        self.kind.append(kind)
        self.start.append(start)
        self.end.append(end)
        self.parent.append(parent)
        self.child_start.append(_NONE)
        self.child_group.append(_NONE)
        return len(self.label) - 1

    def add_row(
        self, labels: list[str], kind: GroupKind, parent: int, cuts: list[int]
    ) -> tuple[Ints, Ints]:
        """New groups side by side in the place of the children of a group from ``cuts[0]`` to
        ``cuts[-1]``, each with those between two cuts; returns their starts and their rows."""
        starts, inner = self.child_start[parent], self.child_group[parent]
        first = len(self)
        bounds = [*starts[cuts[:-1]].tolist()]
        past = int(starts[cuts[-1]]) if cuts[-1] < len(starts) else self.end[parent]
        self.label += labels
        self.kind += [kind] * len(labels)
        self.start += bounds
        self.end += [*bounds[1:], past]
        self.parent += [parent] * len(labels)
        self.child_start += [starts[low:high] for low, high in itertools.pairwise(cuts)]
        self.child_group += [inner[low:high] for low, high in itertools.pairwise(cuts)]
        moved = np.flatnonzero(inner[cuts[0] : cuts[-1]] >= 0) + cuts[0]
        owner = np.searchsorted(cuts, moved, side="right") - 1 + first
        for child, row in zip(inner[moved].tolist(), owner.tolist(), strict=True):
            self.parent[child] = row
        return np.array(bounds, np.int64), np.arange(first, len(self))

    def holders(self, place: int) -> list[int]:
        """The groups that hold a place, from the whole graph inwards."""
        found = [0]
        while True:
            group = found[-1]
            child = int(np.searchsorted(self.child_start[group], place, side="right")) - 1
            inner = int(self.child_group[group][child])
            if inner < 0:
                return found
            found.append(inner)

    def longer_than(self, children: int) -> list[int]:
        """The groups that have more children."""
        return [row for row, starts in enumerate(self.child_start) if len(starts) > children]

    def path(self, group: int) -> tuple[str, ...]:
        """The labels of a group and of those around it, from the outermost inwards."""
        found = []
        while group > 0:
            found.append(self.label[group])
            group = self.parent[group]
        return tuple(reversed(found))

    def title(self, group: int) -> str:
        """Label and number of nodes, as ``layer1 (32)``."""
        return f"{self.label[group]} ({self.end[group] - self.start[group]})"


def flat_groups(skeleton: Skeleton) -> Groups:
    """No folding: the whole graph is one group."""
    groups = Groups()
    groups.add("graph", GroupKind.ROOT, 0, len(skeleton), -1)
    groups.child_start[0] = np.arange(len(skeleton))
    groups.child_group[0] = nowhere(len(skeleton))
    return groups


def fold(skeleton: Skeleton) -> Groups:
    """The tree of groups of a graph."""
    groups = flat_groups(skeleton)
    _add_calls(groups, skeleton)
    tokens, alive = _tokens(skeleton), _alive(skeleton)
    # Equal layers have equal loops, which are looked for once.
    known: dict[bytes, list[Loop]] = {}
    for group in groups.longer_than(LOOPS_FROM - 1):
        _add_passes(groups, group, tokens, alive, known)
    for group in groups.longer_than(MOST_CHILDREN):
        _add_chunks(groups, group, skeleton)
    return groups


def open_at_first(groups: Groups) -> set[int]:
    """The groups that are open when a graph is first shown: all in a small graph; else those
    that hold most of it, one inside the other, for a picture of one box says nothing."""
    size = groups.end[0] - groups.start[0]
    if size <= OPEN_ALL or len(groups) == 1:
        return set(range(len(groups)))
    shown = [0]
    while True:
        inner = [group for group in groups.child_group[shown[-1]].tolist() if group >= 0]
        largest = max(inner, key=lambda g: groups.end[g] - groups.start[g], default=0)
        if 2 * (groups.end[largest] - groups.start[largest]) < size or largest == 0:
            return set(shown)
        shown.append(largest)


def _add_calls(groups: Groups, skeleton: Skeleton) -> None:
    """Groups of the calls of modules and functions, outer calls first."""
    graph = skeleton.graph
    call = graph.call[skeleton.order]
    chains = _ancestors(graph.call_parent, call)
    holder = np.zeros(len(skeleton), np.int64)
    for calls in chains:
        runs = np.flatnonzero(np.diff(calls) != 0) + 1
        starts = np.concatenate([[0], runs])
        ends = np.concatenate([runs, [len(calls)]])
        begun = calls[starts].tolist()
        for start, end, first in zip(starts.tolist(), ends.tolist(), begun, strict=True):
            if first < 0 or end - start < 2:
                continue
            parent, label = int(holder[start]), graph.call_label[first]
            if groups.start[parent] == start and groups.end[parent] == end:
                # One box in another of the same size: the inner name says more.
                groups.label[parent] = label if parent else groups.label[parent]
                continue
            holder[start:end] = groups.add(label, GroupKind.CALL, start, end, parent)
    _set_children(groups, holder)


def _ancestors(parent: Ints, call: Ints) -> list[Ints]:
    """For each depth of nesting the call, or -1, that each node was made in at that depth."""
    if len(call) == 0 or call.max() < 0:
        return []
    depths: list[int] = []
    for above in parent.tolist():
        depths.append(depths[above] + 1 if above >= 0 else 0)
    depth = np.array(depths, np.int64)
    found: list[Ints] = []
    current = call.copy()
    for level in range(int(depth.max()), -1, -1):
        here = np.where((current >= 0) & (depth[current] == level), current, -1)
        found.append(here)
        current = np.where(here >= 0, parent[current], current)
    return found[::-1]


def _set_children(groups: Groups, holder: Ints) -> None:
    """Give every group the nodes and groups that it holds; ``holder`` has the innermost group of
    each node."""
    if len(groups) == 1:
        return
    places, rows = len(holder), np.arange(1, len(groups))
    owner = np.concatenate([holder, groups.parent[1:]])
    start = np.concatenate([np.arange(places), groups.start[1:]])
    order = np.argsort(owner * (places + 1) + start)
    start = start[order]
    inner = np.concatenate([np.full(places, -1, np.int64), rows])[order]
    cuts = np.searchsorted(owner[order], np.arange(len(groups) + 1)).tolist()
    for group, (low, high) in enumerate(itertools.pairwise(cuts)):
        groups.child_start[group], groups.child_group[group] = start[low:high], inner[low:high]


def _tokens(skeleton: Skeleton) -> Ints:
    """Equal numbers for nodes of the same operation made by the same line."""
    graph = skeleton.graph
    name = graph.numbered_names[1][skeleton.order]
    return name * (int(graph.line.max(initial=0)) + 1) + graph.line[skeleton.order]


def _alive(skeleton: Skeleton) -> Ints:
    """How many nodes before each place are still wanted at it or after it."""
    last = np.arange(len(skeleton))
    np.maximum.at(last, skeleton.source, skeleton.target)
    change = np.zeros(len(skeleton) + 2, np.int64)
    change[1 : len(skeleton) + 1] += 1
    np.add.at(change, last + 1, -1)
    return np.cumsum(change)[: len(skeleton) + 1]


def _add_passes(
    groups: Groups, group: int, tokens: Ints, alive: Ints, known: dict[bytes, list[Loop]]
) -> None:
    """Groups of the passes of loops among the children of a group; ``known`` are the loops of rows
    of tokens."""
    starts, inner = groups.child_start[group], groups.child_group[group]
    kinds: dict[str, int] = {}
    own = tokens[starts].copy()
    for place in np.flatnonzero(inner >= 0).tolist():
        label = groups.label[int(inner[place])]
        own[place] = -1 - kinds.setdefault(label, len(kinds))
    bounds = np.concatenate([starts, [groups.end[group]]])
    new_start, new_group = [], []
    past = 0
    key = own.tobytes()
    if key not in known:
        known[key] = find_loops(own, least=LOOPS_FROM)
    for found in known[key]:
        loop = best_cut(found, alive[bounds])
        if loop.end - loop.start < LOOPS_FROM:
            continue
        labels = [f"pass {number}" for number in range(1, loop.passes + 1)]
        cuts = [*range(loop.start, loop.end + 1, loop.period)]
        begun, rows = groups.add_row(labels, GroupKind.PASS, group, cuts)
        new_start += [starts[past : loop.start], begun]
        new_group += [inner[past : loop.start], rows]
        past = loop.end
    groups.child_start[group] = np.concatenate([*new_start, starts[past:]])
    groups.child_group[group] = np.concatenate([*new_group, inner[past:]])


def _add_chunks(groups: Groups, group: int, skeleton: Skeleton) -> None:
    """Cut a long row of children into chunks, and those again, until none is too long.

    All levels are cut alike: 2,000 children become 45 chunks of 45, not 42 of 48.
    """
    while len(groups.child_start[group]) > MOST_CHILDREN:
        starts, inner = groups.child_start[group], groups.child_group[group]
        levels = math.ceil(math.log(len(starts), MOST_CHILDREN) - 1e-9)
        chunks = math.ceil(len(starts) / math.ceil(len(starts) ** (1 / levels) - 1e-9))
        cuts = np.linspace(0, len(starts), chunks + 1).astype(int).tolist()
        labels = [
            _span_label(groups, skeleton, (starts, inner), low, high - 1)
            for low, high in itertools.pairwise(cuts)
        ]
        found = groups.add_row(labels, GroupKind.CHUNK, group, cuts)
        groups.child_start[group], groups.child_group[group] = found


def _span_label(
    groups: Groups, skeleton: Skeleton, children: tuple[Ints, Ints], first: int, last: int
) -> str:
    """``pass 1 … pass 45``."""
    words = []
    for child in (first, last):
        inner = int(children[1][child])
        node = int(skeleton.order[children[0][child]])
        words.append(groups.label[inner] if inner >= 0 else skeleton.graph.name[node])
    ends = [words[0].partition(" … ")[0], words[1].rpartition(" … ")[2]]
    return " … ".join(ends)
