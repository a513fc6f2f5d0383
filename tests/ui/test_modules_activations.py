"""What modules gave, and the gradients of that, in the tree of modules."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.model.training.modules import Branch
from explorer.ui.panes.modules import ModulesPane
from tests.ui.running import running

NET = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), nn.LayerNorm(3), nn.Linear(3, 2))
data = torch.randn(16, 4)
for epoch in range(5):
    out = net(data)
    loss = out.square().mean()
    loss.backward()
"""


def every(branch: Branch) -> list[Branch]:
    return [branch, *(one for child in branch.children for one in every(child))]


def test_outputs_and_their_gradients_hang_below_the_modules(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, NET) as session:
        pane = ModulesPane(session)
        qtbot.addWidget(pane)
        pane.show()
        session.go(len(session.recording) - 1)

        def kinds() -> list[Branch]:
            return [one for one in every(pane._table._root) if one.kind]

        qtbot.waitUntil(lambda: bool(kinds()), timeout=15_000)
        found = {one.path: one for one in kinds()}
        assert set(found) == {
            "net.0 output, after Relu",
            "net.0 gradient of the output",
            "net.2 output",
            "net.2 gradient of the output",
            "net.3 output",
            "net.3 gradient of the output",
            "net.4 output",
            "net.4 gradient of the output",
        }
        shapes = {path: one.card.kind.shape for path, one in found.items() if one.card}
        assert shapes["net.0 output, after Relu"] == (16, 8)
        assert shapes["net.2 output"] == (16, 3)
        assert shapes["net.3 gradient of the output"] == (16, 3)
        assert shapes["net.4 output"] == (16, 2)
        assert "Outputs are those of step" in pane.sentence.text()
        last = found["net.4 output"]
        assert last.card is not None
        assert "out" in session.recording.names_of_tensor(last.step, last.card.tensor)
