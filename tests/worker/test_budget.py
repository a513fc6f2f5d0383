"""A recording stays within its memory; what it shows is exact, or said to be dropped."""

from __future__ import annotations

import itertools
import resource
import sys
from pathlib import Path

import pytest

from tests.worker.budget_runs import MEGA, NO_DISK, NO_LIMIT, Run, compared, recorded

WRITES = """
import torch
rows = [torch.zeros(5_000) for _ in range(8)]
for write in range(1, 1501):
    rows[write % 8].fill_(write)
"""

TRAINING = """
import torch
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(40, 80), torch.nn.Tanh(), torch.nn.Linear(80, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for round in range(60):
    x = torch.randn(64, 40)
    loss = net(x).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

MIXED = """
import numpy as np
import torch
base = torch.arange(20_000.)
view = base[5:15]
array = np.zeros(30_000, dtype=np.float32)
shared = torch.from_numpy(array)
sparse = torch.eye(50).to_sparse()
z = torch.zeros(2_000, dtype=torch.complex64)
for round in range(80):
    base += 1
    array[round] = round
    shared = shared * 1 if round % 20 == 19 else shared
    sparse = sparse * 2
    view.mul_(2)
    z = (z + 1j).conj()
    if round % 10 == 0:
        base = base.clone()
        view = base[5:15]
    gone = torch.full((10_000,), float(round))
    del gone
"""

LARGE = """
import torch
x = torch.zeros(4_000_000)
for round in range(5):
    x += 1
    y = x[:3] * 2
x.data.fill_(7)
y = x * 2
"""

LARGE_ARRAY = """
import numpy as np
import torch
array = np.zeros(3_000_000, dtype=np.float32)
x = torch.from_numpy(array)
y = torch.zeros(2)
for round in range(5):
    array[0] += 1
    y += 1
"""

PROGRAMS = {"writes": WRITES, "training": TRAINING, "mixed": MIXED, "array": LARGE_ARRAY}
LIMITS = {"a file": (6 * MEGA, 0), "a small file": (6 * MEGA, MEGA), "no file": (5 * MEGA, NO_DISK)}


def freely(program: str, folder: Path) -> dict[tuple[int, str], object]:
    with recorded(program, folder, NO_LIMIT, NO_DISK) as run:
        assert not run.recording.dropped
        return run.values()


USUAL = {("mixed", limits) for limits in LIMITS}
USUAL |= {("array", "no file"), ("writes", "a file"), ("training", "a small file")}


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        pytest.param(*case, marks=() if case in USUAL else pytest.mark.slow)
        for case in itertools.product(PROGRAMS, LIMITS)
    ],
)
def test_values_are_exact_or_said_to_be_dropped(name: str, limits: str, tmp_path: Path) -> None:
    free = freely(PROGRAMS[name], tmp_path)
    with recorded(PROGRAMS[name], tmp_path, *LIMITS[limits]) as run:
        same, unkept, wrong = compared(run.values(), free)
        assert not wrong, "\n".join(wrong[:10])
        assert same > 0
        dropped = run.recording.dropped
    if unkept:
        assert dropped
    assert all(reason.endswith(".") for reason in dropped.reasons)


def test_spilled_values_are_read_back(tmp_path: Path) -> None:
    """30 MB of values go through 3 MB of memory: nearly all must come from the disk."""
    free = freely(WRITES, tmp_path)
    with recorded(WRITES, tmp_path, 6 * MEGA) as run:
        same, _, wrong = compared(run.values(), free)
        assert run.spilled > 10 * MEGA
    assert not wrong
    assert same > len(free) * 0.9


def test_oldest_values_go_first(tmp_path: Path) -> None:
    with recorded(WRITES, tmp_path, 6 * MEGA, MEGA) as run:
        kept = [
            step
            for (step, path), value in run.values().items()
            if path == "rows[1]" and isinstance(value, list)
        ]
        last = len(run.recording) - 1
    assert last in kept
    assert min(kept) > last // 2, "old values are there although newer ones are not"


def test_a_tensor_larger_than_the_budget_has_its_cards(tmp_path: Path) -> None:
    with recorded(LARGE, tmp_path, 4 * MEGA) as run:
        _check_large(run)


def test_a_tensor_larger_than_all_limits_has_its_cards(tmp_path: Path) -> None:
    with recorded(LARGE, tmp_path, 4 * MEGA, NO_DISK) as run:
        _check_large(run)
        values = run.values()
        sentences = {value for (_, path), value in values.items() if path == "x"}
        assert sentences == {
            "This tensor's storage is larger than the memory that the recording may take."
        }


def _check_large(run: Run) -> None:
    recording, values = run.recording, run.values()
    rounds = 0
    for step in range(len(recording)):
        code = recording.step(step).statement.code
        card = recording.card(step, recording.tensor_named(step, "x"))
        if code.startswith("import"):
            continue
        assert card is not None
        assert card.kind.shape == (4_000_000,)
        rounds += code == "x += 1"
        value = values[step, "x"]
        if not code.startswith(("x.data", "y = x * 2")):
            assert card.version == rounds
            assert isinstance(value, str) or value == [float(rounds)] * 8
        content = recording.content(step, card.storage)
        assert content is not None
        if content.certain and isinstance(value, list) and code == "y = x * 2":
            assert value == [7.0] * 8


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_resident_size_stays_within_the_budget(tmp_path: Path) -> None:
    """700 MB are written through 16 MB of tensors; what malloc keeps back counts, too."""
    program = """
import torch
rows = [torch.zeros(500_000) for _ in range(8)]
for write in range(1, 361):
    rows[write % 8].fill_(write)
"""
    base = _highest(program.replace("361", "2"), tmp_path, 64 * MEGA)
    assert _highest(program, tmp_path, 64 * MEGA) - base < 64 * MEGA


def _highest(program: str, folder: Path, budget: int) -> int:
    with recorded(program, folder, budget, python=sys.executable) as run:
        lines = Path(f"/proc/{run.client.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


def test_what_is_held_is_told(tmp_path: Path) -> None:
    with recorded(WRITES, tmp_path, 6 * MEGA, 3 * MEGA) as run:
        last = run.held[-1]
    assert last.budget == 6 * MEGA
    assert last.limit == 3 * MEGA
    assert 0 < last.held <= last.budget
    assert 0 < last.spilled <= last.limit


def test_default_budget_is_a_quarter_of_the_free_memory(tmp_path: Path) -> None:
    free = resource.getpagesize()
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable"):
            free = int(line.split()[1]) << 10
    with recorded("x = 1", tmp_path, 0) as run:
        told = run.held[-1]
    assert 0 < told.budget < free / 4 * 1.3
    assert told.limit > 0
