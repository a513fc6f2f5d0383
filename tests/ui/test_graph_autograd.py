"""Cuts, sums and colours on the graph, over real programs in real workers."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.model.graph.columns import NodeKind
from explorer.model.moment import Moment
from explorer.ui.panes.graph import GraphPane
from explorer.ui.sensitivity import SensitivityDesk
from tests.ui.running import running, step_on
from tests.ui.test_graph_pane import look, names, row, shown

CUTS = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
flat = y.detach()
with torch.no_grad():
    quiet = y + 1
place = y.argmax()
loss = y.sum()
number = loss.item()
raw = x.data
shape = y.shape
"""

MEETS = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x.exp()
z = (h * 2 + h.sin()).sum()
z.backward(retain_graph=True)
z.backward()
"""


def has_numbers(pane: GraphPane, at: int) -> bool:
    return at in pane.graph.marks.numbers


def is_plain(pane: GraphPane) -> bool:
    return pane.graph.marks.tint is None


def test_cuts_are_drawn_with_the_lines_that_made_them(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, CUTS) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, len(session.recording) - 1, "loss")
        drawn = pane.graph.drawn
        assert drawn is not None
        cuts = {(cut.how, cut.line, cut.name) for cut in drawn.cuts.values()}
        assert cuts == {
            ("detach()", 4, "flat"),
            ("no_grad()", 6, "quiet"),
            ("int64 result", 7, "place"),
            (".item()", 9, ""),
            (".data", 10, "raw"),
        }
        kinds = [int(drawn.columns.kind[place]) for place in drawn.cuts]
        assert kinds == [NodeKind.CUT] * 5
        flat = next(place for place, cut in drawn.cuts.items() if cut.name == "flat")
        (edge,) = [e for e in range(len(drawn.columns.target)) if drawn.columns.target[e] == flat]
        assert names(pane)[int(drawn.columns.source[edge])] == "MulBackward0"
        words = pane.view.describe(flat, -1, -1) if pane.view.describe else ""
        assert words.startswith("cut by detach(): no gradient comes back from flat\nline 4, step 4")
        pane.view.node_chosen.emit(flat)
        assert session.moment.name == "flat"
        assert session.moment.step == step_on(session, 4)


def test_cuts_come_and_go_with_the_step(qtbot: QtBot, tmp_path: Path) -> None:
    """The graph of ``loss`` stays the same while later lines cut it."""
    with running(qtbot, tmp_path, CUTS) as session:
        pane = shown(qtbot, session)

        def cut_by() -> list[str]:
            drawn = pane.graph.drawn
            return [cut.how for cut in drawn.cuts.values()] if drawn is not None else []

        look(qtbot, pane, session, step_on(session, 8), "loss")
        assert cut_by() == ["detach()", "no_grad()", "int64 result"]
        session.go(step_on(session, 9))
        qtbot.waitUntil(lambda: cut_by()[3:] == [".item()"], timeout=10_000)
        session.go(step_on(session, 10))
        qtbot.waitUntil(lambda: cut_by()[3:] == [".item()", ".data"], timeout=10_000)
        session.go(step_on(session, 8))
        qtbot.waitUntil(lambda: len(cut_by()) == 3, timeout=10_000)


def test_where_paths_meet_the_sum_is_shown_with_its_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, MEETS) as session:
        pane = shown(qtbot, session)
        steps = session.recording.steps.nodes_of(step_on(session, 5))
        nodes = session.recording.steps.nodes
        exp = next(step for step in steps if nodes[step].name == "ExpBackward0")
        look(qtbot, pane, session, exp, "x")
        at = row(pane, "ExpBackward0")
        qtbot.waitUntil(lambda: "+" in pane.graph.marks.numbers.get(at, ""), timeout=10_000)
        summed = pane.graph.marks.numbers[at].splitlines()[0]
        left, _, total = summed.removeprefix("[0] ").partition(" = ")
        parts = sorted(float(one) for one in left.split(" + "))
        assert parts == pytest.approx(sorted([2.0, math.cos(math.e)]), rel=1e-4)
        assert float(total) == pytest.approx(2 + math.cos(math.e), rel=1e-4)
        assert f"Added up: {summed}." in pane.bar.sentence.text()


def test_accumulating_shows_before_added_and_after(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, MEETS) as session:
        pane = shown(qtbot, session)
        grad = math.e * (2 + math.cos(math.e))
        for line, before in ((5, "none"), (6, f"{grad:.5g}")):
            last = session.recording.steps.nodes_of(step_on(session, line))[-1]
            look(qtbot, pane, session, last, "z")
            at = row(pane, "AccumulateGrad")
            qtbot.waitUntil(partial(has_numbers, pane, at), timeout=10_000)
            after = grad if before == "none" else 2 * grad
            assert pane.graph.marks.numbers[at] == (
                f"x.grad[0]: {before} + {grad:.5g} = {after:.5g}"
            )


def test_nodes_are_coloured_by_the_size_of_their_gradients(qtbot: QtBot, tmp_path: Path) -> None:
    text = "import torch\nx = torch.tensor(1.0, requires_grad=True)\ny = x\n"
    text += "for _ in range(6):\n    y = y * 0.01\ny.backward()\n"
    with running(qtbot, tmp_path, text) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, len(session.recording) - 1, "y")
        assert is_plain(pane)
        pane.view.setFocus()
        qtbot.waitUntil(pane.view.hasFocus)
        qtbot.keyClick(pane.view, Qt.Key.Key_G)
        qtbot.waitUntil(lambda: pane.graph.marks.tint is not None, timeout=10_000)
        tint = pane.graph.marks.tint
        assert tint is not None
        leaf, root = row(pane, "x"), row(pane, "y")
        assert tint[leaf] == -1.0
        assert tint[root] == 1.0
        assert "from 1e-12 (blue) to 1 (orange)" in pane.bar.sentence.text()
        qtbot.keyClick(pane.view, Qt.Key.Key_Escape)
        assert is_plain(pane)


def test_nodes_are_coloured_by_what_a_cell_depends_on(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, CUTS) as session:
        pane = shown(qtbot, session)
        last = len(session.recording) - 1
        session.look(Moment(last, name="loss"))
        qtbot.waitUntil(lambda: pane.graph.ready, timeout=10_000)
        SensitivityDesk.of(session).depends_on()
        qtbot.waitUntil(lambda: pane.graph.marks.tint is not None, timeout=10_000)
        tint = pane.graph.marks.tint
        assert tint is not None
        assert tint[row(pane, "x")] == 1.0  # 3, the strongest
        assert 0 < tint[row(pane, "SumBackward0")] < 1
        assert "how much loss depends on each, at most 3 a cell" in pane.bar.sentence.text()


def test_a_right_click_offers_derivatives(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, CUTS) as session:
        pane: GraphPane = shown(qtbot, session)
        look(qtbot, pane, session, len(session.recording) - 1, "loss")
        titles = [action.text() for action in pane.gestures.menu().actions()]
        assert titles[0] == "What loss depends on\tD"
        assert "Check its derivatives numerically" in titles


def test_the_derivative_of_the_node_that_runs_is_set_in_maths(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, MEETS) as session:
        pane = shown(qtbot, session)
        last = len(session.recording) - 1
        look(qtbot, pane, session, last, "z")
        assert not pane.strip.isVisible()
        pane.view.choose_node(row(pane, "MulBackward0"))
        qtbot.waitUntil(pane.strip.isVisible, timeout=10_000)
        first = pane.strip.edges[0]
        assert first.latex == r"g \cdot \mathrm{other}"
        assert first.accessibleDescription() == "∂self = g · other"
        steps = session.recording.steps.nodes_of(step_on(session, 5))
        nodes = session.recording.steps.nodes
        exp = next(step for step in steps if nodes[step].name == "ExpBackward0")
        session.go(exp)
        title = pane.strip.title
        qtbot.waitUntil(lambda: title.text() == "ExpBackward0, line 3", timeout=10_000)
        qtbot.waitUntil(pane.strip.numbers.isVisible, timeout=10_000)
        total, out = 2 + math.cos(math.e), math.e
        told = pane.strip.numbers.accessibleDescription()
        assert told.startswith(f"[0]: {total:.6g} · "), told
        assert told.endswith(f"= {total * out:.5g}"), told


SPREAD = """import torch
x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
h = x * x
z = (h * h).sum()
z.backward()
"""


def test_gradients_on_edges_have_a_picture_of_their_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    """Along each of the two edges from h * h to what made h went h: 1, 4, 9, 16."""
    with running(qtbot, tmp_path, SPREAD) as session:
        pane = shown(qtbot, session)
        look(qtbot, pane, session, len(session.recording) - 1, "z")
        drawn = pane.graph.drawn
        assert drawn is not None
        made = next(at for at, name in pane.graph.names.items() if name == "h")
        row_of_h = int(drawn.autograd.row(made))
        into = [e for e, source in enumerate(drawn.columns.source.tolist()) if source == row_of_h]
        qtbot.waitUntil(
            lambda: all(edge in pane.graph.marks.edge_bars for edge in into), timeout=10_000
        )
        bars = [pane.graph.marks.edge_bars.get(edge, ()) for edge in into]
        counts, _ = np.histogram([1.0, 4.0, 9.0, 16.0], bins=8)
        assert set(bars) == {tuple(counts.tolist())}
        scalar = [e for e in range(len(drawn.columns.source)) if e not in into]
        ones = [e for e in scalar if "∂z/∂z" in pane.graph.marks.edge_text.get(e, "")]
        assert ones
        assert not any(edge in pane.graph.marks.edge_bars for edge in ones)
