"""What graphs keep for backward, against what the program does with memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.model.memory.held import Memory
from explorer.model.memory.saved_lifetimes import SavedLifetimes
from explorer.model.recording import Recording
from explorer.protocol.saved import ReadSaved, Saved
from tests.model.recorded import recorded

KEPT = """\
import torch
x = torch.ones(1000, requires_grad=True)
y = (x * 2).exp().sin().sum()
z = y + 1
y.backward()
w = torch.ones(10, requires_grad=True)
s = torch.sigmoid(w)
t = s.sum()
with torch.no_grad():
    s.add_(1)
del t
del s
w.grad = None
"""


@contextmanager
def lifetimes_of(tmp_path: Path, text: str) -> Iterator[tuple[Recording, Saved, SavedLifetimes]]:
    program = tmp_path / "kept.py"
    program.write_text(text)
    with recorded(program) as (run, client):
        memory = Memory(run.recording)
        memory.follow()
        saved = client.ask(ReadSaved())
        assert isinstance(saved, Saved)
        found = SavedLifetimes(run.recording, memory, saved)
        for _ in found.work():
            pass
        yield run.recording, saved, found


def step_of(recording: Recording, line: int) -> int:
    path = recording.step(0).file
    return recording.steps.runs_of_line(path, line)[-1]


def test_bytes_that_only_the_graph_keeps(tmp_path: Path) -> None:
    with lifetimes_of(tmp_path, KEPT) as (recording, _, found):
        held = {line: found.beyond_names(step_of(recording, line)) for line in (2, 3, 4, 5, 6)}
        # exp keeps its result, which sin keeps too: one storage that no name leads to.
        # The 8 bytes are the 2, which torch makes a tensor of.
        assert held == {2: 0, 3: 4008, 4: 4008, 5: 0, 6: 0}
        step = step_of(recording, 3)
        savers = [
            {one.name for one in found.savers(step, storage)}
            for storage in found.storages_kept(step)
        ]
        assert {"ExpBackward0", "SinBackward0"} in savers
        steps, heights = found.changes()
        assert heights[list(steps).index(step_of(recording, 3))] == 8012


def test_a_write_into_what_was_saved(tmp_path: Path) -> None:
    with lifetimes_of(tmp_path, KEPT) as (recording, _, found):
        (one,) = found.overwrites.values()
        made = step_of(recording, 7)
        card = recording.card(made, recording.tensor_named(made, "s"))
        assert card is not None and one.storage == card.storage
        assert one.step == step_of(recording, 10)
        assert one.span.name == "SigmoidBackward0" and one.span.start == made
        told = found.overwrite_sentence(one)
        assert "which SigmoidBackward0 of line 7 has saved for backward" in told


def test_let_go_with_the_last_name(tmp_path: Path) -> None:
    with lifetimes_of(tmp_path, KEPT) as (recording, _, found):
        # s keeps its own node alive, t the node behind it.
        assert found.storages_kept(step_of(recording, 11))
        assert not found.storages_kept(step_of(recording, 12))


TRAINING = """\
import torch
net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), 0.1)
data = torch.randn(16, 4)
for turn in range(3):
    optimizer.zero_grad()
    loss = net(data).square().mean()
    again = net(data).mean()
    loss.backward()
    optimizer.step()
"""


def test_training_writes_into_nothing_saved_but_the_second_graph(tmp_path: Path) -> None:
    with lifetimes_of(tmp_path, TRAINING) as (recording, _, found):
        # `again` is never walked: the step of the optimizer writes into weights that it saved.
        blamed = [recording.step(one.step).statement.line for one in found.overwrites.values()]
        assert blamed == [10]
    calm = TRAINING.replace("    again = net(data).mean()\n", "")
    with lifetimes_of(tmp_path, calm) as (_, _, found):
        assert not found.overwrites


INSIDE = """\
import torch
def distance(a):
    return torch.sqrt((a * a).sum(1) + 1.0).mean()
w = torch.ones(3, 2, requires_grad=True)
loss = distance(w)
loss.backward()
"""


def test_what_is_seen_late_is_not_written(tmp_path: Path) -> None:
    with lifetimes_of(tmp_path, INSIDE) as (recording, _, found):
        assert not found.overwrites
        step = step_of(recording, 5)
        assert found.beyond_names(step) >= 12  # what sqrt keeps


def test_columns_that_do_not_fit(tmp_path: Path) -> None:
    with lifetimes_of(tmp_path, KEPT) as (recording, saved, _):
        broken = replace(saved, tail=saved.tail[:-8])
        with pytest.raises(ValueError, match="do not fit"):
            list(SavedLifetimes(recording, Memory(recording), broken).work())
