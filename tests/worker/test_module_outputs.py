"""What modules gave, seen in a second run, against the same modules watched in this process."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from explorer.model.autograd.rerun_requests import InFreshWorker
from explorer.model.recording import Recording
from explorer.model.training.activations import Activation
from explorer.model.training.activations_again import AllActivations, all_activations
from explorer.model.troubles.evidence import drive

ROUNDS = """import torch
from torch import nn
torch.manual_seed(0)
class Overflow(nn.Module):
    def forward(self, x):
        return torch.where(x > 1, x / 0, torch.where(x < -1, x * float("nan"), x))
class Pair(nn.Module):
    def forward(self, x):
        return {"first": (x.t(), x)}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(inplace=True))
        self.flat, self.drop, self.pair = nn.Flatten(), nn.Dropout(0.5).eval(), Pair()
        self.narrow = nn.Linear(8, 8, dtype=torch.bfloat16)
        self.teacher, self.bad = nn.Linear(8, 8), Overflow()
        self.head = nn.Linear(8, 2)
    def forward(self, x):
        x = self.drop(self.flat(self.body(x) + self.body(-x)))
        with torch.no_grad():
            hint = self.teacher(x)
            self.bad(hint * 9)
        self.pair(x)
        return self.head(self.narrow(x.bfloat16()).float() + hint)
net = Net()
for turn in range(3):
    loss = net(torch.randn(16, 4)).square().mean()
    loss.backward()
net.eval()
with torch.no_grad():
    late = net(torch.randn(5, 4))
done = True
"""

QUIET = """import torch
from torch import nn
torch.manual_seed(1)
net = nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.Linear(8, 2)).requires_grad_(False)
for turn in range(3):
    out = net(torch.randn(6, 4))
"""


@contextmanager
def recorded(python: str, path: Path, text: str) -> Iterator[tuple[Recording, Any]]:
    """The recording of a program, and what answers a search about it."""
    path.write_text(text, encoding="utf-8")
    client, fresh = WorkerClient(python), WorkerClient(python)
    try:
        recording = run_recorded(client, StepsOptions(str(path))).recording

        def ask(request: object) -> Any:
            if isinstance(request, InFreshWorker):
                return fresh.ask(request.request)
            return client.ask(request)

        yield recording, ask
    finally:
        client.close()
        fresh.close()


def step_of(recording: Recording, code: str) -> int:
    steps = [step for step in range(len(recording)) if recording.step(step).statement.code == code]
    return steps[-1]


def watched(text: str, names: str) -> dict[str, list[torch.Tensor]]:
    """What each module gave, by its path, in this very process."""
    gave: list[tuple[nn.Module, torch.Tensor]] = []

    def look(module: nn.Module, given: Any, result: Any) -> None:
        first = result["first"][0] if isinstance(result, dict) else result
        gave.append((module, first.detach().clone()))

    space: dict[str, Any] = {"__name__": "__main__"}
    hook = nn.modules.module.register_module_forward_hook(look)
    try:
        exec(compile(text, "program.py", "exec"), space)
    finally:
        hook.remove()
    paths = {id(module): path for path, module in space[names].named_modules(prefix=names)}
    found = defaultdict(list)
    for module, tensor in gave:
        found[paths[id(module)]].append(tensor)
    return found


def agree(one: Activation, tensor: torch.Tensor) -> None:
    """That the brief is what torch itself says of the numbers."""
    numbers = tensor.double()
    finite = numbers[numbers.isfinite()]
    assert one.output is not None
    assert one.again is not None
    assert one.output.shape == tuple(tensor.shape)
    assert one.output.dtype == str(tensor.dtype).removeprefix("torch.")
    assert (one.again.low, one.again.high) == (finite.min().item(), finite.max().item())
    assert one.again.nan == int(numbers.isnan().sum())
    assert one.again.inf == int(numbers.isinf().sum())
    assert one.again.count == tensor.numel()


def told(python: str, path: Path, text: str, code: str) -> tuple[Recording, AllActivations]:
    with recorded(python, path, text) as (recording, ask):
        step = step_of(recording, code)
        return recording, drive(all_activations(recording, step, (str(path), (), None)), ask)


def test_every_output_of_a_round_is_told_in_short(python: str, tmp_path: Path) -> None:
    """On the graph and beside it, of modules that nothing keeps and of those called twice."""
    recording, found = told(python, tmp_path / "program.py", ROUNDS, "loss.backward()")
    assert not found.sentence
    by_path = defaultdict(list)
    for one in found.found:
        by_path[one.path].append(one)
    assert [one.part for one in by_path["net.pair"]] == ["['first'][1]", "['first'][0]"]
    assert by_path["net.pair"].pop(0).node, "what it was given"
    paths = watched(ROUNDS, "net")
    assert set(by_path) == set(paths) == set(found.kinds)
    aside = {"net.teacher", "net.bad", "net.pair"}
    for path, outputs in paths.items():
        calls = 2 if path.startswith("net.body") else 1
        third = outputs[2 * calls : 3 * calls]  # the rounds before it, and evaluation after it
        assert len(by_path[path]) == calls
        for one, tensor in zip(by_path[path], third, strict=True):
            if path != "net.body.1":
                agree(one, tensor)
            assert (one.node == 0) == (path in aside), path
            assert recording.step(one.made).statement.function == "Net.forward" or path == "net"
    normed = by_path["net.body.1"][0].again
    assert normed is not None
    assert normed.low is not None
    assert normed.low < 0, "seen before ReLU wrote into it"
    bad = by_path["net.bad"][0].again
    assert bad is not None
    assert bad.nan > 0 < bad.inf


def test_evaluation_after_training_is_told_beside_the_graph(python: str, tmp_path: Path) -> None:
    _, found = told(python, tmp_path / "program.py", ROUNDS, "done = True")
    outputs = watched(ROUNDS, "net")["net.head"]
    heads = [one for one in found.found if one.path == "net.head"]
    assert [bool(one.node) for one in heads] == [True, False]
    for one, tensor in zip(heads, outputs[2:], strict=True):
        agree(one, tensor)


def test_without_any_graph_the_round_of_the_step_is_told(python: str, tmp_path: Path) -> None:
    code = "out = net(torch.randn(6, 4))"
    recording, found = told(python, tmp_path / "program.py", QUIET, code)
    outputs = watched(QUIET, "net")
    assert found.root == 0
    assert [one.path for one in found.found] == ["net.0", "net.1", "net.2", "net"]
    for one in found.found:
        agree(one, outputs[one.path][2])
        assert one.made == step_of(recording, code)


KEEPS = """import gc, weakref
import torch
from torch import nn
class Token: ...
tokens = []
class Own(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.token = Token()
        tokens.append(weakref.ref(ctx.token))
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return grad * 2
class Twice(nn.Module):
    def forward(self, x):
        return Own.apply(x)
net = nn.Sequential(nn.Linear(4, 4), Twice(), nn.Flatten())
for batch in range(5):
    seen = net(torch.ones(8, 4))
    storage = weakref.ref(seen.untyped_storage())
    there = weakref.ref(seen)
    del seen
    gc.collect()
    if there() is not None or tokens[-1]() is not None:
        raise RuntimeError("what a module gave is kept")
loss = net(torch.ones(8, 4)).sum()
loss.backward()
"""


def test_neither_outputs_nor_their_graphs_are_kept(python: str, tmp_path: Path) -> None:
    """The program itself raises in its second run when they are."""
    _, found = told(python, tmp_path / "program.py", KEEPS, "loss.backward()")
    assert not found.sentence
    flat = [one for one in found.found if one.path == "net.2"]
    assert [bool(one.node) for one in flat] == [True, *[False] * 5]


ODD = """import torch
from torch import nn
class Gives(nn.Module):
    def __init__(self, make):
        super().__init__()
        self.make, self.scale = make, nn.Parameter(torch.ones(()))
    def forward(self):
        return self.make()
class Sub(torch.Tensor): ...
net = nn.ModuleDict({
    "sparse": Gives(lambda: torch.eye(3).to_sparse()),
    "whole": Gives(lambda: torch.tensor([3, -2**62])),
    "truth": Gives(lambda: torch.tensor([True, False])),
    "sub": Gives(lambda: torch.tensor([1.5, -2.0]).as_subclass(Sub)),
    "meta": Gives(lambda: torch.ones(3, device="meta")),
    "empty": Gives(lambda: torch.ones(0, 3)),
    "mapped": Gives(lambda: torch.func.vmap(nn.Identity())(torch.ones(2, 2))),
    "none": Gives(lambda: None),
})
with torch.inference_mode():
    for one in net.values():
        one()
done = True
"""


def test_outputs_of_every_kind(python: str, tmp_path: Path) -> None:
    _, found = told(python, tmp_path / "program.py", ODD, "done = True")
    assert not found.sentence
    told_of = {one.path.removeprefix("net."): one for one in found.found}
    briefs = {name: one.again for name, one in told_of.items() if one.again is not None}
    assert set(briefs) == {"sparse", "whole", "truth", "sub", "meta", "empty", "mapped"}
    ranges = {name: (brief.low, brief.high) for name, brief in briefs.items()}
    assert ranges["sparse"] == (0, 1)
    assert ranges["whole"] == (-(2**62), 3)
    assert ranges["truth"] == (0, 1)
    assert ranges["sub"] == (-2.0, 1.5)
    assert briefs["empty"].count == 0
    assert "no numbers" in briefs["meta"].sentence
    assert all(math.isfinite(float(low or 0)) for low, _ in ranges.values())


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_a_compiled_module_is_told_as_a_whole(python: str, tmp_path: Path, backend: str) -> None:
    text = f"""import torch
from torch import nn
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
fast = torch.compile(net, backend="{backend}")
for turn in range(2):
    loss = fast(torch.ones(3, 4)).sum()
    loss.backward()
"""
    _, found = told(python, tmp_path / "program.py", text, "loss.backward()")
    assert not found.sentence
    assert [one.path for one in found.found] == ["fast"]
    assert found.found[0].again is not None
