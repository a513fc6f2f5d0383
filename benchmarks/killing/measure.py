"""Kills workers at random moments and looks at what is left.

    python benchmarks/killing/measure.py [--times 200] [--seed 0] [--most-seconds 1.5]

Each time a worker is started, runs a program that trains for ever, and dies at a random moment by
one of several deaths. Afterwards: the reason must have been told in one sentence; everything that
was sent before must be a whole recording, each step following the one before, with what is known
about ``x`` at every step; no process of the worker's session and no file in its temporary and
cache folders may be left, though older values are on disk by then. Prints a table and returns 1
when anything was wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from programs import DEATHS, Death

from explorer.cli.worker_client import WorkerClient, WorkerGone
from explorer.model.recording import Recording
from explorer.protocol.recording import ContentsDropped, FileMarked, StepsRecorded
from explorer.protocol.running import RunProgram

BUDGET = 8 << 20
"""Bytes of memory for values: the rest goes to files on disk, which must vanish too."""
PATIENCE = 5.0
"""Seconds in which processes and files must be gone."""


@dataclass
class Kill:
    """What one kill left behind."""

    steps: int = 0
    rounds: int = 0
    wrong: list[str] = field(default_factory=list)


def kill_once(death: Death, seconds: float, python: str, home: Path) -> Kill:
    """Start, let it work for so long, kill, and look."""
    found = Kill()
    program = home / "program.py"
    program.write_text(death.program(seconds))
    client = WorkerClient(python)
    recording = Recording()
    session = client.process.pid
    timer = threading.Timer(seconds if not death.end else 60.0, client.process.kill)
    try:
        client.ask(RunProgram(str(program), own_input=True, budget=BUDGET))
        timer.start()
        while True:
            _take(recording, client.news())
    except WorkerGone as gone:
        if death.sentence not in str(gone):
            found.wrong.append(f"said: {gone}")
    finally:
        timer.cancel()
        client.close()
    _check(recording, found)
    found.wrong += _left_behind(session, home)
    _clear_away(session, home)
    return found


def _take(recording: Recording, news: object) -> None:
    if isinstance(news, StepsRecorded):
        recording.steps_recorded(news)
    elif isinstance(news, FileMarked):
        recording.file_marked(news)
    elif isinstance(news, ContentsDropped):
        recording.contents_dropped(news)


def _check(recording: Recording, found: Kill) -> None:
    """What was sent is a whole recording: versions of x count its writes, one by one."""
    found.steps = len(recording)
    expected = 0
    for step in range(len(recording)):
        code = recording.step(step).statement.code
        if recording.steps.is_node(step) or "x" not in recording.names_at(step):
            continue
        card = recording.card(step, recording.tensor_named(step, "x"))
        expected += code == "x += 1"
        if card is None or card.version != expected:
            found.wrong.append(f"step {step}: x has another version than {expected}")
            return
    found.rounds = expected


def _left_behind(session: int, home: Path) -> list[str]:
    """Processes and files that are still there after a while, in words."""
    deadline = time.monotonic() + PATIENCE
    while True:
        left = [f"process {line}" for line in _processes_of(session)]
        left += [f"file {path}" for path in _files(home)]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)


def _processes_of(session: int) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = entry.read_text().partition(" (")
            name, _, fields = rest.rpartition(") ")
        except OSError:
            continue
        if fields.split()[3] == str(session) and fields[0] != "Z":
            found.append(f"{number} {name}")
    return found


def _clear_away(session: int, home: Path) -> None:
    """End what was found, so that the next kill is judged by what it leaves itself."""
    for told in _processes_of(session):
        os.kill(int(told.split()[0]), signal.SIGKILL)
    for path in _files(home):
        path.unlink()


def _files(home: Path) -> list[Path]:
    kept = {home / "program.py"}
    return [path for path in home.rglob("*") if path.is_file() and path not in kept]


def main() -> int:
    """Kill as often as asked and print what was left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most-seconds", type=float, default=1.5)
    chosen = parser.parse_args()
    dice = random.Random(chosen.seed)
    deaths: Counter[str] = Counter()
    kills: list[Kill] = []
    with tempfile.TemporaryDirectory(prefix="killing-") as folder:
        home = Path(folder)
        for variable in ("TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
            (home / variable.lower()).mkdir()
            os.environ[variable] = str(home / variable.lower())
        for place in range(chosen.times):
            death = DEATHS[place % len(DEATHS)]
            kill = kill_once(death, dice.uniform(0, chosen.most_seconds), sys.executable, home)
            deaths[death.name] += 1
            kills.append(kill)
            for text in kill.wrong:
                print(f"{place}: {death.name}: {text}", flush=True)
    wrong = sum(bool(kill.wrong) for kill in kills)
    print(", ".join(f"{count} × {name}" for name, count in deaths.items()))
    steps = [kill.steps for kill in kills]
    print(
        f"steps that had arrived: {min(steps)} to {max(steps)}, median {statistics.median(steps)}"
    )
    print(f"{len(kills)} kills, {len(kills) - wrong} left nothing behind, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
