"""Jumps to random steps of a recording of a million steps.

    python benchmarks/walking/measure.py [--steps 1000000] [--jumps 1000] [--names 100] [--budget 1]

A real worker records a program of so many steps that writes into tensors with so many names, within
a budget in gigabytes. A jump asks for all that the panes ask for at a step: the step, every name's
card, what changed, what its storages hold; and for the numbers of one tensor, from the worker.
Then the timeline is painted at random steps. Prints medians and the worst, in time of the processor
but where the worker answers; returns 1 when a jump took 50 ms or a frame 16 ms, or when a number
was wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from explorer.cli.worker_client import WorkerClient
from explorer.model.recording import Recording
from explorer.protocol.numbers import NumbersOf, ReadNumbers
from explorer.protocol.recording import ContentsDropped, FileMarked, StepsRecorded
from explorer.protocol.running import ProgramEnded, RunProgram
from explorer.ui.panes.timeline import RecordedSteps
from explorer.ui.widgets.timeline_strip import TimelineStrip

PROGRAM = """\
import torch
rows = [torch.zeros(8) for _ in range({names})]
x = torch.zeros(4)
for n in range({rounds}):
    k = n % {names}
    rows[k] += 1
    x = rows[k][:4] * 2
    y = k + 1
"""
STATEMENTS = 5
"""Of one round, the header of the loop among them."""
GIGABYTE = 1 << 30
LONGEST_JUMP, LONGEST_FRAME = 0.05, 0.016


def record(client: WorkerClient, program: Path, budget: int) -> Recording:
    """Run a program to its end."""
    recording = Recording()
    client.ask(RunProgram(str(program), own_input=True, budget=budget))
    while True:
        news = client.news()
        if isinstance(news, StepsRecorded):
            recording.steps_recorded(news)
        elif isinstance(news, FileMarked):
            recording.file_marked(news)
        elif isinstance(news, ContentsDropped):
            recording.contents_dropped(news)
        elif isinstance(news, ProgramEnded):
            return recording


def jump(recording: Recording, step: int) -> tuple[dict[str, Any], NumbersOf]:
    """All that is asked for at a step; the cards by name and the numbers of ``rows[0]``."""
    recording.step(step)
    recording.changed_paths(step)
    recording.storages_at(step)
    cards = recording.cards_at(step)
    for card in cards.values():
        recording.content(step, card.storage)
        recording.names_of_tensor(step, card.tensor) if card.version % 64 == 0 else None
    card = cards["rows[0]"]
    content = recording.content(step, card.storage)
    return cards, card.numbers(content.id if content else 0)


def timed(what: Callable[[], object]) -> float:
    """Seconds of the processor that a call takes, whatever else the machine does."""
    started = time.process_time()
    what()
    return time.process_time() - started


def told(name: str, seconds: list[float]) -> None:
    """Print median and worst."""
    middle, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    print(f"{name:34} median {middle:8.2f} ms   worst {worst:8.2f} ms", flush=True)


def jumps(client: WorkerClient, recording: Recording, steps: list[int]) -> tuple[list[float], int]:
    """Seconds of each jump, numbers included, and how many numbers were wrong."""
    seconds, wrong = [], 0
    for step in steps:
        started = time.perf_counter()
        cards, source = jump(recording, step)
        (numbers,) = client.ask(ReadNumbers((source,), 8)).lists
        seconds.append(time.perf_counter() - started)
        expected = [float(cards["rows[0]"].version)] * 8
        wrong += numbers != expected and not isinstance(numbers, str)
    return seconds, wrong


def frames(recording: Recording, steps: list[int]) -> list[float]:
    """Seconds in which the timeline is painted at each of these steps."""
    strip = TimelineStrip(RecordedSteps(recording))
    strip.resize(1600, 66)
    strip.steps_changed()
    strip.grab()
    seconds = []
    for step in steps:
        strip.set_current(step)
        seconds.append(timed(strip.grab))
    return seconds


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--jumps", type=int, default=1000)
    parser.add_argument("--names", type=int, default=100)
    parser.add_argument("--budget", type=float, default=1.0)
    chosen = parser.parse_args()
    application = QApplication([])
    dice = random.Random(0)
    with tempfile.TemporaryDirectory(prefix="walking-") as folder:
        program = Path(folder) / "program.py"
        rounds = chosen.steps // STATEMENTS
        program.write_text(PROGRAM.format(names=chosen.names, rounds=rounds))
        client = WorkerClient(sys.executable)
        try:
            started = time.perf_counter()
            recording = record(client, program, int(chosen.budget * GIGABYTE))
            took = time.perf_counter() - started
            print(f"{len(recording)} steps recorded and taken in {took:.1f} s", flush=True)
            steps = [dice.randrange(10, len(recording)) for _ in range(chosen.jumps)]
            model = [timed(lambda step=step: jump(recording, step)) for step in steps]  # type: ignore[misc]
            answered, wrong = jumps(client, recording, steps)
        finally:
            client.close()
    painted = frames(recording, steps)
    told("a jump, what the window holds", model)
    told("a jump, with numbers, on the clock", answered)
    told("a frame of the timeline", painted)
    print(f"{wrong} wrong numbers; {len(recording.dropped)} values were dropped")
    application.quit()
    slow = max(model) > LONGEST_JUMP or statistics.median(answered) > LONGEST_JUMP
    return 1 if wrong or slow or max(painted) > LONGEST_FRAME else 0


if __name__ == "__main__":
    sys.exit(main())
