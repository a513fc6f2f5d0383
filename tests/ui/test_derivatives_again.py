"""Derivatives that need the program to run again: checks, and cells whose graph is gone."""

from __future__ import annotations

from pathlib import Path

import torch
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.values import ValuesPane
from tests.ui.test_sensitivity_in_the_window import held_numbers, numbers
from tests.ui.windows import windows

WRONG = """import torch
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * torch.where(x > 1.5, 2.0, 3.0) * x ** 2
x = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64, requires_grad=True)
loss = Cube.apply(x).sum()
loss.backward()
right = x.detach().clone().requires_grad_()
good = (right ** 3).sum()
good.backward()
"""


def test_derivatives_are_checked_on_the_spot(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    with windows(qtbot, tmp_path) as made:
        window = made.make()
        assert window.editor.open(str(path))
        window.gestures["run"].trigger()
        session = window.session
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=120_000)
        checks = window.furniture.autograd.checks
        said: list[str] = []
        session.noted.connect(said.append)
        last = len(session.recording) - 1
        values = window.docks.pane("values")
        assert isinstance(values, ValuesPane)
        for name, cell, gesture, sentence in (
            ("x", (0,), "check_cell", "∂loss/∂x agrees with central differences: [0]: 3 by"),
            ("x", (1,), "check_cell", "∂loss/∂x does NOT agree with central differences: [1]: 8"),
            ("x", None, "check_tensor", "∂loss/∂x is wrong in 1 of 3 cells. The worst is [1]: 8"),
            ("right", None, "check_tensor", "∂good/∂right agrees with central differences in all"),
        ):
            session.look(Moment(last, name=name, cell=cell))
            window.furniture.autograd.desk.clear()
            window.gestures[gesture].trigger()
            qtbot.waitUntil(lambda: not checks.busy, timeout=120_000)
            assert said[-1].startswith(sentence), said[-1]
            assert window.toolbar.label.text() == said[-1]
        assert session.moment.cell is not None
        assert "agrees with central differences" in values.foot.words.text()


AGAIN = """import torch
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * g * x
w = torch.randn(3, 2, requires_grad=True)
for round in range(3):
    x = torch.randn(4, 3)
    h = Square.apply(x @ w)
    loss = h.exp().sum()
    w.grad = None
    loss.backward()
last = h.detach()
"""


def test_a_cell_in_the_middle_of_a_freed_graph(qtbot: QtBot, tmp_path: Path) -> None:
    """The program has no seed, and its own backward code would have to run."""
    path = tmp_path / "again.py"
    path.write_text(AGAIN)
    with windows(qtbot, tmp_path) as made:
        window = made.make()
        assert window.editor.open(str(path))
        window.gestures["run"].trigger()
        session = window.session
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=120_000)
        session.look(Moment(len(session.recording) - 1, name="h", cell=(2, 1)))
        desk = window.furniture.autograd.desk
        said: list[str] = []
        session.noted.connect(said.append)
        window.gestures["depends_on"].trigger()
        qtbot.waitUntil(lambda: not desk.busy, timeout=120_000)
        assert desk.found is not None, said
        found = numbers(qtbot, session, desk.found, "w")
        x, w = held_numbers(qtbot, session, "x"), held_numbers(qtbot, session, "w")
        expected = torch.zeros(3, 2)
        expected[:, 1] = 2 * (x @ w)[2, 1] * x[2]
        torch.testing.assert_close(found, expected)
        assert len(desk.found.nodes) == 3


def test_where_a_cell_flows_through_a_graph_that_is_gone(qtbot: QtBot, tmp_path: Path) -> None:
    """Every tensor on the way is told, not only what backward began at."""
    path = tmp_path / "again.py"
    path.write_text(AGAIN)
    with windows(qtbot, tmp_path) as made:
        window = made.make()
        assert window.editor.open(str(path))
        window.gestures["run"].trigger()
        session = window.session
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=120_000)
        session.look(Moment(len(session.recording) - 1, name="w", cell=(0, 1)))
        desk = window.furniture.autograd.desk
        said: list[str] = []
        session.noted.connect(said.append)
        window.gestures["flows_to"].trigger()
        qtbot.waitUntil(lambda: not desk.busy, timeout=120_000)
        assert desk.found is not None, said
        told = {name: numbers(qtbot, session, desk.found, name) for name in ("h", "loss")}
        x, w = held_numbers(qtbot, session, "x"), held_numbers(qtbot, session, "w")
        expected = torch.zeros(4, 2)
        expected[:, 1] = 2 * (x @ w)[:, 1] * x[:, 0]
        torch.testing.assert_close(told["h"], expected)
        whole = ((x @ w).square().exp() * expected).sum()
        torch.testing.assert_close(told["loss"], whole)
        assert len(desk.found.nodes) == 2
        assert not said
