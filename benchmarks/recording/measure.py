"""What recording costs: CPU time of each way of running a program against the plain run.

    python benchmarks/recording/measure.py [W1 ...] [--rounds 7] [--ways statements nodes ...]
    python benchmarks/recording/measure.py --peers PYTHON [W1 ...] [--rounds 3]

Every run is a fresh process with one torch thread (see ``one_run.py`` for what is counted). A round
runs plainly and in every way, one behind the other, so that whatever else the machine does hits
all alike; the ratio of a way is taken within each round. Prints the median of the rounds, with the
first and third quartile.

With ``--peers``, the Python of an environment in which the optional dependencies ``peers`` are
installed, other tools that show what a program does run the same programs, with loops shortened
where they would not end, against plain runs shortened alike; recording is measured on these
shortened programs too. torch's own anomaly mode is one of them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = {path.name[:2].upper(): path for path in sorted((HERE / "programs").glob("w*.py"))}

PEERS = ("pysnooper", "snoop", "birdseye", "torchlens")
SHORTER = {
    "W2": [("range(500)", "range(20)")],
    "W3": [("range(20_000)", "range(300)")],
    "W4": [("n = 4096", "n = 1024")],
    "W5": [("range(20)", "range(2)")],
    "W6": [("range(60)", "range(5)"), ("range(500)", "range(250)")],
}
"""What is put in the place of what, so that the peers come to an end."""

Run = Callable[[str], list[float]]
"""Runs in a way: the seconds, and behind them those of the plain run where it has one of its own;
nothing when it failed or took too long."""


def seconds_of(command: Sequence[str | Path], limit: float) -> list[float]:
    """The numbers in the last line that a process prints."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, timeout=limit, env=environment
        )
        return list(map(float, done.stdout.splitlines()[-1].split()))
    except (subprocess.TimeoutExpired, IndexError, ValueError):
        return []


def measured(name: str, ways: Sequence[str], rounds: int, run: Run) -> None:
    """Run one program in all ways, round by round, and print a line for each."""
    plain: list[float] = []
    ratios: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        plain += run("plain")
        for way in ways:
            seconds = run(way)
            if seconds:
                ratios[way].append(seconds[0] / (seconds[1] if seconds[1:] else plain[-1]))
    base = statistics.median(plain)
    for way, done in ratios.items():
        if not done:
            print(f"{name:4} {way:11} plain {base:8.3f} s   did not come to an end", flush=True)
            continue
        low, middle, high = quartiles(done)
        print(
            f"{name:4} {way:11} plain {base:8.3f} s   ratio {middle:7.2f}"
            f"   ({low:.2f} to {high:.2f}, {len(done)} rounds)",
            flush=True,
        )


def quartiles(numbers: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile."""
    if len(numbers) == 1:
        return numbers[0], numbers[0], numbers[0]
    low, _, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return low, statistics.median(numbers), high


def shortened(name: str, folder: Path) -> Path:
    """A program with shorter loops, as a file of its own."""
    text = PROGRAMS[name].read_text()
    for long, short in SHORTER.get(name, ()):
        if long not in text:
            raise SystemExit(f"{PROGRAMS[name].name} does not hold {long} any more.")
        text = text.replace(long, short)
    path = folder / PROGRAMS[name].name
    path.write_text(text)
    return path


def main() -> None:
    """Measure what the command line names."""
    options = argparse.ArgumentParser(description="What recording costs, as ratios of CPU time.")
    options.add_argument("names", nargs="*", metavar="W1", help="programs, all when none is named")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--ways", nargs="+", default=["statements", "nodes"])
    options.add_argument("--peers", metavar="PYTHON", help="the Python that the peers are in")
    options.add_argument("--limit", type=float, default=600, help="seconds for one run")
    given = options.parse_args()
    names = given.names or list(PROGRAMS)
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        options.error(f"there is no program {unknown[0]}: they are {', '.join(PROGRAMS)}")
    one_run, with_peer = HERE / "one_run.py", HERE / "with_peer.py"
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        for name in names:
            path = shortened(name, Path(folder)) if given.peers else PROGRAMS[name]

            def run(way: str, path: Path = path) -> list[float]:
                command: list[str | Path] = [sys.executable, one_run, way, path]
                if way in PEERS:
                    command = [given.peers, with_peer, way, path]
                return seconds_of(command, given.limit)

            ways = [*given.ways, "anomaly", *PEERS] if given.peers else given.ways
            measured(name, ways, given.rounds, run)


if __name__ == "__main__":
    main()
