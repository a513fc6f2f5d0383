"""Programs recorded by a real worker, for tests of what is rebuilt from a recording."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.cli.steps import RecordedRun, StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from tests.warm_python import ready_python

PROGRAMS = Path(__file__).resolve().parents[1] / "programs"


@contextmanager
def recorded(path: Path) -> Iterator[tuple[RecordedRun, WorkerClient]]:
    """Run a program to its end; the worker stays for questions until the block is left."""
    client = WorkerClient(ready_python())
    try:
        yield run_recorded(client, StepsOptions(str(path))), client
    finally:
        client.close()
