"""Measures the start of a frozen program against that of the sources, in turn.

    python3 packaging/measure_start.py PROGRAM [--python PYTHON] [--times N]

PROGRAM is the executable of an installed or unpacked download; PYTHON is one that has the window's
packages, by default the one that runs this. Both open the first lesson on a virtual display of
their own. Told are the time until the window can be seen and the processor time that its process
had taken by then, the median and the range of each; needs Xvfb and xdotool.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from installers.project import ROOT
from proof.display import Display

LESSON = ROOT / "resources" / "lessons" / "00_first_steps.py"


def main() -> None:
    """Start both in turn and print what it took."""
    parser = argparse.ArgumentParser(description="Measure the start of a frozen program.")
    parser.add_argument("program", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    commands = {
        "frozen": [str(chosen.program.resolve())],
        "sources": [chosen.python, "-P", "-m", "explorer"],
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as home, Display(Path("/tmp/.X11-unix")) as display:
        for number in range(chosen.times + 1):
            for name, command in commands.items():
                measured = start([*command, "--python", chosen.python], display, home)
                if number:  # the first of each fills the caches
                    taken[name].append(measured)
    for name, pairs in taken.items():
        seen, used = zip(*pairs, strict=True)
        print(f"{name:8} seen after {_told(seen)}, processor time {_told(used)}")


def start(command: list[str], display: Display, home: str) -> tuple[float, float]:
    """Seconds until the window is there, and seconds of processor time of its process."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "DISPLAY": display.name,
        "PYTHONPATH": str(ROOT),
    }
    said = Path(home) / "said"
    began = time.monotonic()
    with said.open("wb") as errors:
        process = subprocess.Popen(
            [*command, str(LESSON)], env=variables, start_new_session=True, stderr=errors
        )
    try:
        display.wait_for_window("Tensor Explorer", process, seconds=120, pause=0.02)
        seen = time.monotonic() - began
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except SystemExit as err:
        raise SystemExit(f"{command[0]}: {err}\n{said.read_text(errors='replace')}") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    time.sleep(0.5)  # the display forgets the window
    return seen, used


def _told(numbers: tuple[float, ...]) -> str:
    return (
        f"{statistics.median(numbers):.2f} s ({min(numbers):.2f} to {max(numbers):.2f}, "
        f"{len(numbers)} times)"
    )


if __name__ == "__main__":
    main()
