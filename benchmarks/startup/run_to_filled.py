"""From Run to all panes filled, with a warm worker, for a program of sixty lines.

    python benchmarks/startup/run_to_filled.py [--rounds N]

Opens the real window without a screen. Each round waits until a worker is warm, triggers Run, and
takes the time to the last paint of any widget after which nothing is under way: the program has
ended, every pane is there, no answer is missing, and nothing is painted for a quarter of a second
(which is not counted), nor by the search for troubles, which begins after that. The first two
rounds are not counted. Printed: median and deciles, and the same without the seconds for which the
program itself ran: its first optimizer makes torch import 800 modules, recorded or not.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from explorer.protocol.running import ProgramEnded
from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.main_window import MainWindow
from explorer.ui.settings import Settings

PROGRAM = Path(__file__).with_name("sixty_lines.py")
QUIET = 0.25  # seconds
PATIENCE = 60.0  # seconds
WARM_UP = 2


class PaintClock(QObject):
    """Knows when any widget was painted last."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.last = time.perf_counter()
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at every event and keep none."""
        if event.type() == QEvent.Type.Paint:
            self.last = time.perf_counter()
        return False


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="From Run to all panes filled.")
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="run-to-filled-") as folder:
        settings = Settings(Path(folder) / "settings.ini")
        application = make_application(settings, "light")
        application.setCursorFlashTime(0)  # a blinking cursor is painted for ever
        options = WindowOptions(str(PROGRAM), remember=False)
        window = make_window(options, settings, Path(folder))
        window.resize(1600, 1000)
        window.show()
        clock = PaintClock(application)
        own = own_seconds(window)
        taken = [once(window, application, clock) for _ in range(WARM_UP + rounds)]
        window.close()
        application.processEvents()
    report("Run to all panes filled", taken[WARM_UP:])
    rest = [all_in_all - program for all_in_all, program in zip(taken, own, strict=True)]
    report("of this not the program itself", rest[WARM_UP:])


def own_seconds(window: MainWindow) -> list[float]:
    """A list that gets how long each program ran, as its worker tells at its end."""
    seconds: list[float] = []
    ended = window.runner.program_ended

    def note(news: ProgramEnded) -> None:
        seconds.append(news.seconds)
        ended(news)

    window.runner.program_ended = note  # type: ignore[method-assign]
    return seconds


def report(what: str, seconds: list[float]) -> None:
    """Median, first and ninth decile."""
    milliseconds = [1000 * one for one in seconds]
    deciles = statistics.quantiles(milliseconds, n=10, method="inclusive")
    print(
        f"{what}: median {statistics.median(milliseconds):.0f} ms "
        f"({deciles[0]:.0f} … {deciles[-1]:.0f}), {len(seconds)} rounds"
    )


def once(window: MainWindow, application: QApplication, clock: PaintClock) -> float:
    """One run: seconds from the gesture to the last paint.

    Raises:
        SystemExit: it does not come to rest in time.
    """
    wait(application, lambda: window.workers.is_ready)
    began = time.perf_counter()
    window.gestures["run"].trigger()

    def at_rest() -> bool:
        searching = int(window.furniture.autograd.troubles.busy)  # for no pane that is seen
        asked = window.session.pending - searching
        busy = window.runner.busy or asked > 0 or not window.docks.complete
        if busy:
            clock.last = max(clock.last, time.perf_counter())
        return time.perf_counter() - clock.last > QUIET

    wait(application, at_rest)
    return clock.last - began


def wait(application: QApplication, condition: Callable[[], bool]) -> None:
    """Handle events until the condition holds.

    Raises:
        SystemExit: it does not hold in time.
    """
    deadline = time.perf_counter() + PATIENCE
    while not condition():
        if time.perf_counter() > deadline:
            raise SystemExit("the window does not come to rest")
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        time.sleep(0.0005)


if __name__ == "__main__":
    main()
