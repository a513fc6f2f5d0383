"""From the start of the process to the first painted window, against Thonny and Spyder.

    python benchmarks/startup/measure.py [--rounds N] [--work FOLDER] [--without Spyder]

Each round starts all programs one after the other, on the same virtual screen, with the same
file; so slow moments of the machine fall on all alike. The first two rounds warm caches and
settings and are not counted. Printed: the median of each and its spread (first and ninth decile),
and the median of the ratios within a round; the same for the CPU time that the process itself had
used by then, which says more where other programs keep the machine busy. An empty window of
PySide6 with the same text in it is started in the same rounds. Needs Linux and Xvfb,
and for Spyder libxcb-xinerama0. The environments of Thonny and Spyder are made in the folder of
work when they are not there.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from programs import ROOT, Program, empty_window, spyder, tensor_explorer, thonny
from screen import Screen, is_painted

PATIENCE = 90.0  # seconds
WARM_UP = 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "startup")
    parser.add_argument("--without", default="", help="Spyder takes most of the time")
    chosen = parser.parse_args()
    work = chosen.work.resolve()
    home = work / "home"
    programs = [tensor_explorer(home), empty_window(home), thonny(work, home)]
    if chosen.without != "Spyder":
        programs.append(spyder(work, home))
    seconds: dict[str, list[float]] = {program.name: [] for program in programs}
    busy: dict[str, list[float]] = {program.name: [] for program in programs}
    with Screen() as screen:
        for number in range(WARM_UP + chosen.rounds):
            for program in programs:
                took, used = seconds_to_paint(program, screen)
                if number >= WARM_UP:
                    seconds[program.name].append(took)
                    busy[program.name].append(used)
    report("until the window is painted", seconds)
    report("CPU time used by then", busy)


def seconds_to_paint(program: Program, screen: Screen) -> tuple[float, float]:
    """Start a program, wait until its window stands there painted, end it.

    Returns:
        Seconds that went by, and seconds that the process itself was at work.

    Raises:
        SystemExit: it shows no window in time.
    """
    empty = screen.sample()
    variables = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles a program at every start
    began = time.perf_counter()
    process = subprocess.Popen(
        program.command,
        env={**variables, **program.variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not is_painted(screen.sample(), empty):
            if time.perf_counter() - began > PATIENCE or process.poll() is not None:
                raise SystemExit(f"{program.name} shows no window ({process.poll()})")
            time.sleep(0.004)
        return time.perf_counter() - began, _seconds_at_work(process.pid)
    finally:
        end(process)
        _wait_until_empty(screen, empty)


def _seconds_at_work(process: int) -> float:
    """Time that all threads of a process have run, to the nanosecond, as Linux counts it."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        time.sleep(0.3)
    process.wait(timeout=20)


def _wait_until_empty(screen: Screen, empty: object) -> None:
    deadline = time.perf_counter() + 10
    while (screen.sample() != empty).any() and time.perf_counter() < deadline:
        time.sleep(0.05)


def report(what: str, seconds: dict[str, list[float]]) -> None:
    """Medians, spreads, and ratios to our own within each round."""
    own = next(iter(seconds.values()))
    print(f"{what}\n{'program':16} {'median':>8} {'spread':>15}   ours / theirs, within a round")
    for name, taken in seconds.items():
        ratios = [mine / theirs for mine, theirs in zip(own, taken, strict=True)]
        print(
            f"{name:16} {statistics.median(taken) * 1000:6.0f} ms "
            f"{_decile(taken, 1) * 1000:5.0f} … {_decile(taken, 9) * 1000:5.0f}"
            f"   {statistics.median(ratios):.2f} ({min(ratios):.2f} … {max(ratios):.2f})"
        )


def _decile(values: list[float], number: int) -> float:
    return statistics.quantiles(values, n=10, method="inclusive")[number - 1]


if __name__ == "__main__":
    main()
