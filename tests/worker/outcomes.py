"""What a program shows of itself to the world: its output, its errors, how it ended."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from explorer.cli.steps import RecordedRun, StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from tests.worker.both_ways import one_thread


@dataclass(frozen=True)
class Outcome:
    """``code`` is the exit code, 128 + n for signal n, as a shell counts."""

    stdout: str
    stderr: str
    code: int


def plain(program: Path, python: str, given: str = "") -> Outcome:
    """The outcome of ``python program`` in the program's own folder."""
    done = subprocess.run(
        [python, str(program)],
        input=given.encode(),
        capture_output=True,
        cwd=program.parent,
        env=one_thread(),
        check=False,
    )
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return Outcome(done.stdout.decode(), done.stderr.decode(), code)


def recorded(program: Path, python: str, folder: Path, given: str = "") -> Outcome:
    """The outcome of the program under the recorder."""
    run = recorded_run(program, python, folder, given)
    assert run.end is not None
    printed = [news for step in sorted(run.output) for news in run.output[step]]
    return Outcome(
        "".join(news.text for news in printed if news.stream == "stdout"),
        "".join(news.text for news in printed if news.stream == "stderr"),
        run.end.code,
    )


def recorded_run(program: Path, python: str, folder: Path, given: str = "") -> RecordedRun:
    """All that the worker told of a run of the program."""
    text = folder / "given"
    text.write_text(given)
    with _stdin(text):
        client = WorkerClient(python)
    try:
        return run_recorded(client, StepsOptions(str(program), python=python))
    finally:
        client.close()


@contextmanager
def _stdin(path: Path) -> Iterator[None]:
    """Processes started inside read this file as their standard input."""
    before = os.dup(0)
    opened = os.open(path, os.O_RDONLY)
    try:
        os.dup2(opened, 0)
        yield
    finally:
        os.dup2(before, 0)
        os.close(opened)
        os.close(before)
