"""A large tensor looked at in the real window over a real worker: memory, and how long frames take.

    python -m benchmarks.values.live [--side 20000] [--jumps 1000]

Runs a program that makes a float32 tensor, without a screen. Once it has ended and stands still,
the tensor is chosen and looked at in every way: its numbers, random jumps of the grid, each kind of
exact picture, histogram, lines, bits. Printed: how much more memory the window's process and the
worker's held at most than before the look (Linux only: the kernel counts it), and for each jump the
longest turn of the window's event loop from the jump until all numbers that are seen are painted.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from benchmarks.values.jumps import jump_words
from explorer.model.moment import Moment
from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.main_window import MainWindow
from explorer.ui.panes.values import TABS, ValuesPane
from explorer.ui.settings import Settings
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.heatmap_tab import HeatmapTab
from explorer.ui.values.histogram_tab import HistogramTab
from explorer.ui.values.tab import ValuesTab

PROGRAM = """\
import os
import torch
open("process", "w").write(str(os.getpid()))
x = torch.randn({side}, {side})
done = torch.ones(2)
"""
EXACT = ("mean", "furthest", "max", "min")
PATIENCE = 300.0  # seconds


class Memory:
    """The most resident memory of a process since a moment, as the kernel counts it."""

    def __init__(self, process: int) -> None:
        self._folder = Path("/proc", str(process))
        (self._folder / "clear_refs").write_text("5")  # forget the peak so far
        self._before = self._read("VmRSS")

    def more(self) -> float:
        """MB above what it held at the beginning."""
        return (self._read("VmHWM") - self._before) / 1024

    def _read(self, name: str) -> int:
        lines = (self._folder / "status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1])


class Look:
    """The window over the program, and ways to look."""

    def __init__(self, window: MainWindow, application: QApplication) -> None:
        self._window, self._application = window, application
        pane = window.docks.pane("values")
        assert isinstance(pane, ValuesPane)
        self.pane = pane
        self.longest = 0.0
        """Processor time of this thread in the longest turn since it was set to 0, in seconds."""

    def until(self, what: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        started = time.perf_counter()
        while not what():
            begun = time.thread_time()
            self._application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
            self.longest = max(self.longest, time.thread_time() - begun)
            if time.perf_counter() - started > PATIENCE:
                raise TimeoutError("the window did not come to rest")
            time.sleep(0.0005)

    def rest(self, seconds: float) -> None:
        """Let the window work for a while."""
        ends = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() > ends)

    def open(self, kind: type[ValuesTab]) -> ValuesTab:
        """A tab of the pane, all of it painted."""
        self.pane.tabs.setCurrentIndex([made for _, made in TABS].index(kind))
        tab = self.pane.tab
        assert isinstance(tab, kind)
        return tab

    def jump(self, cell: tuple[int, int]) -> float:
        """Milliseconds of the longest turn until the numbers around a cell are painted."""
        tab = self.pane.tab
        assert isinstance(tab, GridTab)
        self.longest = 0.0
        begun = time.thread_time()
        self.pane.choose_index(cell)
        asked = time.thread_time() - begun
        self.until(lambda: tab.grid.region().holds(*cell) and tab._complete())
        tab.grid.viewport().repaint()
        return max(self.longest, asked) * 1000


def ways(look: Look) -> Iterator[str]:
    """Look in one way after another; the name of each when it is done."""
    grid = look.open(GridTab)
    look.until(lambda: isinstance(grid, GridTab) and grid._complete())
    yield "numbers"
    heat = look.open(HeatmapTab)
    assert isinstance(heat, HeatmapTab)
    for how in EXACT:
        heat.how.setCurrentIndex(heat.how.findData(how))
        heat.refresh()
        look.rest(0.2)
        look.until(lambda: heat.map.picture is not None and heat.map.picture.exact)
        yield f"picture, {how} of each block"
    look.open(HistogramTab)
    look.until(lambda: look.pane.tab is not None and look.pane.tab.statistics() is not None)
    yield "statistics"
    for _, kind in TABS[3:]:
        look.open(kind)
        look.rest(1)
        look.until(lambda: look.pane.session.pending == 0)
    yield "lines, image, bits"


def measure(look: Look, worker: int, side: int, jumps: int) -> None:
    """Look, and print."""
    window, process = Memory(os.getpid()), Memory(worker)

    def told(what: str) -> None:
        ours, theirs = window.more(), process.more()
        print(f"  {what:32} window {ours:6.1f} MB, worker {theirs:6.1f} MB more", flush=True)

    session = look.pane.session
    session.look(Moment(len(session.recording.steps) - 1, name="x"))
    look.until(lambda: look.pane.view.sight is not None and look.pane.view.name == "x")
    for what in ways(look):
        told(what)
    look.open(GridTab)
    look.rest(0.5)
    chance = random.Random(0)
    taken = [look.jump((chance.randrange(side), chance.randrange(side))) for _ in range(jumps)]
    told("jumps")
    print(f"longest turn of each jump: {jump_words(taken)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="A large tensor in the real window.")
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--jumps", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="values-live-") as folder:
        program = Path(folder, "program.py")
        program.write_text(PROGRAM.format(side=options.side), encoding="utf-8")
        settings = Settings(Path(folder) / "settings.ini")
        application = make_application(settings, "light")
        application.setCursorFlashTime(0)
        window = make_window(WindowOptions(str(program), remember=False), settings, Path(folder))
        window.resize(1600, 1000)
        window.show()
        look = Look(window, application)
        look.until(lambda: window.workers.is_ready)
        window.gestures["run"].trigger()
        look.until(lambda: look.pane.session.run.state == "ended")
        session = look.pane.session
        session.look(Moment(len(session.recording.steps) - 1, name="done"))
        look.rest(5)
        print(f"float32 {options.side} x {options.side}, load {os.getloadavg()[0]:.1f}")
        worker = int(Path(folder, "process").read_text())
        measure(look, worker, options.side, options.jumps)
        window.close()
        application.processEvents()


if __name__ == "__main__":
    main()
