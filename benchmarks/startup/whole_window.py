"""From the start of the process to the first picture, and from there to the whole window.

    python benchmarks/startup/whole_window.py [--rounds N] [--root FOLDER …]

Whole is the window when every gesture, dock and pane that is seen is in its place. Opens real
windows on a virtual screen (Xvfb), each in a process of its own with a settings file of its own.
``--root`` names other checkouts to be measured in the same rounds. The first round is not counted.
Printed: medians and deciles, in time and in CPU time of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from programs import PROGRAM, ROOT
from screen import Screen

FIGURES = ("first picture", "from there to all of it", "CPU of the first", "CPU from there")

CHILD = """
import gc, json, os, sys, time
began, file, folder = float(sys.argv[1]), sys.argv[2], sys.argv[3]
gc.disable()
try:
    from explorer.ui.quick import load_qt
except ImportError:
    pass
else:
    load_qt()
from pathlib import Path
from PySide6.QtCore import QTimer
from explorer.ui.app import WindowOptions, make_application, make_frame
try:
    from explorer.ui.app import settle
except ImportError:
    settle = None
from explorer.ui.settings import Settings
settings = Settings(Path(folder) / "settings.ini")
application = make_application(settings, "light")
window = make_frame(WindowOptions(file, remember=False), settings, Path(folder))
times = []
def note():
    times.append((time.monotonic() - began, time.process_time()))
window.stands.connect(note)
(window.filled.connect(settle) if settle else window.stands.connect(gc.enable))
watch = QTimer(interval=3)
def look():
    if times and window.furniture.complete and window.docks.complete:
        note()
        (first, used), (whole, all_used) = times
        print(json.dumps([first, whole - first, used, all_used - used]), flush=True)
        window.close()
        application.quit()
watch.timeout.connect(look)
watch.start()
window.show()
application.exec()
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="From the first picture to the whole window.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--root", type=Path, nargs="*", default=[])
    chosen = parser.parse_args()
    roots = [ROOT, *(root.resolve() for root in chosen.root)]
    seen: dict[Path, list[list[float]]] = {root: [] for root in roots}
    with Screen(79) as screen:
        for number in range(1 + chosen.rounds):
            for root in roots:
                figures = once(root, screen.name)
                if number:
                    seen[root].append(figures)
    for root, rounds in seen.items():
        print("this checkout" if root == ROOT else root.name)
        for name, values in zip(FIGURES, zip(*rounds, strict=True), strict=True):
            tenths = [1000 * one for one in statistics.quantiles(values, n=10, method="inclusive")]
            median = 1000 * statistics.median(values)
            print(f"  {name:24} {median:6.0f} ms ({tenths[0]:.0f} … {tenths[-1]:.0f})")


def once(root: Path, screen: str) -> list[float]:
    """One start; the four figures in seconds."""
    variables = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(root)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    python = str(ROOT / ".venv" / "bin" / "python")
    with tempfile.TemporaryDirectory(prefix="whole-window-") as folder:
        words = [python, "-P", "-c", CHILD, str(time.monotonic()), str(PROGRAM), folder]
        ran = subprocess.run(words, env=variables, capture_output=True, text=True, timeout=120)
    if ran.returncode:
        raise SystemExit(ran.stderr)
    figures: list[float] = json.loads(ran.stdout)
    return figures


if __name__ == "__main__":
    main()
