"""Histograms of weights and gradients over time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.weights import WeightsPane
from tests.ui.running import running, step_on

TRAINING = """import torch
torch.manual_seed(0)
net = torch.nn.Linear(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
data = torch.randn(8, 3)
for epoch in range(6):
    optimizer.zero_grad()
    loss = net(data).square().mean()
    loss.backward()
    optimizer.step()
"""


def test_weights_and_gradients_over_a_training(qtbot: QtBot, tmp_path: Path) -> None:
    with running(qtbot, tmp_path, TRAINING) as session:
        pane = WeightsPane(session)
        qtbot.addWidget(pane)
        pane.resize(500, 500)
        pane.show()
        qtbot.waitExposed(pane)
        session.look(Moment(len(session.recording) - 1, name="net.weight"))
        qtbot.waitUntil(lambda: len(pane._found) == 2 and not pane.busy, timeout=15_000)
        weights, grads = pane._found
        assert (weights.title, grads.title) == ("net.weight", "net.weight.grad")
        assert (weights.changes, grads.changes) == (7, 6)
        assert pane.maps[0].frames == 7
        pane.maps[0].frame_chosen.emit(0)
        assert session.moment.step == step_on(session, 3)
        path = tmp_path / "all.npz"
        session.go(len(session.recording) - 1)
        pane.save_to(path)
        qtbot.waitUntil(lambda: not pane.busy and path.exists(), timeout=15_000)
        with np.load(path) as saved:
            names = {name.rpartition(".")[0] for name in saved.files}
            assert names == {"net.weight", "net.weight.grad", "net.bias", "net.bias.grad"}
            assert np.allclose(saved["net.weight.density"].sum(axis=0), 1)
