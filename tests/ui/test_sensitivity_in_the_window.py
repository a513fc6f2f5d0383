"""Derivatives of a chosen cell: asked for by one key, shown as colours, taken away by another."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.model.autograd.sensitivity import Sensitivities
from explorer.model.moment import Moment
from explorer.protocol.numbers import Numbers, ReadNumbers
from explorer.ui.panes.tensors import TensorsPane
from explorer.ui.panes.values import ValuesPane
from explorer.ui.sensitivity import CHOOSE, SensitivityDesk
from explorer.ui.session import Session
from explorer.ui.tensors.table import TensorTable
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.menu import Choice
from tests.ui.running import running, step_on

PROGRAM = """import torch
w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
x = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
hidden = torch.tanh(x @ w)
loss = (hidden * hidden).sum()
other = hidden.exp()
loss.backward()
hand = 2 * hidden.detach() * (1 - hidden.detach() ** 2)
byhand = x.t() @ hand
grad = w.grad
"""


def numbers(qtbot: QtBot, session: Session, found: Sensitivities, name: str) -> torch.Tensor:
    tensor = session.recording.tensor_named(len(session.recording) - 1, name)
    told: list[Numbers] = []
    session.ask(ReadNumbers((found.derivatives[tensor],), 100), told.append)
    qtbot.waitUntil(lambda: bool(told))
    return torch.tensor(told[0].lists[0]).view(found.derivatives[tensor].shape)


def held_numbers(qtbot: QtBot, session: Session, name: str) -> torch.Tensor:
    """What a tensor holds at the moment."""
    recording, step = session.recording, session.moment.step
    card = recording.card(step, recording.tensor_named(step, name))
    assert card is not None
    content = recording.content(step, card.storage)
    assert content is not None
    told: list[Numbers] = []
    session.ask(ReadNumbers((card.numbers(content.id),), 100), told.append)
    qtbot.waitUntil(lambda: bool(told))
    return torch.tensor(told[0].lists[0]).view(card.kind.shape)


def ask(qtbot: QtBot, session: Session, name: str, cell: tuple[int, ...] | None) -> SensitivityDesk:
    session.look(Moment(len(session.recording) - 1, name=name, cell=cell))
    desk = SensitivityDesk.of(session)
    desk.depends_on()
    qtbot.waitUntil(lambda: not desk.busy, timeout=10_000)
    return desk


def jacobian(cell: tuple[int, int]) -> torch.Tensor:
    x = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
    w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    (found,) = torch.autograd.grad(torch.tanh(x @ w).exp()[cell], w)
    return found


@pytest.fixture(scope="module")
def held() -> str:
    return PROGRAM.replace("loss.backward()", "pass")


def test_everything_upstream_of_a_cell_on_the_held_graph(
    qtbot: QtBot, tmp_path: Path, held: str
) -> None:
    with running(qtbot, tmp_path, held.replace("grad = w.grad", "")) as session:
        found = ask(qtbot, session, "other", (1, 0)).found
        assert found is not None
        torch.testing.assert_close(numbers(qtbot, session, found, "w"), jacobian((1, 0)))
        assert found.of == "other[1, 0]"
        assert len(found.nodes) == 4


def test_a_loss_whose_graph_backward_has_freed(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        found = ask(qtbot, session, "loss", None).found
        assert found is not None
        x = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
        w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        torch.tanh(x @ w).square().sum().backward()
        assert w.grad is not None
        torch.testing.assert_close(numbers(qtbot, session, found, "w"), w.grad)
        hidden = torch.tanh(x @ w)
        torch.testing.assert_close(numbers(qtbot, session, found, "hidden"), 2 * hidden)


def test_a_cell_must_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session, qtbot.waitSignal(session.noted) as note:
        ask(qtbot, session, "hidden", None)
    assert note.args == [CHOOSE]


def test_the_values_pane_is_coloured_by_derivatives(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        pane = ValuesPane(session)
        qtbot.addWidget(pane)
        pane.resize(600, 400)
        pane.show()
        qtbot.waitExposed(pane)
        session.look(Moment(step_on(session, 10), name="loss"))
        pane.setFocus()
        pane.choices.choose(Choice("depends_on"))
        desk = SensitivityDesk.of(session)
        qtbot.waitUntil(lambda: desk.found is not None, timeout=10_000)
        assert pane.note.text().startswith("loss depends on w, hidden; choose one")
        session.look(Moment(step_on(session, 10), name="w", cell=(0, 1)))
        assert pane.view.derivative is not None
        assert pane.note.text() == "Coloured by ∂loss/∂w. Esc takes the colours away."
        qtbot.waitUntil(lambda: "∂loss/∂w[0, 1] = " in pane.foot.cell.text(), timeout=10_000)
        tab = pane.tab
        assert isinstance(tab, GridTab)
        source = tab.grid._source
        assert source is not None
        block = source.block(0, 0)
        assert block is not None
        coloured = source.tint(block)
        assert coloured is not None
        x = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
        w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        torch.tanh(x @ w).square().sum().backward()
        assert w.grad is not None
        assert coloured.sizes.tolist() == pytest.approx(w.grad.double().numpy())
        session.look(Moment(step_on(session, 10), name="x"))
        assert pane.note.text() == "loss does not depend on x."
        pane.choices.choose(Choice("give_up"))
        assert desk.found is None
        assert pane.note.text() == ""
        session.look(Moment(step_on(session, 10), name="w"))
        assert pane.view.derivative is None


def test_where_a_cell_flows(qtbot: QtBot, tmp_path: Path, held: str) -> None:
    with running(qtbot, tmp_path, held.replace("grad = w.grad", "")) as session:
        session.look(Moment(len(session.recording) - 1, name="w", cell=(0, 1)))
        desk = SensitivityDesk.of(session)
        desk.flows_to()
        qtbot.waitUntil(lambda: not desk.busy, timeout=10_000)
        found = desk.found
        assert found is not None
        column = numbers(qtbot, session, found, "hidden")
        x = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
        w = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
        full = torch.autograd.functional.jacobian(lambda w: torch.tanh(x @ w), w)
        torch.testing.assert_close(column, full[:, :, 0, 1])
        assert found.words("hidden") == "∂hidden/∂w[0, 1]"


def test_by_hand_against_autograd(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM + "off = grad.clone()\noff[1, 0] += 1e-6\n") as session:
        pane = ValuesPane(session)
        qtbot.addWidget(pane)
        pane.show()
        session.look(Moment(step_on(session, 12), name="off"))
        pane.choices.choose(Choice("by_hand", "grad"))
        qtbot.waitUntil(
            lambda: "differ most at [1, 0], by " in pane.foot.words.text(), timeout=9000
        )
        assert "Of 4 cells 3 are equal" in pane.foot.words.text()
        assert session.moment.cell == (1, 0)


def test_escape_is_a_key_of_the_pane(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        pane = ValuesPane(session)
        qtbot.addWidget(pane)
        pane.show()
        pane.activateWindow()
        qtbot.waitExposed(pane)
        session.look(Moment(step_on(session, 10), name="loss"))
        pane.tabs.setFocus()
        qtbot.waitUntil(pane.tabs.hasFocus)
        desk = SensitivityDesk.of(session)
        qtbot.keyClick(pane.tabs, Qt.Key.Key_D)
        qtbot.waitUntil(lambda: desk.found is not None, timeout=10_000)
        qtbot.keyClick(pane.tabs, Qt.Key.Key_Escape)
        assert desk.found is None


def test_the_list_colours_what_a_cell_depends_on(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        pane = TensorsPane(session)
        qtbot.addWidget(pane)
        pane.show()
        desk = ask(qtbot, session, "loss", None)
        table = TensorTable(session, pane)
        table.show_step(session.moment.step)
        rows = {table.row(place).name: table.row(place) for place in range(table.rowCount())}
        assert {name for name, row in rows.items() if row.strength >= 0} == {"w", "hidden"}
        assert rows["hidden"].derivative == "∂loss/∂hidden"
        assert not pane.grab().isNull()
        desk.clear()
        assert table.row(table.row_of("w")).strength < 0


def test_where_a_cell_flows_when_backward_has_freed_the_graph(qtbot: QtBot, tmp_path: Path) -> None:
    text = PROGRAM.replace("other = hidden.exp()", "")
    with running(qtbot, tmp_path, text) as session:
        session.look(Moment(len(session.recording) - 1, name="w", cell=(1, 0)))
        desk = SensitivityDesk.of(session)
        said: list[str] = []
        session.noted.connect(said.append)
        desk.flows_to()
        qtbot.waitUntil(lambda: not desk.busy, timeout=10_000)
        assert desk.found is not None
        assert said[-1].startswith("Only what backward recorded is told.")
        told = numbers(qtbot, session, desk.found, "loss")
        grad = held_numbers(qtbot, session, "grad")
        torch.testing.assert_close(told, grad[1, 0])
