"""Two recordings are of one computation, or the first step that differs is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from explorer.model import stepping
from explorer.model.autograd.same_run import SameRun, pairs_after, pairs_before
from explorer.model.recording import Recording
from explorer.protocol.recording import (
    FileMarked,
    NodeOwner,
    NodeStep,
    PassRan,
    Statement,
    StepChange,
    StepError,
    StepsRecorded,
)
from tests.model.test_recording import KIND, columns

# index: 0      1    2    3    4           5
# step:  x = …  y =  2.1  2    y.backward  print
STEPS = StepsRecorded(
    0,
    6,
    columns([1, 2, 0, 3, 3, 4], [0] * 6),
    kinds=(KIND,),
    changes=(
        StepChange(0, (("x", 1),), ((1, 1, 1, 0, 0, 0, 0),), ((1, 1, 12, 0),)),
        StepChange(1, (("y", 2),), ((2, 1, 2, 0, 5, 0, 0),), ((2, 2, 12, 0),)),
        StepChange(3, (), ((1, 1, 1, 0, 0, 3, 0), (3, 1, 3, 0, 0, 0, 0)), ((3, 3, 12, 0),)),
        StepChange(4, (), ((3, 1, 3, 1, 0, 0, 0),), ((3, 4, 12, 0),)),
    ),
    nodes=(NodeStep(2, 5, "Mean", (3,), (4,)),),
    owners=(NodeOwner(2, 2, 3),),
    passes=(PassRan(1, 3, 2, True), PassRan(2, 4, 4, False)),
)


def made(code: str = "x = 1", **changed: Any) -> Recording:
    """The recording above, with some fields of its one batch changed."""
    found = Recording()
    lines = (code, "y = x", "y.backward()", "print(x)")
    statements = tuple(Statement(i, 1, i, i, "<module>", line) for i, line in enumerate(lines, 1))
    found.file_marked(FileMarked(1, "a.py", statements))
    found.steps_recorded(replace(STEPS, **changed))
    return found


def with_change(place: int, **changed: Any) -> tuple[StepChange, ...]:
    changes = list(STEPS.changes)
    changes[place] = replace(changes[place], **changed)
    return tuple(changes)


def test_what_is_the_same_is_compared_to_the_end() -> None:
    compared = SameRun(made(), made(), 4)
    assert compared.advance() == -1
    assert compared.complete
    assert compared.caught_up


def test_a_run_that_has_not_come_so_far_is_not_complete() -> None:
    short = StepsRecorded(0, 2, columns([1, 2], [0, 0]), kinds=(KIND,), changes=STEPS.changes[:2])
    second = Recording()
    second.file_marked(FileMarked(1, "a.py", tuple(made().steps.statements.values())))
    second.steps_recorded(short)
    compared = SameRun(made(), second, 4)
    assert compared.advance() == -1
    assert compared.caught_up
    assert not compared.complete


OTHER: dict[str, tuple[int, dict[str, Any]]] = {
    "text": (0, {"code": "x = 2"}),
    "name": (0, {"changes": with_change(0, names=(("z", 1),))}),
    "bytes": (1, {"changes": with_change(1, contents=((2, 2, 16, 0),))}),
    "shape": (0, {"kinds": (replace(KIND, shape=(4,)),)}),
    "version": (1, {"changes": with_change(1, cards=((2, 1, 2, 1, 5, 0, 0),))}),
    "node": (2, {"nodes": (replace(STEPS.nodes[0], name="Sum"),)}),
    "statement": (3, {"tail": columns([1, 2, 0, 4, 3, 4], [0] * 6)}),
    "frame": (1, {"tail": columns([1, 2, 0, 3, 3, 4], [0, 1, 0, 0, 0, 0])}),
    "error": (3, {"errors": (StepError(3, "RuntimeError", "", "", False),)}),
    "nothing": (1, {"changes": (STEPS.changes[0], *STEPS.changes[2:])}),
}


@pytest.mark.parametrize("what", OTHER)
def test_the_first_step_that_differs_is_named(what: str) -> None:
    step, changed = OTHER[what]
    assert SameRun(made(), made(**changed), 4).advance() == step


def test_content_ids_may_differ_and_their_numbers_are_compared() -> None:
    other = made(changes=with_change(1, contents=((2, 7, 12, 0),)))
    assert SameRun(made(), other, 4).advance() == -1
    assert pairs_before(made(), other, 4) == [(0, 1, 1), (1, 2, 7), (3, 3, 3)]
    assert sorted(pairs_after(made(), 4, other, 4)) == [(4, 1, 1), (4, 2, 7), (4, 4, 4)]


def test_the_backward_whose_nodes_were_not_kept() -> None:
    steps = made().steps
    assert stepping.backward_without_nodes(steps, 0) == -1
    assert stepping.backward_without_nodes(steps, 3) == -1
    assert stepping.backward_without_nodes(steps, 4) == 4
    assert stepping.backward_without_nodes(steps, 5) == 4
    assert steps.backward_near(0) == 3
    assert Recording().steps.backward_near(0) == -1
