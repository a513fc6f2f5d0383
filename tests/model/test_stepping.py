"""Every stepping gesture, over a program with a function and a backward of two nodes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from explorer.model import stepping
from explorer.model.recording import Recording
from explorer.model.steps import StepTable
from tests.model.test_recording import finished

# index:   0  1  2  3  4  5    6    7  8
# label:   1  2  3  4  5  6.1  6.2  6  7
# frame:   0  0  1  1  0  0    0    0  0


@pytest.mark.parametrize(
    ("gesture", "path"),
    [
        (stepping.forward, [-1, 0, 1, 2, 3, 4, 7, 8, 8]),
        (stepping.back, [8, 7, 4, 3, 2, 1, 0, -1, -1]),
        (stepping.into, [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8]),
        (stepping.back_into, [8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -1]),
    ],
)
def test_walks(gesture: Callable[[StepTable, int], int], path: list[int]) -> None:
    steps = finished().steps
    assert [gesture(steps, at) for at in path[:-1]] == path[1:]


def test_inside_backward_one_goes_node_by_node_and_out() -> None:
    made = finished()
    assert stepping.forward(made.steps, 5) == 6
    assert stepping.forward(made.steps, 6) == 7
    assert stepping.back(made.steps, 6) == 5
    assert stepping.back(made.steps, 5) == 4
    assert stepping.out(made, 5) == 7


@pytest.mark.parametrize(("at", "nodes"), [(0, [5, 6]), (7, [5, 6]), (6, [5, 6]), (8, [5, 6])])
def test_into_backward(at: int, nodes: list[int]) -> None:
    assert stepping.backward_nodes(finished().steps, at) == nodes


def test_over_and_out_of_a_function() -> None:
    made = finished()
    assert stepping.out(made, 2) == 4
    assert stepping.over(made, 1) == 4
    assert stepping.over(made, 2) == 3
    assert stepping.over(made, 4) == 7


def test_lines_and_breakpoints() -> None:
    steps = finished().steps
    assert stepping.next_run(steps, -1, ("a.py", 3)) == 2
    assert stepping.next_run(steps, 2, ("a.py", 3)) == 3
    assert stepping.next_run(steps, 3, ("a.py", 3)) is None
    assert stepping.previous_run(steps, 3, ("a.py", 3)) == 2
    assert stepping.previous_run(steps, 0, ("a.py", 3)) is None
    places = frozenset({("a.py", 1), ("a.py", 7)})
    assert stepping.next_stop(steps, 0, places) == 7
    assert stepping.previous_stop(steps, 7, places) == 0
    assert stepping.next_stop(steps, 7, places) is None


@pytest.mark.parametrize("gesture", [stepping.forward, stepping.back, stepping.into])
def test_an_empty_recording_stays_where_it_is(gesture: Callable[[StepTable, int], int]) -> None:
    assert gesture(Recording().steps, -1) == -1
