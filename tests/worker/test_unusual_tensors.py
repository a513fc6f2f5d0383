"""Tensors that are no plain header over plain memory: each gets a card that is right, or a
sentence, and whatever stands beside it in the step is recorded all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.worker.both_ways import one_thread

PROGRAM = """
import torch, warnings
warnings.simplefilter("ignore")
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.func import grad, vmap

class Own(torch.Tensor):
    pass

class Refuses(torch.Tensor):
    asked = 0
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        cls.asked += 1
        raise RuntimeError("not now")

class Hides(torch.Tensor):
    asked = 0
    @property
    def shape(self):
        Hides.asked += 1
        raise RuntimeError("no shape for you")

leaf = torch.arange(3.0, requires_grad=True)
nested = torch.nested.nested_tensor([torch.arange(3.0), torch.arange(2.0)])
grown = torch.nested.as_nested_tensor([leaf, leaf[:2]]) * 2
regular = torch.nested.nested_tensor([torch.ones(2, 2), torch.zeros(3, 2)])
nested[0].fill_(7.0)
jagged = torch.nested.nested_tensor([[0.0, 1.0], [2.0]], layout=torch.jagged)
conj = torch.tensor([1 + 2j, 3 - 4j]).conj()
neg = conj.imag
sparse = torch.tensor([[0.0, 1.0], [2.0, 0.0]]).to_sparse() * 3
csr = torch.tensor([[0.0, 1.0], [2.0, 0.0]]).to_sparse_csr()
blocks = torch.eye(2).to_sparse_bsc((1, 1))
quantized = torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.5, 0, torch.qint8)
halves = torch.tensor([[0.0, 0.5, 1.0], [1.5, 2.0, 2.5]])
four_bits = torch.quantize_per_tensor(halves, 0.5, 0, torch.quint4x2)
steps = torch.tensor([0.5, 0.25]), torch.zeros(2)
four_bits_by_row = torch.quantize_per_channel(halves, *steps, 0, torch.quint4x2)
two_bits = torch.quantize_per_tensor(halves, 1.0, 0, torch.quint2x4)
meta = torch.empty(3, 4, device="meta")
mkldnn = torch.ones(2).to_mkldnn()
own = torch.ones(2).as_subclass(Own) + 1
refuses = torch.Tensor._make_subclass(Refuses, torch.arange(2.0))
wrapper = torch.Tensor._make_wrapper_subclass(Refuses, (2, 2))
hides = torch.Tensor._make_subclass(Hides, torch.arange(2.0))
with FakeTensorMode():
    fake = torch.ones(3)
lazy = torch.nn.parameter.UninitializedParameter()
emptied = torch.ones(3)
emptied.untyped_storage().resize_(0)

def inner(x):
    y = x * 2
    return y.sum()

derivative = grad(inner)(torch.ones(2))
many = vmap(inner)(torch.ones(2, 3))
beside = torch.full((2,), 9.0)
print(Refuses.asked, Hides.asked)
"""

NO_MEMORY = "It has a shape, but no memory of its own."

EXPECTED: dict[str, tuple[list[int], list[int], Any]] = {
    "nested": ([2, -1], [], [7.0, 7.0, 7.0, 0.0, 1.0]),
    "grown": ([2, -1], [], [0.0, 2.0, 4.0, 0.0, 2.0]),
    "regular": ([2, -1, 2], [], [1.0] * 4 + [0.0] * 6),
    "jagged": ([2, -1], [], [0.0, 1.0, 2.0]),
    "conj": ([2], [1], [[1.0, -2.0], [3.0, 4.0]]),
    "neg": ([2], [2], [-2.0, 4.0]),
    "sparse": ([2, 2], [], [0.0, 3.0, 6.0, 0.0]),
    "csr": ([2, 2], [], [0.0, 1.0, 2.0, 0.0]),
    "blocks": ([2, 2], [], [1.0, 0.0, 0.0, 1.0]),
    "quantized": ([2], [1], [1.0, 2.0]),
    "four_bits": ([2, 3], [3, 1], [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]),
    "four_bits_by_row": ([2, 3], [3, 1], [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]),
    "two_bits": ([2, 3], [3, 1], [0.0, 0.0, 1.0, 2.0, 2.0, 2.0]),
    "meta": ([3, 4], [4, 1], "A tensor on meta has a shape but no numbers."),
    "mkldnn": ([2], [], [1.0, 1.0]),
    "own": ([2], [1], [2.0, 2.0]),
    "refuses": ([2], [1], [0.0, 1.0]),
    "wrapper": ([2, 2], [2, 1], NO_MEMORY),
    "hides": ([2], [1], [0.0, 1.0]),
    "fake": ([3], [1], NO_MEMORY),
    "lazy": ([0], [1], []),
    "emptied": ([3], [1], NO_MEMORY),
    "derivative": ([2], [1], [2.0, 2.0]),
    "many": ([2], [1], [6.0, 6.0]),
    "beside": ([2], [1], [9.0, 9.0]),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    program = tmp_path_factory.mktemp("unusual") / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, "-m", "explorer", "steps", str(program), "--json"]
    return subprocess.run(
        [*command, "--values", "20"], capture_output=True, text=True, check=True, env=one_thread()
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_card_and_numbers(told: subprocess.CompletedProcess[str], name: str) -> None:
    last = json.loads(told.stdout.splitlines()[-1])
    card = last["tensors"][name]
    assert (card["shape"], card["stride"], card["values"]) == EXPECTED[name]


def test_the_programs_own_classes_are_not_asked(told: subprocess.CompletedProcess[str]) -> None:
    assert json.loads(told.stdout.splitlines()[-1])["output"] == "0 0\n"


def test_tensors_inside_transforms_are_told_of_once(
    told: subprocess.CompletedProcess[str],
) -> None:
    notes = told.stderr.splitlines()
    assert len(notes) == 1
    assert "torch.func.grad" in notes[0]


SEVERAL_AT_ONCE = """
import torch
x = torch.arange(4.0, requires_grad=True)
y = x * 2
first, second = y.unbind(0)[:2]
left, right = y.chunk(2)
def write_all(other):
    y.zero_()
    other.add_(1)
    return first, left, other, torch.ones(2)
held = write_all(torch.zeros(2))
"""


def test_views_without_history_do_not_hide_the_rest(tmp_path: Path) -> None:
    """Torch raises instead of telling the grad_fn of these views; the other tensors of the very
    same steps are recorded."""
    program = tmp_path / "program.py"
    program.write_text(SEVERAL_AT_ONCE)
    command = [sys.executable, "-m", "explorer", "steps", str(program), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=one_thread())
    last = json.loads(done.stdout.splitlines()[-1])["tensors"]
    assert not done.stderr
    assert last["y"]["values"] == [0.0] * 4
    assert last["held[1]"]["values"] == [0.0] * 2
    assert last["held[2]"]["values"] == [1.0, 1.0]
    assert last["held[3]"]["values"] == [1.0, 1.0]
    assert last["first"]["values"] == 0.0 or last["first"]["values"] == [0.0]


def test_results_without_a_shape_are_no_trouble(tmp_path: Path) -> None:
    """A nested tensor that a statement gives, where nothing else happens."""
    program = tmp_path / "program.py"
    program.write_text(
        "import torch, warnings\n"
        "warnings.simplefilter('ignore')\n"
        "x = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])\n"
        "y = x * 2\n"
    )
    command = [sys.executable, "-m", "explorer", "steps", str(program), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=one_thread())
    assert not done.stderr
    assert set(json.loads(done.stdout.splitlines()[-1])["tensors"]) == {"x", "y"}
