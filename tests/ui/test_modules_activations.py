"""What modules gave, and the gradients of that, in the tree of modules."""

from __future__ import annotations

from pathlib import Path

import torch
from pytestqt.qtbot import QtBot

from explorer.model.training.modules import Branch
from explorer.protocol.numbers import Numbers, ReadNumbers
from explorer.ui.panes.modules import ModulesPane
from tests.ui.running import running
from tests.ui.test_sensitivity_in_the_window import held_numbers
from tests.ui.windows import windows

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


ALL = """import torch
from torch import nn
torch.manual_seed(0)
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.act, self.drop = nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.5)
        self.second = nn.Linear(8, 8)
    def forward(self, x):
        return x + self.drop(self.second(self.act(self.first(self.act(x)))))
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), Block(), nn.Linear(8, 2))
data = torch.randn(8, 4)
given = []
for module in net:
    module.register_full_backward_hook(lambda m, i, o: given.append(o[0].clone()))
outputs = []
for module in [net[2].act, net[2].drop, net[1], net]:
    module.register_forward_hook(lambda m, i, o: outputs.append(o.detach().clone()))
for epoch in range(2):
    outputs.clear()
    given.clear()
    out = net(data)
    loss = out.square().mean()
    loss.backward()
"""


def test_modules_without_parameters_are_told_too(qtbot: QtBot, tmp_path: Path) -> None:
    """The program is run again to learn which node each ended with; the numbers are those of the
    run that is recorded."""
    path = tmp_path / "all.py"
    path.write_text(ALL)
    with windows(qtbot, tmp_path) as made:
        window = made.make()
        assert window.editor.open(str(path))
        window.gestures["run"].trigger()
        session = window.session
        qtbot.waitUntil(lambda: session.run.state == "ended", timeout=120_000)
        pane = window.docks.pane("modules")
        assert isinstance(pane, ModulesPane)
        window.docks.reveal("modules")
        session.go(len(session.recording) - 1)
        qtbot.waitUntil(pane.all_of_them.isVisible, timeout=30_000)
        pane.all_of_them.click()
        qtbot.waitUntil(lambda: not pane.all_of_them.isVisible(), timeout=120_000)
        found = {one.path: one for one in every(pane._table._root)}
        assert [branch.label for branch in found["net"].children][:4] == ["0", "1", "2", "3"]
        assert found["net.2.act"].words == "ReLU"
        for name in ("net.1", "net.2", "net.2.drop", "net", "net.2.second"):
            assert any(one.kind == "output" for one in found[name].children), name
            assert any(one.kind == "gradient" for one in found[name].children), name
        calls = [one.label for one in found["net.2.act"].children if one.kind == "output"]
        assert calls == ["output of call 1", "output of call 2"]

        def held(name: str, kind: str, number: int = 0) -> torch.Tensor:
            branch = [one for one in found[name].children if one.kind == kind][number]
            assert branch.card is not None
            numbers = session.recording.numbers_of(branch.step, branch.card.tensor)
            assert numbers is not None
            told: list[Numbers] = []
            session.ask(ReadNumbers((numbers,), 1000), told.append)
            qtbot.waitUntil(lambda: bool(told), timeout=10_000)
            return torch.tensor(told[0].lists[0]).view(branch.card.kind.shape)

        def named(name: str) -> torch.Tensor:
            return held_numbers(qtbot, session, name)

        torch.testing.assert_close(held("net.1", "output"), named("outputs[0]"))
        torch.testing.assert_close(held("net.2.act", "output", 0), named("outputs[1]"))
        torch.testing.assert_close(held("net.2.act", "output", 1), named("outputs[2]"))
        torch.testing.assert_close(held("net", "output"), named("outputs[4]"))
        torch.testing.assert_close(held("net.2", "gradient"), named("given[1]"))
        torch.testing.assert_close(held("net.1", "gradient"), named("given[2]"))
