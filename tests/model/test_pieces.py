"""A long batch of steps taken in as several short ones."""

from __future__ import annotations

from array import array

import pytest

from explorer.model.pieces import pieces_of
from explorer.model.recording import Recording
from explorer.protocol.recording import (
    CardKind,
    FileMarked,
    Frame,
    NodeOwner,
    NodeStep,
    PassRan,
    Statement,
    StepChange,
    StepError,
    StepsRecorded,
)

KIND = CardKind("Tensor", "float32", (3,), (1,), 0, 4, "cpu", "strided", False, True, "")
COUNT = 10


def batch() -> StepsRecorded:
    """Ten steps; two are nodes. Some changes are packed, one belongs to the next batch."""
    columns = [
        array("i", row) for row in ([1, 1, 1, 0, 0, 1, 1, 1, 1, 1], [0] * COUNT, [0] * COUNT)
    ]
    packed = array("q")
    for step in range(4, COUNT + 1):
        packed.extend([step, 0, 0, 0, 1, 1, 10 + step, 12, 0])
    return StepsRecorded(
        0,
        COUNT,
        b"".join(column.tobytes() for column in columns) + packed.tobytes(),
        frames=(Frame(1, "f", 0, 0),),
        kinds=(KIND,),
        changes=(StepChange(0, (("x", 1),), ((1, 1, 1, 0, 0, 0, 0),), ((1, 1, 12, 0),)),),
        nodes=(NodeStep(3, 1, "A", (), ()), NodeStep(4, 2, "B", (), ())),
        owners=(NodeOwner(3, 4, 5),),
        errors=(StepError(9, "ValueError", "no", "", False),),
        passes=(PassRan(1, 5, 3, True),),
    )


def taken(pieces: list[StepsRecorded]) -> Recording:
    made = Recording()
    made.file_marked(FileMarked(1, "a.py", (Statement(1, 1, 1, 1, "<module>", "x = f()"),)))
    for piece in pieces:
        made.steps_recorded(piece)
    return made


@pytest.mark.parametrize("most", [1, 3, 4, 9, 10, 11])
def test_pieces_tell_the_same(most: int) -> None:
    pieces = list(pieces_of(batch(), most))
    assert all(piece.count <= most for piece in pieces)
    assert sum(piece.count for piece in pieces) == COUNT
    whole, made = taken([batch()]), taken(pieces)
    assert made.contents_history(1) == whole.contents_history(1)
    assert made.cards_history(1) == whole.cards_history(1)
    assert [made.steps.label(at) for at in range(COUNT)] == [
        whole.steps.label(at) for at in range(COUNT)
    ]
    assert (made.steps.errors, made.steps.passes) == (whole.steps.errors, whole.steps.passes)
    assert made.steps.statement_ids().tolist() == whole.steps.statement_ids().tolist()
    assert [made.change(at) for at in range(COUNT + 1)] == [
        whole.change(at) for at in range(COUNT + 1)
    ]
    assert (made.frames, made.kinds) == (whole.frames, whole.kinds)


def test_a_short_batch_stays_as_it_is() -> None:
    one = batch()
    assert list(pieces_of(one, COUNT)) == [one]


def test_a_batch_that_cannot_be_read_is_refused_as_a_whole_one_is() -> None:
    broken = StepsRecorded(0, COUNT, batch().tail[:-8])
    with pytest.raises(ValueError, match="ends too early"):
        taken(list(pieces_of(broken, 3)))
