"""Runs a foreign program plainly and recorded, and tells in which of its parts they differ."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from programs import Foreign

from explorer.cli.worker_client import WorkerClient, WorkerGone
from tests.worker.outcomes import heard

PATIENCE = 300.0
"""Seconds that one run may take."""

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
RESULT = re.compile(r"^(test\w* \([\w.]+\))(?:\n[^\n]*)? \.\.\. (.*)$", re.MULTILINE)
TIMES = re.compile(r"(Ran \d+ tests? in )[\d.]+s")


@dataclass(frozen=True)
class Shown:
    """What a run showed; ``parts`` is the result of each test by its name."""

    stdout: str
    stderr: str
    code: int
    seconds: float

    @property
    def parts(self) -> dict[str, str]:
        """Test -> ok, FAIL, ERROR, skipped ..."""
        return {test: result.split("'")[0].strip() for test, result in RESULT.findall(self.stderr)}


def plain(program: Foreign, python: str) -> Shown:
    """What plain Python shows."""
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [python, str(program.path), *program.arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=program.path.parent,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Shown("", "", -1, PATIENCE)
    return Shown(done.stdout, done.stderr, done.returncode, time.perf_counter() - started)


def recorded(program: Foreign, python: str) -> Shown:
    """What it shows under the recorder; a code below 0 when the run did not come to its end."""
    started = time.perf_counter()
    client = WorkerClient(python)
    watch = threading.Timer(PATIENCE, client.process.kill)
    watch.start()
    try:
        shown = heard(client, str(program.path), program.arguments)
    except WorkerGone as gone:
        return Shown("", str(gone), -1, time.perf_counter() - started)
    finally:
        watch.cancel()
        client.close()
    return Shown(shown.stdout, shown.stderr, shown.code, time.perf_counter() - started)


def differences(one: Shown, other: Shown) -> list[str]:
    """Where two runs differ, in words; tests are compared one by one, other programs whole."""
    if one.code == -1 or other.code == -1:
        return [] if one.code == other.code else [f"did not come to its end: {other.stderr[-200:]}"]
    found = []
    mine, others = one.parts, other.parts
    for name in sorted(mine.keys() | others.keys()):
        if mine.get(name) != others.get(name):
            found.append(f"{name}: {mine.get(name)} plain, {others.get(name)} recorded")
    if not mine:
        for stream in ("stdout", "stderr"):
            if _levelled(getattr(one, stream)) != _levelled(getattr(other, stream)):
                found.append(f"another {stream}")
    if one.code != other.code:
        found.append(f"exit code {one.code} plain, {other.code} recorded")
    return found


def _levelled(text: str) -> str:
    """Without what differs from one plain run to the next: addresses and times."""
    return TIMES.sub(r"\1", ADDRESS.sub("0x", text))


def keep(folder: Path, name: str, one: Shown, other: Shown) -> None:
    """Write down both runs of a program that differ, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"\W+", "_", name)
    for which, shown in (("plain", one), ("recorded", other)):
        (folder / f"{stem}.{which}.txt").write_text(f"{shown.stdout}\n-----\n{shown.stderr}")
