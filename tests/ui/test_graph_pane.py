"""The graph pane over real programs in real workers; torch itself says what is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from explorer.model.graph.columns import NodeKind
from explorer.model.moment import Moment
from explorer.ui.graph.pages import NOTHING_RUN
from explorer.ui.panes.graph import GraphPane
from explorer.ui.session import Session
from tests.ui.running import running, step_on

CHAPTER = """import torch
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
plain = torch.ones(2)
y = x + 2
z = torch.mean(y.pow(3))
z.backward()
after = x.grad
"""

NETWORK = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(*[nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.LayerNorm(4))
                      for _ in range(24)])
out = net(torch.randn(2, 4))
loss = out.square().mean()
loss.backward()
with torch.no_grad():
    cut = loss * 2
"""

TWO_ROOTS = """import torch
w = torch.tensor(2.0, requires_grad=True)
a = w * 3
b = w.exp()
torch.autograd.backward([a, b])
"""


def shown(qtbot: QtBot, session: Session) -> GraphPane:
    pane = GraphPane(session)
    qtbot.addWidget(pane)
    pane.resize(560, 700)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def look(qtbot: QtBot, pane: GraphPane, session: Session, step: int, name: str) -> None:
    session.look(Moment(step=step, name=name))
    qtbot.waitUntil(lambda: pane.graph.ready, timeout=10_000)


def names(pane: GraphPane) -> list[str]:
    assert pane.graph.drawn is not None
    return list(pane.graph.drawn.columns.name)


def row(pane: GraphPane, name: str) -> int:
    return names(pane).index(name)


def test_the_chapters_graph_is_drawn_as_cards_with_the_users_names(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with running(qtbot, tmp_path, CHAPTER) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, step_on(session, 5), "z")
        assert names(pane) == [
            "MeanBackward0", "PowBackward0", "AddBackward0", "AccumulateGrad", "x", "z",
        ]  # fmt: skip
        power = row(pane, "PowBackward0")
        qtbot.waitUntil(
            lambda: (
                pane.graph.picture is not None
                and pane.graph.picture.texts.saved[power] == ("saved self", "y f32[2, 2]")
            ),
            timeout=10_000,
        )
        assert pane.graph.picture is not None
        texts, scene = pane.graph.picture.texts, pane.graph.picture.scene
        assert texts.title[row(pane, "x")] == "x f32[2, 2] leaf"
        assert texts.line[row(pane, "PowBackward0")] == "g · exponent · self^(exponent - 1)"
        tops = [float(scene.box[scene.shown[row(pane, name)], 1]) for name in ("z", "x")]
        assert tops[0] < tops[1]
        assert pane.bar.sentence.text() == "z was made by 3 operations from 1 leaf, x."
        assert pane.view.accessibleDescription() == pane.bar.sentence.text()


def test_backward_is_walked_node_by_node(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, CHAPTER) as session:
        pane = shown(qtbot, session)
        steps = session.recording.steps.nodes_of(step_on(session, 6))
        look(qtbot, pane, session, steps[1], "plain")
        power = row(pane, "PowBackward0")
        marks = pane.graph.marks
        assert marks.running == power
        assert marks.ran is not None
        ran = {name for name, done in zip(names(pane), marks.ran, strict=True) if done}
        assert ran == {"z", "MeanBackward0", "PowBackward0"}
        drawn = pane.graph.drawn
        assert drawn is not None
        qtbot.waitUntil(lambda: any("= 0.25" in t for t in pane.graph.marks.edge_text.values()))
        into = next(e for e in range(3) if drawn.columns.source[e] == power)
        assert pane.graph.marks.edge_text[into] == "f32[2, 2] = 0.25"
        assert pane.graph.marks.carried is not None
        assert bool(pane.graph.marks.carried[into])
        qtbot.waitUntil(lambda: power in pane.graph.marks.numbers)
        assert pane.graph.marks.numbers[power] == "[0, 0] 0.25 · 3 · 3² = 6.75"
        session.go(steps[2])
        assert pane.graph.marks.running == row(pane, "AddBackward0")
        session.go(steps[0])
        assert pane.graph.marks.running == row(pane, "MeanBackward0")


def test_a_gradient_on_an_edge_opens_and_is_what_torch_computes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with running(qtbot, tmp_path, CHAPTER) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, step_on(session, 6), "z")
        drawn = pane.graph.drawn
        assert drawn is not None
        added = row(pane, "AddBackward0")
        edge = next(e for e in range(3) if drawn.columns.source[e] == added)
        pane.view.edge_chosen.emit(edge)
        assert session.moment.pinned
        assert session.moment.name == "gradient out of PowBackward0"
        marks = pane.graph
        qtbot.waitUntil(lambda: " = " in marks.marks.edge_text[edge])
        x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        y = x + 2
        (expected,) = torch.autograd.grad(y.pow(3).mean(), y)
        low, high = float(expected.min()), float(expected.max())
        assert marks.gist(session.moment.tensor) == f"f32[2, 2] = {low:g} … {high:g}"
        assert pane.graph.subject is not None
        assert pane.graph.subject.name == "z"


def test_a_click_on_a_leaf_looks_at_it_and_the_graph_stays(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, CHAPTER) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, step_on(session, 5), "z")
        pane.view.node_chosen.emit(row(pane, "x"))
        assert session.moment.name == "x"
        assert "z" in names(pane)
        assert pane.bar.sentence.text().startswith("x has no history of its own")


def test_every_page_has_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    empty = shown(qtbot, Session())
    assert empty.page.text() == NOTHING_RUN
    with running(qtbot, tmp_path, NETWORK) as session:
        pane = shown(qtbot, session)
        session.look(Moment(step=step_on(session, 3)))
        assert "No tensor has a history" in pane.page.text()
        pane.graph.paged.emit("failed", "It broke.")
        assert pane.page.text() == "It broke."


def test_a_large_network_is_folded_by_its_parameters_names(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, NETWORK) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, step_on(session, 7), "loss")
        assert pane.graph.picture is not None
        groups = pane.graph.picture.folded.groups
        assert {f"net.{n}" for n in range(24)} <= set(groups.label)
        before = len(pane.graph.picture.scene.box)
        pane.view.fold_wanted.emit(groups.label.index("net.3"), True)
        assert len(pane.graph.picture.scene.box) > before
        pane.bar.field.setText("layernorm")
        pane.bar.next_wanted.emit(1)
        drawn = pane.graph.drawn
        assert drawn is not None
        assert drawn.columns.name[pane.view.chosen_node()] == "NativeLayerNormBackward0"
        pane.bar.flat_changed.emit(True)
        qtbot.waitUntil(lambda: pane.graph.ready)
        assert len(pane.graph.picture.scene.frame) == 0
        assert len(pane.graph.picture.scene.box) >= len(drawn.columns) - 1


def test_all_roots_of_a_backward_are_shown(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, TWO_ROOTS) as session:
        pane = shown(qtbot, session)
        steps = session.recording.steps.nodes_of(step_on(session, 5))
        look(qtbot, pane, session, steps[-1], "a")
        assert pane.graph.drawn is not None
        kinds = pane.graph.drawn.columns.kind.tolist()
        results = [n for n, kind in zip(names(pane), kinds, strict=True) if kind == NodeKind.RESULT]
        assert sorted(results) == ["a", "b"]
        assert pane.graph.marks.ran is not None
        assert pane.graph.marks.ran.all()


def test_no_grad_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    text = "import torch\nwith torch.no_grad():\n    a = torch.ones(3) * 2\n"
    with running(qtbot, tmp_path, text) as session:
        pane = shown(qtbot, session)
        session.look(Moment(step=step_on(session, 3), name="a"))
        assert "switched off" in pane.page.text()


@pytest.mark.parametrize("kind", ["svg", "png", "dot", "json"])
def test_the_graph_goes_into_a_file(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    with running(qtbot, tmp_path, CHAPTER) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, step_on(session, 5), "z")
        path = tmp_path / f"out.{kind}"
        with qtbot.waitSignal(session.noted) as heard:
            pane.save(path, kind)
        assert str(path) in heard.args[0]
        if kind == "png":
            assert QImage(str(path)).width() > 300
        else:
            assert "MeanBackward0" in path.read_text(encoding="utf-8")
        if kind == "json":
            told = json.loads(path.read_text(encoding="utf-8"))
            assert [node["kind"] for node in told["nodes"]].count("leaf") == 1
            assert {"source": 1, "target": 0, "source_slot": 0, "target_slot": 0} in told["edges"]
        with qtbot.waitSignal(session.noted) as heard:
            pane.save(tmp_path / "missing" / f"out.{kind}", kind)
        assert "could not be written" in heard.args[0]


def test_search_opens_from_the_keyboard(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, CHAPTER) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, step_on(session, 5), "z")
        pane.view.setFocus()
        qtbot.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(pane.bar.field.hasFocus)
        qtbot.keyClicks(pane.bar.field, "pow line 5")
        qtbot.keyClick(pane.bar.field, Qt.Key.Key_Return)
        assert pane.view.chosen_node() == row(pane, "PowBackward0")
