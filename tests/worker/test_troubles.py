"""What goes wrong is found in every program that has it, and in none that only looks like it.

A program that has a trouble says so in its first line: its kind, and what the trouble is told of.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import KINDS, Trouble, drive
from explorer.model.troubles.search import find_troubles
from explorer.protocol.numbers import ReadNumbers
from explorer.protocol.values import FindNumber, Found, NumberBox, Sight

FOLDER = Path(__file__).parent.parent / "programs" / "troubles"
PROGRAMS = {path.stem: path for path in sorted(FOLDER.glob("*.py"))}
HAVING = [name for name in PROGRAMS if "_has_" in name]
LOOKING = [name for name in PROGRAMS if "_not_" in name]


class Searched:
    """A recorded program and what was found in it, with its worker still there."""

    def __init__(self, python: str, name: str) -> None:
        self.client = WorkerClient(python)
        run = run_recorded(self.client, StepsOptions(str(PROGRAMS[name])))
        assert run.end is not None
        assert run.end.how == "finished", run.end
        self.recording: Recording = run.recording
        self.troubles: list[Trouble] = drive(find_troubles(self.recording), self.client.ask)

    def __enter__(self) -> Searched:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()


@pytest.mark.parametrize("name", HAVING)
def test_what_goes_wrong_is_found(name: str, python_ready: str) -> None:
    kind, _, about = PROGRAMS[name].read_text().splitlines()[0].lstrip("# ").partition(":")
    with Searched(python_ready, name) as searched:
        found = [one for one in searched.troubles if one.kind == kind.split()[0]]
        assert found, [one.sentence for one in searched.troubles]
        for one in found:
            assert one.sentence.endswith(".")
            assert 0 <= one.step < len(searched.recording)
            assert one.kind in KINDS
        assert any(about.strip() in one.sentence for one in found), found[0].sentence
        if "backward" in kind:
            assert any("in backward" in one.sentence for one in found)


@pytest.mark.parametrize("name", LOOKING)
def test_what_only_looks_wrong_is_not_claimed(name: str, python_ready: str) -> None:
    with Searched(python_ready, name) as searched:
        assert [one.sentence for one in searched.troubles] == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_three_programs_of_each_sort(kind: str) -> None:
    assert len([name for name in HAVING if name.startswith(f"{kind}_")]) >= 3
    assert len([name for name in LOOKING if name.startswith(f"{kind}_")]) >= 3


def test_the_lines_to_blame(python_ready: str) -> None:
    blamed = {
        "none_has_detach": "hidden = (w * 2).detach()",
        "none_has_no_grad": "features = layer(data)",
        "zero_has_dead_relu": "hidden = torch.relu(x * w)",
        "overwritten_has_result": "y += 1",
        "overwritten_has_through_a_view": "row.zero_()",
        "overwritten_has_weight": "w.add_(1)",
        "added_has_by_hand": "loss.backward()",
    }
    for name, code in blamed.items():
        with Searched(python_ready, name) as searched:
            trouble = next(one for one in searched.troubles if one.kind == name.split("_")[0])
            assert searched.recording.step(trouble.cause).statement.code == code
            assert code in trouble.sentence


def test_the_cells_that_gave_birth(python_ready: str) -> None:
    cells = {
        "born_has_zero_by_zero": (1,),
        "born_has_masked_row": (1, 0),
        "born_has_sqrt_backward": (1,),
    }
    for name, cell in cells.items():
        with Searched(python_ready, name) as searched:
            trouble = next(one for one in searched.troubles if one.kind == "born")
            assert trouble.look is not None
            shape = trouble.look.shape
            box = NumberBox((0,) * len(shape), shape, (1,) * len(shape))
            found = searched.client.ask(FindNumber(Sight(trouble.look), box, trouble.what))
            assert isinstance(found, Found)
            assert (found.found, found.index) == (True, cell)


def test_a_birth_in_a_result_without_a_name(python_ready: str) -> None:
    with Searched(python_ready, "born_has_no_name") as searched:
        (trouble,) = searched.troubles
        code = searched.recording.step(trouble.step).statement.code
        assert code.startswith("return torch.sqrt(")
        assert "loss on line 10" in trouble.sentence
        assert trouble.look is not None
        numbers = searched.client.ask(ReadNumbers((trouble.look,), 10)).lists[0]
        assert list(numbers) == ["nan", 2.0]
    with Searched(python_ready, "born_has_log_inside") as searched:
        (trouble,) = searched.troubles
        # log keeps what it was given, which was sound; mean and mul make no NaN of their own.
        assert "in LogBackward0; total" in trouble.sentence


def test_the_numbers_to_look_at(python_ready: str) -> None:
    with Searched(python_ready, "added_has_by_hand") as searched:
        trouble = next(one for one in searched.troubles if one.kind == "added")
        assert trouble.look is not None
        old = searched.client.ask(ReadNumbers((trouble.look,), 10)).lists[0]
        assert list(old) == [2.0, 4.0]


def test_an_empty_recording_has_no_troubles() -> None:
    assert drive(find_troubles(Recording()), lambda request: None) == []
