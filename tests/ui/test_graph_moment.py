"""The graph follows the moment even when it moves on while the graph is being read."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.graph import GraphPane
from tests.ui.running import running

PROGRAM = """import torch as t
x = t.ones(3, 4, requires_grad=True)
d = x.detach().t()
y = x + 2
z = t.mean(y.pow(3))
z.backward()
print(x.grad)
"""


def test_a_moment_inside_backward_is_marked_however_it_was_reached(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with running(qtbot, tmp_path, PROGRAM) as session:
        pane = GraphPane(session)
        qtbot.addWidget(pane)
        pane.resize(600, 600)
        pane.show()
        qtbot.waitExposed(pane)
        session.look(Moment(step=len(session.recording) - 1, name="d"))
        session.go(session.recording.steps.index_of("6.2"))
        qtbot.waitUntil(
            lambda: "PowBackward0 ran" in pane.view.accessibleDescription(), timeout=10_000
        )
        session.go(session.recording.steps.index_of("6.3"))
        qtbot.waitUntil(
            lambda: "AddBackward0 ran" in pane.view.accessibleDescription(), timeout=10_000
        )


ON_META = """import torch as t
w = t.ones(3, device="meta", requires_grad=True)
loss = (w * 2).sum()
loss.backward()
"""


def test_a_result_on_meta_is_said_to_hold_no_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, ON_META) as session:
        pane = GraphPane(session)
        qtbot.addWidget(pane)
        pane.resize(600, 600)
        pane.show()
        qtbot.waitExposed(pane)
        step = session.recording.steps.index_of("3")
        session.look(Moment(step=step, name="loss"))
        loss = session.recording.cards_at(step)["loss"]
        qtbot.waitUntil(lambda: pane.graph.drawn is not None, timeout=10_000)
        assert pane.graph.gist(loss.tensor) == "f32[] = no numbers, on meta"
        assert pane.graph.gist(session.recording.cards_at(step)["w"].tensor).endswith(", on meta")
