"""Looking at tensors opens no door of the program's, and looks only where something may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from explorer.worker.recorder import Recorder
from explorer.worker.rewrite.marks import Mark

SHARED = """
import numpy as np
import torch
shared = torch.from_numpy(np.zeros(3))
sparse = torch.eye(3).to_sparse()
x = torch.ones(2)
x.add_(1)
x.add_(1)
"""


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    made = Recorder()
    made.doors.install()
    yield made
    made.doors.remove()


def _marks(recorder: Recorder, source: str) -> list[Mark]:
    recorder.compile(source, "looked_at.py")
    return recorder.statements.marks


def test_looking_at_shared_memory_makes_nobody_look_at_all(recorder: Recorder) -> None:
    exec(recorder.compile(SHARED, "shared.py"), {})
    assert not recorder.tensors.dirty


@pytest.mark.parametrize(
    "statement",
    [
        "x.add_(1)",
        "held[name].mul_(d).add_(p.detach(), alpha=1 - d)",
        "x -= y",
        "x += torch.ones(2)",
        "y = x.clamp_(0)",
    ],
)
def test_a_write_into_a_tensor_spares_containers(recorder: Recorder, statement: str) -> None:
    (mark,) = _marks(recorder, statement)
    assert mark.writes
    assert mark.roots is None
    assert mark.spares is not None


@pytest.mark.parametrize(
    "statement",
    [
        "rows.append(x.add_(1))",
        "x.add_(function())",
        "x.apply_(function)",
        "rows[0] += 1",
        "model.total += x",
        "net.requires_grad_(False)",
        "x.add_(*pair)",
        "optimizer.step()",
        "del rows[0]",
    ],
)
def test_what_may_change_a_container_does_not(recorder: Recorder, statement: str) -> None:
    (mark,) = _marks(recorder, statement)
    assert mark.fills
    assert mark.spares is None


@pytest.mark.parametrize(
    ("looped", "quiet"),
    [
        ("net.parameters()", True),
        ("self.net.named_parameters()", True),
        ("held.items()", True),
        ("loader", False),
        ("net(x).items()", False),
        ("net.parameters(True)", False),
        ("enumerate(loader)", False),
    ],
)
def test_a_loop_over_what_is_there_writes_nothing(
    recorder: Recorder, looped: str, quiet: bool
) -> None:
    header, _ = _marks(recorder, f"for one in {looped}:\n    pass\n")
    assert header.writes is not quiet
    assert (header.spares is not None) is quiet
