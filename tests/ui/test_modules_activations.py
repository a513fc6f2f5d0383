"""What modules gave, and the gradients of that, in the tree of modules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot
from torch import nn

from explorer.model.training.modules import Branch
from explorer.protocol.numbers import Numbers, ReadNumbers
from explorer.ui.main_window import MainWindow
from explorer.ui.panes.module_table import COLUMNS
from explorer.ui.panes.modules import ModulesPane
from explorer.ui.tensors.row_words import number_text
from explorer.ui.theme import mono_font, theme
from tests.ui.module_panes import at_the_end, every
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


def test_outputs_and_their_gradients_hang_below_the_modules(qtbot: QtBot, tmp_path: Path) -> None:
    with at_the_end(qtbot, tmp_path, NET) as (session, pane):

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


@contextmanager
def all_told(qtbot: QtBot, folder: Path, text: str) -> Iterator[tuple[MainWindow, ModulesPane]]:
    """A window at the last step of a program, after a click on Outputs of all modules."""
    path = folder / "all.py"
    path.write_text(text)
    with windows(qtbot, folder) as made:
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
        yield window, pane


def test_modules_without_parameters_are_told_too(qtbot: QtBot, tmp_path: Path) -> None:
    """The program is run again to learn which node each ended with; the numbers are those of the
    run that is recorded."""
    with all_told(qtbot, tmp_path, ALL) as (window, pane):
        session = window.session
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


KEPT_BY_NOBODY = """import torch
from torch import nn
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.Flatten(), nn.Dropout(0.5).eval())
        self.teacher = nn.Linear(8, 8)
    def forward(self, x):
        with torch.no_grad():
            self.teacher(torch.ones(16, 8))
        return (self.body(x) + 1).sum()
net = Net()
for epoch in range(2):
    loss = net(torch.randn(16, 4))
    loss.backward()
"""


def rows(pane: ModulesPane) -> dict[str, QModelIndex]:
    """Every row of the tree by its path."""
    found, waiting = {}, [pane._table.index(row, 0) for row in range(pane._table.rowCount())]
    while waiting:
        index = waiting.pop()
        found[pane._table.branch(index).path] = index
        count = pane._table.rowCount(index)
        waiting.extend(pane._table.index(row, 0, index) for row in range(count))
    return found


def text_of(index: QModelIndex, column: str) -> str:
    return str(index.siblingAtColumn(COLUMNS.index(column)).data())


def range_of(tensor: torch.Tensor) -> str:
    low, high = number_text(tensor.min().item()), number_text(tensor.max().item())
    return f"{low} … {high}"


def seen_here(text: str) -> dict[str, torch.Tensor]:
    """What each module gave last, in this process."""
    gave: dict[nn.Module, torch.Tensor] = {}

    def look(module: nn.Module, given: object, result: torch.Tensor) -> None:
        gave[module] = result.detach().clone()

    space: dict[str, nn.Module] = {}
    hook = nn.modules.module.register_module_forward_hook(look)
    exec(text, space)
    hook.remove()
    return {path: gave[module] for path, module in space["net"].named_modules(prefix="net")}


def test_outputs_that_nothing_kept_are_told_in_short(qtbot: QtBot, tmp_path: Path) -> None:
    """Their ranges are those of the second run; the numbers cannot be had, and that is said."""
    here = seen_here(KEPT_BY_NOBODY)
    notes: list[str] = []
    with all_told(qtbot, tmp_path, KEPT_BY_NOBODY) as (window, pane):
        window.session.noted.connect(notes.append)
        found = rows(pane)
        of = {path: index for path, index in found.items() if " output" in path}
        unkept = {path for path, index in of.items() if text_of(index, "storage") == "not kept"}
        expected = {f"net.body{part} output" for part in ("", ".0", ".1", ".2")}
        assert expected | {"net.teacher output outside the graph"} == unkept
        for path in unkept:
            module = path.partition(" ")[0]
            assert text_of(of[path], "range") == range_of(here[module])
            assert text_of(of[path], "shape") == "16 × 8"
            assert text_of(of[path], "dtype") == "float32"
            assert text_of(of[path], "numbers") == "128"
            assert pane.tree.isExpanded(of[path].parent()), "what was asked for is seen at once"
        before = window.session.moment
        pane.tree.setCurrentIndex(of["net.body.1 output"])
        assert window.session.moment == before
        assert notes == ["The numbers of this output are not in the recording."]
        assert "output of net.body.1 are not in the recording" in pane.sentence.text()
        pane.tree.setCurrentIndex(found["net.body.0.weight"])
        assert window.session.moment.name == "net.body.0.weight"
        assert "when the program ran again" in pane.sentence.text()
        weight = found["net.body.0.weight"]
        qtbot.waitUntil(lambda: text_of(weight, "range") != "…", timeout=10_000)
        held = held_numbers(qtbot, window.session, "net.body.0.weight")
        assert text_of(weight, "range") == range_of(held)


NO_GRAPH = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.Softmax(1))
with torch.no_grad():
    net[0].weight[0, 0] = float("nan")
    out = net(torch.randn(16, 4))
"""


def test_without_a_graph_outputs_are_told_as_well(qtbot: QtBot, tmp_path: Path) -> None:
    with all_told(qtbot, tmp_path, NO_GRAPH) as (_, pane):
        found = rows(pane)
        label = "output outside the graph"
        assert {"net", "net.0", "net.1"} == {
            path.partition(" ")[0] for path in found if path.endswith(label)
        }
        softmax = found[f"net.1 {label}"]
        assert text_of(softmax, "range") == "128 NaN"
        colour = softmax.siblingAtColumn(COLUMNS.index("range")).data(
            Qt.ItemDataRole.ForegroundRole
        )
        assert colour == theme().error
        linear = found[f"net.0 {label}"].siblingAtColumn(COLUMNS.index("range"))
        assert text_of(linear, "range").endswith(", 16 NaN")
        width = QFontMetrics(mono_font(12)).horizontalAdvance(linear.data())
        qtbot.waitUntil(lambda: pane.tree.columnWidth(linear.column()) > width)


SEVERAL = """import torch
from torch import nn
torch.manual_seed(0)
class Split(nn.Module):
    def forward(self, x):
        one, other = x.chunk(2, -1)
        return {"one": one, "other": (other,)}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.split = nn.Linear(3, 6), Split()
    def forward(self, x):
        parts = self.split(self.body(x))
        return (parts["one"] * parts["other"][0]).sum()
net = Net()
for turn in range(2):
    loss = net(torch.ones(2, 3))
    loss.backward()
"""


def test_each_tensor_that_a_module_gave_has_its_row(qtbot: QtBot, tmp_path: Path) -> None:
    with all_told(qtbot, tmp_path, SEVERAL) as (window, pane):
        found = rows(pane)
        labels = [path.removeprefix("net.split ") for path in found if path.startswith("net.split")]
        assert sorted(labels) == [
            "gradient of the output['one']",
            "gradient of the output['other'][0]",
            "net.split",
            "output['one']",
            "output['other'][0]",
        ]
        row = found["net.split output['other'][0]"]
        assert text_of(row, "shape") == "2 × 3"
        pane.tree.setCurrentIndex(row)
        branch = pane._table.branch(row)
        assert branch.card is not None
        assert window.session.moment.tensor == branch.card.tensor
        names = window.session.recording.names_of_tensor(branch.step, branch.card.tensor)
        assert "other" in names
