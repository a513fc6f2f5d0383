"""Records a program that writes 100 GB in all through 1 GB of tensors, within a budget.

    python benchmarks/budget/measure.py [--written 100] [--tensors 1] [--budget 2]  (gigabytes)

Measures the highest resident size of the plain run and of the recorded one; their difference must
stay within the budget and a tenth. Then asks for a number of every write: it must be the number
that was written, or it must be said in words that it is not kept; never a wrong number. At the
end nothing may be left in the cache and temporary folders. Returns 1 when anything was wrong.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from explorer.cli.worker_client import WorkerClient, WorkerGone
from explorer.model.recording import Recording
from explorer.protocol.numbers import ReadNumbers
from explorer.protocol.recording import ContentsDropped, FileMarked, MemoryHeld, StepsRecorded
from explorer.protocol.running import ProgramEnded, RunProgram

PROGRAM = Path(__file__).resolve().parent / "program.py"
GIGABYTE = 1 << 30
TENSORS = 8
FOLDERS = ("TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


class Watch:
    """The highest resident size of a process, looked at every 10 ms while it lives."""

    def __init__(self, process: int) -> None:
        self.highest = 0
        self._status = Path(f"/proc/{process}/status")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The highest size in bytes."""
        self._over.set()
        self._thread.join()
        return self.highest

    def _look(self) -> None:
        while not self._over.wait(0.01):
            try:
                lines = self._status.read_text().splitlines()
            except OSError:
                return
            sizes = [int(line.split()[1]) << 10 for line in lines if line.startswith("VmRSS")]
            self.highest = max(self.highest, *sizes, 0)


@dataclass
class Recorded:
    """A recorded run and what was measured of it."""

    recording: Recording
    highest: int = 0
    seconds: float = 0.0
    spilled: int = 0
    end: ProgramEnded | None = None
    right: int = 0
    unkept: int = 0
    wrong: int = 0


def plain(words: list[str]) -> tuple[int, float]:
    """Highest resident size and seconds of the plain run."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(PROGRAM), *words])
    watch = Watch(process.pid)
    process.wait()
    return watch.stop(), time.perf_counter() - started


def recorded(words: list[str], budget: int, most: int) -> Recorded:
    """The same under the recorder, every write asked for at the end.

    A worker that grows beyond ``most`` bytes is ended, before it takes the machine's memory.
    """
    found = Recorded(Recording())
    client = WorkerClient(sys.executable)
    watch = Watch(client.process.pid)
    started = time.perf_counter()
    try:
        client.ask(RunProgram(str(PROGRAM), tuple(words), own_input=True, budget=budget))
        while found.end is None:
            _take(found, client.news())
            if watch.highest > most:
                client.process.kill()
        found.seconds = time.perf_counter() - started
        found.highest = watch.stop()
        _check(client, found)
    except WorkerGone as gone:
        print(gone)
    finally:
        found.highest = watch.stop()
        client.close()
    return found


def _take(found: Recorded, news: Any) -> None:
    if isinstance(news, StepsRecorded):
        found.recording.steps_recorded(news)
    elif isinstance(news, FileMarked):
        found.recording.file_marked(news)
    elif isinstance(news, ContentsDropped):
        found.recording.contents_dropped(news)
    elif isinstance(news, MemoryHeld):
        found.spilled = max(found.spilled, news.spilled)
    elif isinstance(news, ProgramEnded):
        found.end = news


def _check(client: WorkerClient, found: Recorded) -> None:
    """Ask what the written tensor held after each write."""
    recording, write = found.recording, 0
    for step in range(len(recording)):
        if not recording.step(step).statement.code.startswith("rows[write"):
            continue
        write += 1
        tensor = recording.tensor_named(step, f"rows[{write % TENSORS}]")
        held = _first_number(client, recording, step, tensor)
        found.right += held == [float(write)]
        found.unkept += isinstance(held, str)
        found.wrong += held != [float(write)] and not isinstance(held, str)


def _first_number(client: WorkerClient, recording: Recording, step: int, tensor: int) -> Any:
    card = recording.card(step, tensor)
    if card is None:
        return None
    content = recording.content(step, card.storage)
    wanted = card.numbers(content.id if content else 0)
    return client.ask(ReadNumbers((wanted,), 1)).lists[0]


def told(found: Recorded, base: int, budget: int, left: list[Path]) -> list[str]:
    """What is wrong, in words."""
    wrong = []
    if found.end is None or found.end.how != "finished":
        wrong.append(f"the run ended otherwise: {found.end}")
    if found.highest - base > budget * 1.1:
        wrong.append(f"{(found.highest - base) / GIGABYTE:.2f} GB more than plain")
    if found.wrong or not found.right:
        wrong.append(f"{found.wrong} wrong numbers, {found.right} right ones")
    return wrong + [f"left behind: {path}" for path in left]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--written", type=float, default=100.0)
    parser.add_argument("--tensors", type=float, default=1.0)
    parser.add_argument("--budget", type=float, default=2.0)
    chosen = parser.parse_args()
    each = int(chosen.tensors * GIGABYTE / TENSORS / 4)
    words = [str(TENSORS), str(each), str(int(chosen.written * GIGABYTE / (each * 4)))]
    budget = int(chosen.budget * GIGABYTE)
    with tempfile.TemporaryDirectory(prefix="budget-") as folder:
        for name in FOLDERS:
            os.environ[name] = str(Path(folder) / name.lower())
            Path(os.environ[name]).mkdir()
        base, seconds = plain(words)
        found = recorded(words, budget, base + 3 * budget)
        left = [path for path in Path(folder).rglob("*") if path.is_file()]
    print(f"plain     {base / GIGABYTE:6.2f} GB {seconds:7.1f} s")
    print(f"recorded  {found.highest / GIGABYTE:6.2f} GB {found.seconds:7.1f} s")
    print(f"budget {chosen.budget} GB; spilled to disk {found.spilled / GIGABYTE:.2f} GB")
    print(f"writes asked for: {found.right} right, {found.unkept} not kept, {found.wrong} wrong")
    wrong = told(found, base, budget, left)
    print("\n".join(wrong) or "within the budget, never a wrong number, nothing left behind")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
