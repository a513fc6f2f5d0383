"""What the values pane shows follows from the recording, the moment and the wish alone."""

from __future__ import annotations

import array
from dataclasses import replace

import pytest

from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.values.view import Comparison, ValuesView, Wish, slice_text_of, values_view
from explorer.protocol.recording import (
    CardKind,
    ContentsDropped,
    FileMarked,
    Statement,
    StepChange,
    StepsRecorded,
)
from explorer.protocol.values import Sight, SightShape

PLAIN = CardKind("Tensor", "float32", (3, 4), (4, 1), 0, 4, "cpu", "strided", False, True, "")
FLAT = replace(PLAIN, shape=(0, 4), stride=(4, 1))
META = replace(PLAIN, device="meta")
SPARSE = replace(PLAIN, layout="sparse_coo", stride=())


def recording() -> Recording:
    """x (tensor 1) is made at step 0 and written at step 2; tensors 2, 3, 4 are odd ones; 5 is
    x's gradient, made at step 2."""
    made = Recording()
    lines = tuple(Statement(at, 1, at, at, "<module>", f"line {at}") for at in range(1, 5))
    made.file_marked(FileMarked(1, "/program.py", lines))
    columns = b"".join(
        array.array("i", numbers).tobytes() for numbers in ([1, 2, 3], [0] * 3, [0] * 3)
    )
    names = (("x", 1), ("flat", 2), ("meta", 3), ("sparse", 4))
    cards = (
        (1, 1, 1, 0, 0, 0, 0),
        (2, 2, 2, 0, 0, 0, 0),
        (3, 3, 3, 0, 0, 0, 0),
        (4, 4, 4, 0, 0, 0, 0),
    )
    contents = ((1, 10, 48, 0), (2, 20, 0, 0), (3, 0, 0, 0), (4, 40, 90, 0))
    later = StepChange(
        2, (), ((1, 1, 1, 1, 0, 5, 0), (5, 1, 5, 0, 0, 0, 0)), ((1, 11, 48, 0), (5, 50, 48, 0))
    )
    made.steps_recorded(
        StepsRecorded(
            first=0,
            count=3,
            tail=columns,
            kinds=(PLAIN, FLAT, META, SPARSE),
            changes=(StepChange(0, names, cards, contents), later),
        )
    )
    return made


def view(
    moment: Moment, wish: Wish | None = None, shapes: dict[Sight, SightShape] | None = None
) -> ValuesView:
    return values_view(recording(), moment, wish or Wish(), (shapes or {}).get)


def test_a_plain_tensor() -> None:
    found = view(Moment(0, 1, "x", cell=(2, 1)))
    assert found.page is None
    assert found.sight is not None
    assert found.sight.source.content == 10
    assert (found.code, found.shape, found.cell) == ("x[:, :]", (3, 4), (2, 1))
    assert found.changed is None


def test_what_a_step_wrote_can_be_asked_for() -> None:
    assert view(Moment(1, 1, "x")).changed is None
    written = view(Moment(2, 1, "x")).changed
    assert written is not None
    assert (written.how, written.source.content) == ("changed", 11)
    assert written.against is not None
    assert written.against.content == 10


def test_slices() -> None:
    found = view(Moment(0, 1, "x", slice_text="1, :"))
    assert found.code == "x[1, :]"
    assert view(Moment(0, 1, "x", slice_text="[:, ::2].T")).code == "x[:, ::2].T"
    wrong = view(Moment(0, 1, "x", slice_text="7"))
    assert wrong.code == "x[:, :]"
    assert "out of range" in wrong.slice_error
    moved = view(Moment(0, 1, "x", slice_text="1, :", cell=(2, 3)))
    assert (moved.code, moved.cell) == ("x[2, :]", (0, 3))


@pytest.mark.parametrize("text", ["", "1, :", "[:, :].T", ":, 1:3", "0, ::2"])
def test_the_text_of_a_plane_leads_back_to_it(text: str) -> None:
    plane = view(Moment(0, 1, "x", slice_text=text)).plane
    assert plane is not None
    assert view(Moment(0, 1, "x", slice_text=slice_text_of(plane))).plane == plane


@pytest.mark.parametrize(
    ("moment", "kind", "says"),
    [
        (Moment(0, 0, ""), "none", "Choose a tensor"),
        (Moment(0, 0, "y"), "none", "no tensor is called y"),
        (Moment(0, 2, "flat"), "empty", "dimension 0 has no elements"),
        (Moment(0, 3, "meta"), "empty", "is on meta"),
        (Moment(0, 1, "x", slice_text="1:1"), "empty", "takes nothing"),
        (Moment(0, 4, "sparse"), "waiting", "being asked"),
    ],
)
def test_pages(moment: Moment, kind: str, says: str) -> None:
    page = view(moment).page
    assert page is not None
    assert page.kind == kind
    assert says in page.sentence


def test_nothing_was_run() -> None:
    page = values_view(Recording(), Moment(), Wish(), lambda sight: None).page
    assert page is not None
    assert "Run a program" in page.sentence


def test_dropped_numbers_are_said_to_be_dropped() -> None:
    made = recording()
    made.contents_dropped(ContentsDropped((10,), "It was dropped to stay within the budget."))
    page = values_view(made, Moment(0, 1, "x"), Wish(), lambda sight: None).page
    assert page is not None
    assert page.kind == "dropped"
    assert "within the budget" in page.sentence
    assert values_view(made, Moment(2, 1, "x"), Wish(), lambda sight: None).page is None


def test_parts_are_known_when_the_worker_has_told_them() -> None:
    asked = view(Moment(0, 4, "sparse"))
    assert asked.sight is not None
    parts = (("indices", "indices"), ("values", "stored values"))
    shapes = {asked.sight: SightShape("float32", (3, 4), parts)}
    found = view(Moment(0, 4, "sparse"), shapes=shapes)
    assert found.page is None
    assert found.parts == parts
    inside = replace(asked.sight, part="indices")
    shapes[inside] = SightShape("int64", (2, 5))
    found = view(Moment(0, 4, "sparse", cell=(1, 1)), Wish("indices"), shapes)
    assert (found.shape, found.cell) == ((2, 5), None)


def test_comparisons() -> None:
    before = view(Moment(2, 1, "x"), Wish(compare=Comparison("absolute", step=0)))
    assert before.sight is not None
    assert before.sight.against is not None
    assert before.sight.against.content == 10
    assert before.comparison == "against x at step 1"
    grad = view(Moment(2, 1, "x"), Wish(compare=Comparison("ulps", grad=True)))
    assert grad.sight is not None
    assert grad.sight.against is not None
    assert (grad.sight.against.content, grad.comparison) == (50, "against x.grad")
    none = view(Moment(0, 1, "x"), Wish(compare=Comparison("ulps", grad=True)))
    assert none.page is not None
    assert "no x.grad with numbers" in none.page.sentence
    other = view(Moment(0, 1, "x"), Wish(compare=Comparison("relative", name="flat")))
    assert other.comparison == "against flat"
