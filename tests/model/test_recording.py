"""A recording answers for any step what the news said, whatever came later."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.model.card import storage_letter
from explorer.model.recording import Recording
from explorer.protocol.recording import (
    CardKind,
    ContentsDropped,
    FileMarked,
    Frame,
    NodeOwner,
    NodeStep,
    Statement,
    StepChange,
    StepError,
    StepsRecorded,
)

KIND = CardKind("Tensor", "float32", (3,), (1,), 0, 4, "cpu", "strided", False, True, "")
LOSS = CardKind("Tensor", "float32", (), (), 0, 4, "cpu", "strided", True, False, "MeanBackward0")


def columns(statements: list[int], frames: list[int]) -> bytes:
    rows = np.array([statements, frames, [0] * len(frames)], dtype="<i4")
    return rows.tobytes()


def recording() -> Recording:
    """x = ...; def f; y = f(x) (two steps inside); z.backward() with two nodes; x += 1."""
    made = Recording()
    lines = [(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 3, 4), (5, 6, 6), (6, 7, 7), (7, 8, 8)]
    made.file_marked(
        FileMarked(
            1,
            "a.py",
            tuple(Statement(i, 1, a, b, "<module>", f"line {a}") for i, a, b in lines),
        )
    )
    made.steps_recorded(
        StepsRecorded(
            0,
            5,
            columns([1, 2, 3, 4, 5], [0, 0, 1, 1, 0]),
            frames=(Frame(1, "f", 0, 0),),
            kinds=(KIND,),
            changes=(
                StepChange(0, (("x", 1),), ((1, 1, 1, 0, 0, 0, 0),), ((1, 1, 12, 0),)),
                StepChange(2, (("a", 1),), (), ()),
                StepChange(3, (("b", 2),), ((2, 1, 2, 0, 0, 0, 0),), ((2, 2, 12, 0),)),
                StepChange(4, (("y", 2),), (), ()),
            ),
        )
    )
    made.steps_recorded(
        StepsRecorded(
            5,
            2,
            columns([0, 0], [0, 0]),
            kinds=(LOSS,),
            nodes=(NodeStep(5, 1, "Mean", (3,), (4,)), NodeStep(6, 2, "Accum", (4,), (), 1)),
            changes=(StepChange(6, (), ((1, 1, 1, 0, 0, 4, 0), (4, 2, 3, 0, 0, 0, 0))),),
        )
    )
    return made


def finished() -> Recording:
    made = recording()
    made.steps_recorded(
        StepsRecorded(
            7,
            2,
            columns([6, 7], [0, 0]),
            changes=(StepChange(8, (("y", 0),), ((1, 1, 1, 1, 0, 4, 0),), ((1, 3, 12, 0),)),),
            owners=(NodeOwner(5, 6, 7),),
            errors=(StepError(8, "RuntimeError", "no", "", False),),
        )
    )
    return made


def test_names_belong_to_the_frame_of_the_step() -> None:
    made = finished()
    assert made.names_at(-1) == {}
    assert made.names_at(1) == {"x": 1}
    assert made.names_at(2) == {"a": 1}
    assert made.names_at(3) == {"a": 1, "b": 2}
    assert made.names_at(4) == {"x": 1, "y": 2}
    assert made.names_at(8) == {"x": 1}
    assert made.names_at(99) == {}


def test_cards_and_contents_are_those_of_their_step() -> None:
    made = finished()
    versions = [card.version for step in (0, 7, 8) if (card := made.card(step, 1))]
    assert versions == [0, 0, 1]
    contents = [made.content_of(step, 1) for step in (0, 7, 8)]
    assert [content.id for content in contents if content] == [1, 1, 3]
    assert [content.since for content in contents if content] == [0, 0, 8]
    assert made.card(0, 2) is None
    grads = [card.grad for step in (5, 6) if (card := made.card(step, 1))]
    assert grads == [0, 4]


def test_labels_before_and_after_the_owner_is_known() -> None:
    expected = ["1", "2", "3", "4", "5", "6.1", "6.2", "6", "7"]
    going, done = recording(), finished()
    assert [going.steps.label(step) for step in range(7)] == expected[:7]
    assert [done.steps.label(step) for step in range(9)] == expected
    assert [done.steps.index_of(label) for label in expected] == list(range(9))
    assert done.step(5).statement.line == 7
    assert done.steps.nodes_of(7) == [5, 6]
    assert done.steps.nodes_of(8) == []


@pytest.mark.parametrize("label", ["0", "8", "6.3", "6.0", "1.1", "", "x", "6.", "-1"])
def test_a_step_that_is_not_there_is_said(label: str) -> None:
    with pytest.raises(ValueError, match=r"There is no step .*; the program has 7 steps"):
        finished().steps.index_of(label)


def test_what_a_step_changed() -> None:
    made = finished()
    assert made.changed_paths(0) == {"x"}
    assert made.changed_paths(1) == set()
    assert made.changed_paths(6) == {"x"}
    assert made.changed_paths(8) == {"x"}
    assert made.writing_steps(0, 8) == [0, 3, 8]
    assert made.writing_steps(1, 7) == [3]


def test_runs_of_a_line_take_the_innermost_statement() -> None:
    made = finished()
    assert made.steps.runs_of_line("a.py", 4) == [3]
    assert made.steps.runs_of_line("a.py", 3) == [2, 3]
    assert made.steps.runs_of_line("b.py", 3) == []
    assert made.steps.lines_run("a.py")[3] == 2


def test_errors_and_dropped_contents_are_kept() -> None:
    made = finished()
    made.contents_dropped(ContentsDropped((1, 2), "the budget is spent"))
    assert made.dropped.get(1) == made.dropped.get(2) == "the budget is spent"
    assert not made.dropped.get(3)
    assert 2 in made.dropped
    assert 3 not in made.dropped
    error = made.step(8).error
    assert error is not None
    assert error.type == "RuntimeError"


def test_a_batch_out_of_order_is_refused() -> None:
    made = finished()
    with pytest.raises(ValueError, match="does not follow"):
        made.steps_recorded(StepsRecorded(3, 1, columns([1], [0])))
    with pytest.raises(IndexError, match="index 9"):
        made.step(9)


def test_storage_letters() -> None:
    letters = [storage_letter(number) for number in (0, 1, 26, 27, 52, 53, 702, 703)]
    assert letters == ["", "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
