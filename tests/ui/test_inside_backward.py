"""Looking into a backward late in a loop: the program is run again, and shows what torch says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.protocol.running import RunProgram
from explorer.ui.running import runner
from explorer.ui.running.inside_backward import InsideBackward
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.session import Session
from explorer.ui.stepper import Stepper
from tests.ui.pass_by_hooks import by_hooks

WAIT_MS = 120_000

LOOP = """
import random
import torch
torch.manual_seed(3)
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
data = torch.randn(50, 8, 3)
for step in range(50):
    optimizer.zero_grad()
    out = net(data[step])
    loss = (out - data[step].sum(1, keepdim=True)).pow(2).mean()
    loss.backward()
    optimizer.step()
print(loss.item() < 10)
"""


class Bench:
    """A session that runs programs, and the gestures of stepping."""

    def __init__(self, qtbot: QtBot, folder: Path, python: str) -> None:
        self.qtbot = qtbot
        self.path = folder / "program.py"
        self.session = Session()
        self.workers = Workers(python)
        self.runner = Runner(self.session, self.workers)
        self.stepper = Stepper(self.session, self.session)
        self.inside = InsideBackward(self.session, self.workers, self.runner, self.session)
        self.stepper.nodes_wanted.connect(self.inside.look_into)
        self.inside.entered.connect(self.stepper.look_at)
        self.said: list[str] = []
        self.session.noted.connect(self.said.append)

    def run(self, text: str, *arguments: str, lines: tuple[str, ...] = ()) -> None:
        """Run a program to its end; whenever it asks for a line it is given the next one."""
        self.path.write_text(text, encoding="utf-8")
        self.runner.run(RunProgram(str(self.path), arguments))
        for line in lines:
            self.wait(lambda: self.session.run.state == "waiting")
            self.runner.give_input(line)
        self.wait(lambda: self.session.run.state == "ended")

    def wait(self, until: Any) -> None:
        """Wait for something that a worker must do first."""
        self.qtbot.waitUntil(lambda: bool(until()), timeout=WAIT_MS)

    def into(self, label: str) -> None:
        """Ask for the inside of the backward at a step, and wait for what comes of it."""
        self.stepper.look_at(self.session.recording.steps.index_of(label))
        self.said.clear()
        self.stepper.into_backward()
        self.wait(lambda: not self.inside.sentence and not self.session.run.going)

    def backward_labels(self) -> list[str]:
        """The labels of all statements during which backward ran."""
        steps = self.session.recording.steps
        return [steps.label(owner) for owner in sorted(steps.passes)]

    def nodes(self, label: str) -> list[list[Any]]:
        """[name, gradients in, gradients out] of every node of a step."""
        recording = self.session.recording
        steps = recording.steps
        found: list[list[Any]] = []
        for step in steps.nodes_of(steps.index_of(label)):
            node = steps.nodes[step]
            grads = [self._numbers(step, ids) for ids in (node.grads_in, node.grads_out)]
            found.append([node.name, *grads])
        return found

    def _numbers(self, step: int, tensors: tuple[int, ...]) -> list[Any]:
        wanted, recording = [], self.session.recording
        for tensor in filter(None, tensors):
            card, content = recording.card(step, tensor), recording.content_of(step, tensor)
            assert card is not None
            assert content is not None
            kind = card.kind
            wanted.append(NumbersOf(content.id, kind.dtype, kind.shape, kind.stride, kind.offset))
        came: list[Numbers] = []
        self.session.ask(ReadNumbers(tuple(wanted), 10_000), came.append)
        self.wait(lambda: came)
        lists = iter(came[0].lists)
        return [next(lists) if tensor else None for tensor in tensors]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is ended by force, however busy the machine is."""
    monkeypatch.setattr(runner, "STOP_MS", WAIT_MS)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, python_ready: str) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path, python_ready)
    yield made
    made.inside.give_up()
    made.runner.close()
    made.workers.close()


@pytest.fixture
def fresh(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    """The same with processes that have nothing in common: warm ones draw the same numbers."""
    made = Bench(qtbot, tmp_path, sys.executable)
    yield made
    made.inside.give_up()
    made.runner.close()
    made.workers.close()


def test_the_fortieth_pass_is_what_hooks_say(bench: Bench) -> None:
    bench.run(LOOP)
    before = bench.session.recording
    labels = bench.backward_labels()
    label, count = labels[39], before.steps.number(len(before) - 1)
    assert len(labels) == 50
    assert bench.nodes(labels[2])
    assert not bench.nodes(label)
    bench.into(label)
    recording = bench.session.recording
    assert recording is not before
    assert recording.steps.label(bench.session.moment.step) == f"{label}.1"
    assert bench.backward_labels() == labels
    assert recording.steps.number(len(recording) - 1) == count
    expected = by_hooks(bench.path, 40)
    shown = bench.nodes(label)
    assert [node[0] for node in shown] == [node[0] for node in expected]
    for one, other in zip(shown, expected, strict=True):
        # AccumulateGrad gives nothing further: hooks are told so by an empty list as well.
        assert one == other
    assert any("came out the same" in said for said in bench.said)
    assert bench.nodes(labels[2])
    bench.into(before.steps.label(len(before) - 1))  # from the end into the last one
    assert bench.nodes(label) == expected
    assert bench.nodes(labels[49]) == by_hooks(bench.path, 50)


def test_chance_and_lines_are_given_again(fresh: Bench) -> None:
    begin = "import numpy\nscale = float(input('scale? '))\nletters = list(set('abcdefgh'))"
    text = LOOP.replace("torch.manual_seed(3)", begin)
    noise = "out = out * scale + random.random() + float(numpy.random.rand())"
    noise += " + ord(letters[0])\n    loss ="
    text = text.replace("loss =", noise, 1)
    fresh.run(text, "one", lines=("0.5\n",))
    label = fresh.backward_labels()[9]
    grads = fresh.nodes(fresh.backward_labels()[0])
    fresh.into(label)
    assert fresh.nodes(label), fresh.said
    assert fresh.nodes(fresh.backward_labels()[0]) == grads


CHANGES = {
    "urandom": ("data =", "import os\ndata = torch.rand(1) + os.urandom(1)[0]\ndata ="),
    "time": (
        "data =",
        "import time\ndata = torch.tensor([time.time()], dtype=torch.float64)\ndata =",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_program_that_differs_is_refused_in_one_sentence(bench: Bench, what: str) -> None:
    bench.run(LOOP.replace(*CHANGES[what], 1))
    label = bench.backward_labels()[30]
    before = bench.session.recording
    bench.into(label)
    assert bench.session.recording is before
    (said,) = bench.said
    assert said.startswith(f"The nodes of step {label} cannot be shown exactly: run again, ")
    assert bench.session.run.state == "ended"


def test_a_program_that_was_edited_is_refused(bench: Bench) -> None:
    bench.run(LOOP)
    label = bench.backward_labels()[20]
    bench.path.write_text(LOOP.replace("lr=0.1", "lr=0.2"))
    bench.into(label)
    assert not bench.nodes(label)
    assert "came out differently at step 5 (line 6" in bench.said[-1]


def test_it_can_be_given_up(bench: Bench) -> None:
    bench.run(LOOP)
    before = bench.session.recording
    bench.stepper.look_at(before.steps.index_of(bench.backward_labels()[20]))
    bench.stepper.into_backward()
    assert bench.runner.busy
    assert "look into step" in bench.runner.waiting
    bench.runner.stop()
    assert not bench.inside.sentence
    assert bench.session.recording is before


def test_own_backward_code_keeps_its_steps(bench: Bench) -> None:
    bench.run(
        """
import torch
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        doubled = grad * 2
        return doubled
x = torch.ones(2, requires_grad=True)
for step in range(8):
    y = Twice.apply(x).sum()
    y.backward()
"""
    )
    labels = bench.backward_labels()
    bench.into(labels[6])
    assert bench.backward_labels() == labels
    names = [node[0] for node in bench.nodes(labels[6])]
    assert names == ["SumBackward0", "TwiceBackward", "AccumulateGrad"]


ENDLESS = """
import torch
w = torch.ones(2, requires_grad=True)
count = 0
while True:
    count = count + 1
    (w * count).sum().backward()
    w.grad = None
    if count == 30:
        input("stop me")
"""


def test_a_stopped_program_stops_where_it_was_stopped(bench: Bench) -> None:
    bench.path.write_text(ENDLESS)
    bench.runner.run(RunProgram(str(bench.path)))
    bench.wait(lambda: bench.session.run.state == "waiting")
    bench.runner.stop()
    bench.wait(lambda: bench.session.run.state == "ended")
    assert bench.session.run.how == "stopped"
    before = bench.session.recording.steps
    count = before.number(len(before) - 1)
    label = bench.backward_labels()[20]
    bench.into(label)
    after = bench.session.recording.steps
    assert after is not before
    assert bench.session.run.how == "stopped"
    assert after.number(len(after) - 1) == count
    names = [node[0] for node in bench.nodes(label)]
    assert names == ["SumBackward0", "MulBackward0", "AccumulateGrad"]


def test_a_run_whose_process_is_gone_is_told_of(bench: Bench) -> None:
    bench.path.write_text(LOOP + "import os, time\ntime.sleep(1)\nos.abort()\n")
    bench.runner.run(RunProgram(str(bench.path)))
    bench.wait(lambda: bench.session.run.state == "lost")
    bench.stepper.look_at(bench.session.recording.steps.index_of(bench.backward_labels()[20]))
    bench.said.clear()
    bench.stepper.into_backward()
    assert bench.said == ["The process of this run is gone; run the program anew."]


def test_a_backward_inside_a_backward_is_kept_with_it(bench: Bench) -> None:
    bench.run(
        """
import torch
from torch.utils.checkpoint import checkpoint
def part(t):
    return (t * 2).sin()
x = torch.ones(2, requires_grad=True)
for step in range(6):
    checkpoint(part, x * step, use_reentrant=True).sum().backward()
"""
    )
    labels = bench.backward_labels()
    first = [node[0] for node in bench.nodes(labels[1])]
    assert {"CheckpointFunctionBackward", "SinBackward0"} <= set(first)
    bench.into(labels[5])
    assert [node[0] for node in bench.nodes(labels[5])] == first


def test_of_many_passes_in_one_statement_all_are_kept(bench: Bench) -> None:
    bench.run(
        """
import torch
x = torch.ones(5)
rows = torch.autograd.functional.jacobian(lambda t: t * t, x)
"""
    )
    (label,) = bench.backward_labels()
    few = len(bench.nodes(label))
    bench.into(label)
    assert few == 3 * len(bench.nodes(label)) / 5
