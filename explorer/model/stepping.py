"""Where each stepping gesture leads: pure questions to a recording."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Set

from explorer.model.recording import Recording
from explorer.model.steps import StepTable

Place = tuple[str, int]
"""A file and a line in it."""


def forward(steps: StepTable, at: int) -> int:
    """The next statement; nodes that run during it are stepped over. From a node: the next node,
    after the last one the statement that called backward."""
    last = len(steps) - 1
    if at >= last:
        return max(at, -1)
    if at >= 0 and steps.is_node(at):
        return at + 1
    step = at + 1
    while step < last and steps.is_node(step):
        step += 1
    return step


def back(steps: StepTable, at: int) -> int:
    """The statement before; from a node the node before, from the first one the statement that
    ran before backward was called. -1 is the place before the first step."""
    step = max(at - 1, -1)
    if 0 <= at < len(steps) and steps.is_node(at):
        return step
    while step >= 0 and steps.is_node(step):
        step -= 1
    return step


def into(steps: StepTable, at: int) -> int:
    """One step of any kind forward: into the nodes of backward and into called functions."""
    return min(at + 1, len(steps) - 1)


def back_into(steps: StepTable, at: int) -> int:
    """One step of any kind back."""
    return max(at - 1, -1)


def backward_nodes(steps: StepTable, at: int) -> list[int]:
    """The nodes that "into backward" enters at ``at``: those of the statement looked at, else
    those of the next statement that has any, else of the last one before."""
    if 0 <= at < len(steps):
        owner = steps.owner(at)
        nodes = steps.nodes_of(owner)
        if nodes:
            return nodes
    step = steps.node_near(at)
    return steps.nodes_of(steps.owner(step)) if step >= 0 else []


def backward_without_nodes(steps: StepTable, at: int) -> int:
    """The statement that "into backward" enters at ``at``, when not every node of its backward
    was kept; else -1."""
    start = steps.owner(at) if 0 <= at < len(steps) else max(at, 0)
    statement = steps.backward_near(start)
    if statement < 0 or all(one.recorded for one in steps.passes[statement]):
        return -1
    nodes = backward_nodes(steps, at)
    sooner = bool(nodes) and at < nodes[0] and not at <= statement < nodes[0]
    return -1 if sooner else statement


def out(recording: Recording, at: int) -> int:
    """Out of backward to the statement that called it, or out of a function to its caller."""
    steps = recording.steps
    if not 0 <= at < len(steps):
        return at
    owner = steps.owner(at)
    if owner != at:
        return min(owner, len(steps) - 1)
    return _next_in(recording, at, _callers(recording, steps.frame_of(at)))


def over(recording: Recording, at: int) -> int:
    """The next statement of the same frame or of one that called it: calls are stepped over."""
    steps = recording.steps
    if not 0 <= at < len(steps):
        return forward(steps, at)
    frame = steps.frame_of(at)
    return _next_in(recording, at, _callers(recording, frame) | {frame})


def _callers(recording: Recording, frame: int) -> set[int]:
    found: set[int] = set()
    while frame and frame in recording.frames:
        frame = recording.frames[frame].caller
        if frame in found:
            break
        found.add(frame)
    return found


def _next_in(recording: Recording, at: int, frames: set[int]) -> int:
    steps = recording.steps
    for step in range(at + 1, len(steps)):
        if not steps.is_node(step) and steps.frame_of(step) in frames:
            return step
    return len(steps) - 1


def next_run(steps: StepTable, at: int, place: Place) -> int | None:
    """The next step after ``at`` at which the line ran; None when it did not run again."""
    runs = steps.runs_of_line(*place)
    found = bisect_right(runs, at)
    return runs[found] if found < len(runs) else None


def previous_run(steps: StepTable, at: int, place: Place) -> int | None:
    """The last step before ``at`` at which the line ran; None when it had not run."""
    runs = steps.runs_of_line(*place)
    found = bisect_left(runs, at)
    return runs[found - 1] if found else None


def next_stop(steps: StepTable, at: int, places: Set[Place]) -> int | None:
    """The next step at any of the breakpoints; None when there is none."""
    found = (next_run(steps, at, place) for place in places)
    return min((step for step in found if step is not None), default=None)


def previous_stop(steps: StepTable, at: int, places: Set[Place]) -> int | None:
    """The last step before ``at`` at any of the breakpoints; None when there is none."""
    found = (previous_run(steps, at, place) for place in places)
    return max((step for step in found if step is not None), default=None)


def back_over(recording: Recording, at: int) -> int:
    """The statement before, in the same frame or in one that called it: calls are stepped over.

    -1 is the place before the first step.
    """
    steps = recording.steps
    if not 0 <= at < len(steps) or steps.is_node(at):
        return back(steps, at)
    frame = steps.frame_of(at)
    frames = _callers(recording, frame) | {frame}
    for step in range(at - 1, -1, -1):
        if not steps.is_node(step) and steps.frame_of(step) in frames:
            return step
    return -1
