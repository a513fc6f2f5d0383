"""What a program shows of itself to the world: its output, its errors, how it ended."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from explorer.cli.worker_client import WorkerClient
from explorer.protocol.running import OutputPrinted, ProgramEnded, RunProgram
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
    text = folder / "given"
    text.write_text(given)
    with _stdin(text):
        client = WorkerClient(python)
    try:
        return heard(client, str(program))
    finally:
        client.close()


def heard(client: WorkerClient, path: str, arguments: tuple[str, ...] = ()) -> Outcome:
    """What a worker tells of the output and the end of a program.

    Raises:
        WorkerGone: when the worker dies before the program's end.
    """
    printed: dict[str, list[str]] = {"stdout": [], "stderr": []}
    client.ask(RunProgram(path, arguments, own_input=True))
    while True:
        news = client.news()
        if isinstance(news, OutputPrinted):
            printed[news.stream].append(news.text)
        elif isinstance(news, ProgramEnded):
            return Outcome("".join(printed["stdout"]), "".join(printed["stderr"]), news.code)


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
