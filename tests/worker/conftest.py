"""A recorder in this process, for tests of what is looked at behind a statement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from explorer.worker.recorder import Recorder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A recorder that stands in the doors behind which memory leaves torch."""
    made = Recorder()
    made.doors.install()
    yield made
    made.doors.remove()
