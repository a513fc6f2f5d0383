"""Derivatives checked by running the program again, and numeric derivatives by themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.autograd.gradient_request import CannotCheck, check_request
from explorer.model.recording import Recording
from explorer.protocol.gradient_check import GradientChecked
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.running import Failed
from explorer.worker.autograd.numeric_check import NumericDerivative, Sample, derivative_at
from explorer.worker.recording.paths import NotThere, split, value_at

PROGRAM = Path(__file__).parent.parent / "programs" / "autograd" / "check.py"
DOUBLE = torch.finfo(torch.float64).eps


def numeric(function: Callable[[float], float], at: float) -> NumericDerivative:
    search = derivative_at(at, function(at), DOUBLE)
    delta = next(search)
    while True:
        try:
            delta = search.send(Sample(delta, function(at + delta)))
        except StopIteration as done:
            found: NumericDerivative = done.value
            return found


@pytest.mark.parametrize(
    ("function", "slope", "at"),
    [
        (math.sin, math.cos, 0.7),
        (math.exp, math.exp, 3.0),
        (lambda x: x**5, lambda x: 5 * x**4, -2.0),
        (lambda x: 1e6 * x, lambda x: 1e6, 4.0),
        (math.sqrt, lambda x: 0.5 / math.sqrt(x), 100.0),
    ],
)
def test_central_differences(function: Any, slope: Any, at: float) -> None:
    found = numeric(function, at)
    assert found.agrees(slope(at))
    assert not found.agrees(slope(at) * 1.001)
    assert not found.has_kink


def test_a_kink_is_told() -> None:
    assert numeric(abs, 0.0).has_kink
    assert not numeric(abs, 0.5).has_kink


class Run:
    """A recorded run of the program, and the numbers in it."""

    def __init__(self, python: str) -> None:
        client = WorkerClient(python)
        try:
            self.recording: Recording = run_recorded(client, StepsOptions(str(PROGRAM))).recording
            self.last = len(self.recording) - 1
            names = ("x", "right", "wrong", "by_right", "by_wrong", "corner", "bent", "looped")
            self.values = {name: self._read(client, name) for name in (*names, "step", "chance")}
        finally:
            client.close()

    def _read(self, client: WorkerClient, name: str) -> list[float]:
        tensor = self.tensor(name)
        card = self.recording.card(self.last, tensor)
        content = self.recording.content_of(self.last, tensor)
        assert card is not None
        assert content is not None
        kind = card.kind
        source = NumbersOf(content.id, kind.dtype, kind.shape, kind.stride, kind.offset)
        return list(client.ask(ReadNumbers((source,), 10)).lists[0])

    def tensor(self, name: str) -> int:
        return self.recording.tensor_named(self.last, name)

    def check(self, python: str, upstream: str, result: str, grads: list[float]) -> Any:
        request = check_request(
            self.recording,
            (str(PROGRAM), (), None),
            (self.last, self.tensor(upstream)),
            (self.last, self.tensor(result)),
            (),
            self.values[result][0],
            {(place,): grad for place, grad in enumerate(grads)},
        )
        client = WorkerClient(python)
        try:
            return client.ask(request)
        finally:
            client.close()


@pytest.fixture(scope="module")
def run(python: str) -> Run:
    return Run(python)


def test_right_derivatives_agree(run: Run, python: str) -> None:
    checked = run.check(python, "x", "right", run.values["by_right"])
    assert isinstance(checked, GradientChecked)
    assert [cell.agrees for cell in checked.cells] == [True] * 3
    assert all(cell.tolerance < 1e-7 for cell in checked.cells)
    assert checked.runs == 15


def test_a_wrong_backward_is_found_out_with_its_worst_cell(run: Run, python: str) -> None:
    checked = run.check(python, "x", "wrong", run.values["by_wrong"])
    assert isinstance(checked, GradientChecked)
    assert not any(cell.agrees for cell in checked.cells)
    assert [cell.numeric for cell in checked.cells] == pytest.approx([3.0, 12.0, 0.75])
    assert checked.worst == 1


def test_where_there_is_no_derivative(run: Run, python: str) -> None:
    checked = run.check(python, "corner", "bent", [0.0, 1.0])
    assert isinstance(checked, GradientChecked)
    assert [cell.kink for cell in checked.cells] == [True, False]
    assert checked.cells[1].agrees


def test_the_last_round_of_a_loop(run: Run, python: str) -> None:
    checked = run.check(python, "step", "looped", [2 * value for value in run.values["step"]])
    assert isinstance(checked, GradientChecked)
    assert all(cell.agrees for cell in checked.cells)


def test_a_program_that_does_not_repeat_itself_is_refused(run: Run, python: str) -> None:
    refused = run.check(python, "x", "chance", [0.0])
    assert isinstance(refused, Failed)
    assert "does not repeat itself" in refused.sentence


def test_a_tensor_without_a_name_cannot_be_followed(run: Run) -> None:
    program = (str(PROGRAM), (), None)
    step = run.recording.steps.index_of("1")
    with pytest.raises(CannotCheck, match="was not there"):
        check_request(run.recording, program, (step, 1), (step, 1), (), 0.0, {})


def test_paths_lead_where_a_recording_says() -> None:
    net = torch.nn.Sequential(torch.nn.Linear(2, 2))
    names = {"net": net, "rows": [torch.ones(1), {"a.b]": torch.zeros(2)}]}
    assert value_at(names, "net.0.weight") is net[0].weight
    assert value_at(names, "rows[1]['a.b]']") is names["rows"][1]["a.b]"]  # type: ignore[index]
    assert split("a.b[0].c") == ("a", [(".", "b"), ("[", 0), (".", "c")])
    for wrong in ("none", "rows[5]", "net.9", "rows[1"):
        with pytest.raises(NotThere):
            value_at(names, wrong)
