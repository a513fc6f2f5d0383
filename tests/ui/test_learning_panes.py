"""Operation, modules, optimizer, curves and types, each over a real program in a real worker."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.curves import CurvesPane
from explorer.ui.panes.modules import ModulesPane
from explorer.ui.panes.operation import OperationPane
from explorer.ui.panes.optimizer import OptimizerPane
from explorer.ui.panes.types import TypesPane
from explorer.ui.session import Session
from tests.ui.running import running, step_on

SHAPES = """import torch
a = torch.arange(12.0).reshape(3, 4)
b = torch.arange(4.0)
c = a + b
w = torch.arange(8.0).reshape(4, 2)
p = a @ w
m = a.mean(dim=0)
s = a[1:, 2]
d = a + w
"""

TRAINING = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
opt = torch.optim.Adam(net.parameters(), lr=0.1)
x = torch.randn(8, 2)
half = 1.0
for i in range(5):
    half = half / 2
    loss = net(x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
"""


def text_of(item: QTableWidgetItem | None) -> str:
    assert item is not None
    return item.text()


def shown(qtbot: QtBot, pane: QWidget) -> None:
    qtbot.addWidget(pane)
    pane.resize(600, 500)
    pane.show()
    qtbot.waitExposed(pane)


def choose(session: Session, line: int, name: str, cell: tuple[int, ...] | None) -> None:
    session.look(Moment(step=step_on(session, line), name=name))
    session.look(session.moment.on_cell(cell))


def plain(text: str, name: str) -> torch.Tensor:
    names: dict[str, torch.Tensor] = {}
    exec(text, names)
    return names[name]


def test_operation_lines_shapes_up_and_works_out_a_cell(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, SHAPES) as session:
        pane = OperationPane(session)
        shown(qtbot, pane)
        choose(session, 4, "c", (2, 3))
        qtbot.waitUntil(lambda: "= 14" in pane.cell.text())
        assert pane.cell.text() == "c[2, 3] = a[2, 3] + b[3]\n= 11 + 3 = 14"
        assert "b is stretched" in pane.sentence.text()
        choose(session, 6, "p", (1, 1))
        qtbot.waitUntil(lambda: "98" in pane.cell.text())
        assert pane.cell.text().endswith("= 4·1 + 5·3 + 6·5 + 7·7 = 98")
        choose(session, 7, "m", (2,))
        qtbot.waitUntil(lambda: "mean(2, 6, 10) = 6" in pane.cell.text())
        choose(session, 8, "s", (1,))
        qtbot.waitUntil(lambda: "s[1] is a[2, 2]" in pane.cell.text())
        choose(session, 4, "c", None)
        assert "Choose a cell of c" in pane.cell.text()
        session.go(0)
        assert pane.empty.isVisible()


def test_operation_shows_why_shapes_do_not_fit(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, SHAPES) as session:
        pane = OperationPane(session)
        shown(qtbot, pane)
        session.go(len(session.recording) - 1)
        error = session.recording.step(session.moment.step).error
        assert error is not None
        assert error.type == "RuntimeError"
        assert "do not fit" in pane.sentence.text()
        assert pane.shapes.accessibleDescription() == pane.sentence.text()


def test_modules_are_a_tree_that_leads_to_parameters(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, TRAINING) as session:
        pane = ModulesPane(session)
        shown(qtbot, pane)
        assert pane.empty.isVisible()
        session.go(step_on(session, 12))
        model = pane.tree.model()
        net = model.index(0, 0)
        assert model.rowCount(net) == 3
        assert "6 parameters and 3 buffers" in pane.sentence.text()
        assert "filled on 6 of 6" in pane.sentence.text()
        pane.tree.setFocus()
        pane.tree.setCurrentIndex(model.index(0, 0, model.index(0, 0, net)))
        assert session.moment.name == "net.0.weight"
        qtbot.keyClick(pane.tree, Qt.Key.Key_Down)
        assert session.moment.name == "net.0.bias"


def test_optimizer_shows_the_rule_with_its_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, TRAINING) as session:
        pane = OptimizerPane(session)
        shown(qtbot, pane)
        assert pane.empty.isVisible()
        session.go(step_on(session, 13))
        qtbot.waitUntil(lambda: pane.table.rowCount() == 6)
        assert "call 5 of Adam.step()" in pane.sentence.text()
        count = pane.table.columnCount()
        texts = [text_of(pane.table.item(0, column)) for column in range(count)]
        header = [text_of(pane.table.horizontalHeaderItem(column)) for column in range(count)]
        row = dict(zip(header, texts, strict=True))
        names: dict[str, Any] = {}
        exec(TRAINING, names)
        weight: torch.Tensor = names["net"][0].weight
        assert row["parameter"] == "net.0.weight"
        assert float(row["after"]) == pytest.approx(weight[0, 0].item(), rel=1e-5)
        assert weight.grad is not None
        assert float(row["gradient"]) == pytest.approx(weight.grad[0, 0].item(), rel=1e-5)
        assert row["step"] == "5"
        worked = float(pane.rule.text().rpartition("= ")[2])
        assert worked == pytest.approx(weight[0, 0].item(), rel=1e-4)


def test_curves_of_tensors_and_of_plain_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, TRAINING) as session:
        pane = CurvesPane(session)
        shown(qtbot, pane)
        session.grew(at_once=True)
        book = pane.reader.book
        qtbot.waitUntil(lambda: len(book.shown()) == 2)
        by_name = {curve.key.name: curve for curve in book.shown()}
        assert list(by_name["half"].values) == [0.5, 0.25, 0.125, 0.0625, 0.03125]
        last = plain(TRAINING, "loss").item()
        assert by_name["loss"].values[-1] == pytest.approx(last, rel=1e-6)
        pane.save_to(tmp_path / "curves.npz")
        with np.load(io.BytesIO((tmp_path / "curves.npz").read_bytes())) as saved:
            assert saved["loss@10.value"][-1] == pytest.approx(last, rel=1e-6)
        said: list[str] = []
        session.noted.connect(said.append)
        pane.save_to(tmp_path / "curves.docx")
        assert "should end in" in said[0]


def test_a_click_on_a_curve_goes_to_its_step(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, TRAINING) as session:
        pane = CurvesPane(session)
        shown(qtbot, pane)
        session.grew(at_once=True)
        qtbot.waitUntil(lambda: len(pane.plots()) == 2)
        plot = next(plot for plot in pane.plots() if "loss" in plot.accessibleName())
        qtbot.keyClick(plot, Qt.Key.Key_Home)
        assert session.recording.step(session.moment.step).statement.line == 10
        first = session.moment.step
        qtbot.keyClick(plot, Qt.Key.Key_Right)
        assert session.moment.step > first


def test_types_are_listed_once_the_program_has_ended(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, "import torch\n") as session:
        pane = TypesPane(session)
        shown(qtbot, pane)
        qtbot.waitUntil(lambda: pane.table.rowCount() > 20)
        names = [text_of(pane.table.item(row, 0)) for row in range(pane.table.rowCount())]
        assert {"float32", "bfloat16", "int64", "bool"} <= set(names)
        assert "float32" in pane.sentence.text()


@pytest.mark.parametrize("make", [OperationPane, ModulesPane, OptimizerPane, CurvesPane, TypesPane])
def test_without_a_run_every_pane_says_what_to_do(
    qtbot: QtBot, make: type[OperationPane | ModulesPane | OptimizerPane | CurvesPane | TypesPane]
) -> None:
    pane = make(Session())
    shown(qtbot, pane)
    assert pane.empty.isVisible()
    assert pane.empty.text().endswith(".")
