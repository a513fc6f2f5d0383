"""What ``steps`` follows from step to step is what the recording says of each step alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.cli.followed import FRAMES_HELD, Follower, Told, told_at
from explorer.model.recording import Recording
from tests.model.recorded import PROGRAMS, recorded

OWN = """
import torch
from torch import nn

def deep(n, x):
    here = x * 2
    if n:
        deep(n - 1, here)
    x.add_(1)
    return here

def twice(x):
    first = x[0]
    yield first
    first.zero_()
    yield first.t()

base = torch.ones(2, 2)
net = nn.Linear(2, 2)
walk = twice(base)
next(walk)
deep(20, base)
next(walk)
for _ in range(3):
    loss = net(base).sum()
    loss.backward(create_graph=True)
    net.weight.grad.mul_(2)
    net.weight.data = net.weight.data.clone()
    for name in list(globals()):
        if name == "gone":
            del gone
    gone = {"a": [base, net.weight.grad]}
del base
base = gone
"""


def of_names(recording: Recording, step: int) -> dict[str, Told | None]:
    """Every name of a step's frame, looked up anew."""
    names = recording.names_at(step)
    found = {path: told_at(recording, step, tensor) for path, tensor in names.items()}
    return {path: told for path, told in found.items() if told is not None}


@pytest.mark.parametrize(
    "program",
    ["", "chapter_15_accumulation.py", "aliases/many_views.py", "statements/generators.py"],
)
def test_each_step_is_told_as_if_it_stood_alone(program: str, tmp_path: Path) -> None:
    path = PROGRAMS / program
    if not program:
        path = tmp_path / "own.py"
        path.write_text(OWN)
    with recorded(path) as (run, _):
        recording = run.recording
        follower = Follower(recording)
        frames = set()
        for step in range(len(recording)):
            followed = follower.follow(step)
            frames.add(recording.steps.frame_of(step))
            assert followed.names.told == of_names(recording, step)
            assert followed.changed == sorted(recording.changed_paths(step))
    if not program:
        assert len(frames) > FRAMES_HELD
