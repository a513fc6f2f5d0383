"""The last step that saw a tensor, found from columns of steps, against looking at every step."""

from __future__ import annotations

from pathlib import Path

from explorer.model.memory.frames_alive import last_step_with_names
from explorer.model.recording import Recording
from tests.model.recorded import recorded

PROGRAM = """
import torch

count = 0

def seen(n):
    x = torch.ones(2, requires_grad=True)
    if n:
        seen(n - 1)
    del x
    return n

def blind():
    for _ in range(3):
        pass

blind()
seen(2)
blind()
loss = torch.ones(2, requires_grad=True).sum()
loss.backward()
del loss
for i in range(4):
    count += 1
    if i == 2:
        again = torch.zeros(1)
        del again
blind()
"""


def by_looking(recording: Recording, step: int) -> int:
    """The same by looking at one step after the other."""
    for at in range(min(step, len(recording)) - 1, -1, -1):
        if not recording.steps.is_node(at) and recording.names_at(at):
            return at
    return -1


def test_the_last_step_that_saw_a_tensor(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    with recorded(path) as (run, _):
        recording = run.recording
        steps = range(len(recording) + 2)
        wanted = [by_looking(recording, step) for step in steps]
        assert [last_step_with_names(recording, step) for step in steps] == wanted
        assert len(set(wanted)) > 10
        assert wanted[1] == -1
