"""After which statements all tensors are compared, and that looking opens no door itself."""

from __future__ import annotations

import pytest

from explorer.worker.recorder import Recorder
from tests.worker.looked_at import looked_at_during

SHARED = """
import numpy as np
import torch
shared = torch.from_numpy(np.zeros(3))
sparse = torch.eye(3).to_sparse()
x = torch.ones(2)
x.add_(1)
x.add_(1)
"""

BEFORE = """
from collections import OrderedDict, namedtuple
import numpy as np
import torch
from torch import nn
x, y = torch.ones(2), torch.zeros(2)
rows, held, ordered = [x, y], {"x": x}, OrderedDict(x=x)
Pair = namedtuple("Pair", "one other")
class Own:
    @property
    def odd(self):
        return 1
    @odd.setter
    def odd(self, value):
        x.add_(1)
    def __setitem__(self, place, value):
        x.add_(1)
    def pure(self):
        return 1
class Strict:
    def __setattr__(self, name, value):
        x.add_(1)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        self.count = 0
    def forward(self, x):
        return self.inner(x)
own, strict, net = Own(), Strict(), Net()
own.held, own.count = {}, 0
loader = torch.utils.data.DataLoader([1, 2])
norm, quiet_norm = nn.BatchNorm1d(2), nn.BatchNorm1d(2).eval()
hooked, in_place = nn.Linear(2, 2), nn.ReLU(inplace=True)
hooked.register_forward_hook(lambda *given: None if x.add_(1) is x else None)
patched = nn.Linear(2, 2)
patched.forward = lambda given: x.add_(1)
numbers = np.zeros(2)
shared = torch.from_numpy(numbers)
batch = torch.ones(4, 2)
def function():
    return 1
last = 0
"""


def test_looking_at_shared_memory_makes_nobody_look_at_all(recorder: Recorder) -> None:
    exec(recorder.compile(SHARED, "shared.py"), {})
    assert not recorder.tensors.dirty


@pytest.mark.parametrize(
    "statement",
    [
        "z = net(x)",
        "z = torch.relu(net.inner(x))",
        "z = quiet_norm(batch)",
        "z = function() + own.pure()",
        "held['y'] = x",
        "rows[0] = y",
        "ordered['z'] = y",
        "own.count += 1",
        "own.other = x",
        "net.count += 1",
        "own.held['x'] = y",
        "z = x.view(*x.shape)",
        "x = x.view(1, 2)",
        "x = x.relu().sum()",
        "z = Pair(*rows)",
        "with torch.no_grad():\n    z = x + 1",
        "with torch.autocast('cpu'), torch.enable_grad():\n    z = x + 1",
        "z = nn.MSELoss()(x, y)",
        "z = nn.Linear(2, 3)",
        "z = net.state_dict()",
        "net.eval()",
        "own.t = 1",
        "own.data = x",
        "z = Own()",
        "z = np.zeros(2) + np.random.uniform(0, 1, 2)",
        "for row in batch:\n    z = row + 1",
        "for row in rows:\n    z = row + 1",
        "for name, row in held.items():\n    z = row + 1",
        "for place, row in enumerate(rows):\n    z = row + 1",
        "for row, other in zip(rows, rows):\n    z = row + other",
        "for one in net.parameters():\n    z = one.sum()",
        "for place in range(len(rows)):\n    z = rows[place] + 1",
    ],
)
def test_nothing_is_compared_after(recorder: Recorder, statement: str) -> None:
    assert not looked_at_during(recorder, BEFORE, statement).all


@pytest.mark.parametrize(
    "statement",
    [
        "z = norm(batch)",
        "net.norm = norm\nz = net.norm(batch)",
        "own.split = norm\nz = own.split(batch)",
        "z = hooked(x)",
        "z = in_place(x)",
        "z = patched(x)",
        "own.odd = 1",
        "own.odd += 1",
        "strict.other = 1",
        "own['x'] = 1",
        "x[0] = 2",
        "rows[0] += 1",
        "numbers[0] = 3",
        "z = np.mean(numbers, 0, None, numbers[:1].reshape(()))",
        "np.random.shuffle(numbers)",
        "np.copyto(numbers, 1)",
        "x.data = y.clone()",
        "x.requires_grad = True",
        "x -= 1",
        "x.grad = y",
        "with torch.profiler.profile():\n    z = 1",
        "nn.ReLU(True)(x)",
        "net.load_state_dict(net.state_dict())",
        "net = net(x)",
        "z = sorted(rows, key=lambda row: float(row.add_(1).sum()))",
        "for one in loader:\n    pass",
        "for one in (row.add_(1) for row in rows):\n    pass",
        "net = net.train(function() > 1)",
    ],
)
def test_everything_is_compared_after(recorder: Recorder, statement: str) -> None:
    assert looked_at_during(recorder, BEFORE, statement).all
