"""Every tensor that one call of a module gave is told, each with its own numbers and gradient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from explorer.model.recording import Recording
from explorer.model.training.activations_again import all_activations
from explorer.model.troubles.evidence import drive
from explorer.protocol.numbers import ReadNumbers
from tests.worker.test_module_outputs import agree, recorded, step_of

SEVERAL = """import torch
from torch import nn
torch.manual_seed(2)
class Split(nn.Module):
    def forward(self, x):
        one, other = x.chunk(2, -1)
        return other, one
class Best(nn.Module):
    def forward(self, x):
        best = x.max(-1)
        return {"best": best, "same": best.values, 3: [x, None]}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.split, self.best = nn.LSTM(3, 4, batch_first=True), Split(), Best()
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
    def forward(self, x):
        seen, (hidden, cell) = self.lstm(x)
        mixed, weights = self.attention(seen, seen, seen)
        right, left = self.split(mixed)
        found = self.best(left * 2 + right)
        return found["best"].values.sum() + hidden.sum() * 2 + cell.square().sum() + weights.std()
net = Net()
gave, grads = {}, {}
def look(module, given, result):
    parts = {}
    def into(path, value):
        if isinstance(value, torch.Tensor):
            parts[path] = value.detach().clone()
            if value.requires_grad:
                value.register_hook(lambda grad: grads.__setitem__((module, path), grad.clone()))
        elif isinstance(value, dict):
            for key, part in value.items():
                into(f"{path}[{key!r}]", part)
        elif isinstance(value, (tuple, list)):
            for place, part in enumerate(value):
                into(f"{path}[{place}]", part)
    into("", result)
    gave[module] = parts
for module in net.modules():
    module.register_forward_hook(look)
for turn in range(2):
    loss = net(torch.randn(2, 5, 3))
    loss.backward()
"""


def _numbers(recording: Recording, ask: Any, step: int, card: Any) -> torch.Tensor:
    numbers = recording.numbers_of(step, card.tensor)
    assert numbers is not None
    told = ask(ReadNumbers((numbers,), 1000))
    return torch.tensor(told.lists[0]).view(card.kind.shape)


def test_all_tensors_that_a_call_gave_are_told(python: str, tmp_path: Path) -> None:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(SEVERAL, "program.py", "exec"), space)
    paths = {module: path for path, module in space["net"].named_modules(prefix="net")}
    expected = {
        (paths[module], part): tensor
        for module, parts in space["gave"].items()
        for part, tensor in parts.items()
        if part != "['same']"  # told under the place where it stands first
    }
    grads = {(paths[module], part): grad for (module, part), grad in space["grads"].items()}
    path = tmp_path / "program.py"
    with recorded(python, path, SEVERAL) as (recording, ask):
        step = step_of(recording, "loss.backward()")
        found = drive(all_activations(recording, step, (str(path), (), None)), ask)
        assert not found.sentence
        told = {(one.path, one.part): one for one in found.found}
        assert set(told) == set(expected)
        assert len(told) == len(found.found)
        kept, back = set(), set()
        for place, one in told.items():
            agree(one, expected[place])
            if one.card is not None and not one.after:
                held = _numbers(recording, ask, one.step, one.card)
                assert torch.equal(held, expected[place]), place
                kept.add(place)
            if one.grad is not None:
                held = _numbers(recording, ask, one.grad_step, one.grad)
                torch.testing.assert_close(held, grads[place])
                back.add(place)
    assert {("net.split", "[0]"), ("net.split", "[1]"), ("net.lstm", "[1][0]")} <= kept
    assert {("net.split", "[0]"), ("net.split", "[1]"), ("net.attention", "[1]")} <= back


FAILING = """import contextlib
import torch
from torch import nn
class Managed:
    def __enter__(self):
        return self
    def __exit__(self, *about):
        return False
net = nn.Linear(3, 2)
own = nn.Module()
own.mean = 1
setattr(own, "sum", 2)
for turn in range(2):
    with contextlib.suppress(RuntimeError):
        try:
            try:
                with Managed():
                    net(torch.ones(2, 2))
            except RuntimeError:
                raise
        finally:
            loss = net(torch.ones(2, 3)).sum()
    loss.backward()
"""


def test_a_program_in_which_statements_fail_is_run_again_too(python: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    with recorded(python, path, FAILING) as (recording, ask):
        step = step_of(recording, "loss.backward()")
        found = drive(all_activations(recording, step, (str(path), (), None)), ask)
    assert not found.sentence
    assert [one.path for one in found.found] == ["net"]
