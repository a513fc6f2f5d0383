"""The longest turns of the UI thread: at the start, at the first Run, from step to step, and while
a long recording arrives.

    python -m benchmarks.startup.turns [--least MS] [--steps N] [--most N]

Opens the real window without a screen and watches its event loop. A turn is one round of the loop;
its length is the CPU time of the UI thread, so that other programs do not count. What ran is noted
every millisecond; the functions seen most are named.
Printed for each of the four: how many turns there were, how many were longer than a frame (16 ms),
and the longest ones.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from explorer.ui.quick import load_qt

load_qt()  # as the program itself begins

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from explorer.ui.app import WindowOptions, make_application, make_frame, settle  # noqa: E402
from explorer.ui.main_window import MainWindow  # noqa: E402
from explorer.ui.settings import Settings  # noqa: E402

FRAME = 0.016  # seconds
PATIENCE = 240.0
QUIET = 0.3
PROGRAM = Path(__file__).with_name("sixty_lines.py")
LONG_PROGRAM = """import torch
x = torch.ones(4, requires_grad=True)
total = torch.zeros(())
for number in range({rounds}):
    y = x * number
    total = total + y.sum().detach()
    x.data.add_(0.001)
    z = y - 1
"""


class Sampler:
    """Notes what the UI thread is doing, each millisecond that it does something.

    By a signal, which is handled in that very thread: another one that looked at its frames could
    be the last to let go of a widget.
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        signal.signal(signal.SIGPROF, self._note)
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.seen[_named(frame)] += 1

    def told(self) -> str:
        """What was seen most since it was asked last."""
        seen, self.seen = self.seen, Counter()
        return ", ".join(name for name, _ in seen.most_common(3))


def _named(frame: FrameType | None) -> str:
    """The innermost function of our own, and the one that called it."""
    names: list[str] = []
    while frame is not None and len(names) < 2:
        code = frame.f_code
        if f"{os.sep}explorer{os.sep}" in code.co_filename:
            names.append(f"{Path(code.co_filename).stem}.{code.co_name}")
        frame = frame.f_back
    return " < ".join(names) or "Qt"


class Watch:
    """Runs the event loop and keeps the long turns; ``least`` is in seconds."""

    def __init__(self, application: QApplication, sampler: Sampler, least: float) -> None:
        self._application = application
        self._sampler = sampler
        self._least = least

    def until(self, name: str, condition: Callable[[], bool], most: int) -> None:
        """Handle events until the condition holds, and print what was seen.

        Raises:
            SystemExit: it does not hold in time.
        """
        turns, over, found = 0, 0, []
        flags = (
            QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        )
        tick = QTimer(interval=20)
        tick.start()
        deadline = time.monotonic() + PATIENCE
        self._sampler.told()
        while not condition():
            began, at_work = time.monotonic(), time.thread_time()
            self._application.processEvents(flags)
            took, used = time.monotonic() - began, time.thread_time() - at_work
            turns, over = turns + 1, over + (used > FRAME)
            what = self._sampler.told()
            if used > self._least:
                found.append((used, took, what))
            if time.monotonic() > deadline:
                raise SystemExit(f"{name}: the window does not come to rest")
        print(f"{name}: {turns} turns, {over} longer than {1000 * FRAME:.0f} ms of CPU time")
        for used, took, what in sorted(found, reverse=True)[:most]:
            print(f"  {1000 * used:6.1f} ms of CPU time ({1000 * took:.0f} ms)  {what}")


def at_rest(window: MainWindow) -> Callable[[], bool]:
    """Whether the program has ended and nothing is under way, for a while."""
    since = [time.monotonic()]

    def holds() -> bool:
        busy = window.runner.busy or window.session.pending or not window.docks.complete
        if busy or window.session.run.state not in ("ended", "lost"):
            since[0] = time.monotonic()
        return time.monotonic() - since[0] > QUIET

    return holds


def walked(window: MainWindow) -> Callable[[], bool]:
    """Whether every step has been looked at, one after the other, and all panes have followed."""
    steps = iter(range(len(window.session.recording)))

    def holds() -> bool:
        if window.session.pending:
            return False
        step = next(steps, None)
        if step is not None:
            QTimer.singleShot(0, lambda: window.stepper.look_at(step))
        return step is None

    return holds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The longest turns of the UI thread.")
    parser.add_argument("--least", type=float, default=8.0, help="milliseconds that are listed")
    parser.add_argument("--steps", type=int, default=42_000, help="of the long recording")
    parser.add_argument("--most", type=int, default=12, help="turns that are listed")
    chosen = parser.parse_args()
    sampler = Sampler()
    with tempfile.TemporaryDirectory(prefix="turns-") as folder:
        settings = Settings(Path(folder) / "settings.ini")
        application = make_application(settings, "light")
        watch = Watch(application, sampler, chosen.least / 1000)
        window = make_frame(WindowOptions(str(PROGRAM), remember=False), settings, Path(folder))
        window.resize(1600, 1000)
        window.filled.connect(settle)
        gc.disable()
        window.show()
        complete = window.furniture
        watch.until("start", lambda: complete.complete and window.docks.complete, chosen.most)
        watch.until("worker", lambda: window.workers.is_ready, chosen.most)
        window.gestures["run"].trigger()
        watch.until("first Run", at_rest(window), chosen.most)
        watch.until("each step looked at", walked(window), chosen.most)
        long = Path(folder) / "long.py"
        long.write_text(LONG_PROGRAM.format(rounds=chosen.steps // 5), encoding="utf-8")
        window.editor.open(str(long))
        watch.until("next worker", lambda: window.workers.is_ready, chosen.most)
        window.gestures["run"].trigger()
        watch.until(f"{chosen.steps} steps", at_rest(window), chosen.most)
        signal.setitimer(signal.ITIMER_PROF, 0)
        window.close()
        application.processEvents()


if __name__ == "__main__":
    main()
