"""What the layout panes cost: predictions, following a recording, one moment, one frame painted.

    python benchmarks/layout/measure.py

Prints a table; times are medians. A frame has 16 ms.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtWidgets import QApplication

from explorer.model.layout.holders import Holders
from explorer.model.layout.view import layout_view
from explorer.model.memory.held import Memory
from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.model.shapes.calls import forecast
from explorer.model.shapes.rules.outcome import Header
from explorer.model.strides import Layout
from explorer.ui.theme import appearance
from explorer.ui.widgets.storage.storage_strip import StorageStrip
from explorer.ui.widgets.storage.strip_content import Layer, Numbers, StripContent
from tests.model.recorded import recorded

PROGRAM = """\
import torch
x = torch.zeros(20000)
rows = [x[i:i + 2] for i in range(10000)]
many = [torch.zeros(2) for i in range(5000)]
big = torch.zeros(20_000_000)
third, next_third = big[::3], big[1::3]
turned = big.view(2000, 10000).t()[5:]
y = torch.zeros(3)
for i in range(20000):
    y = y + 1
"""

HUGE = StripContent(
    "huge",
    500_000_000,
    4,
    "A",
    Layer("tiny", Layout((1000, 1000), (20000, 1), 60_000_000), 4),
    (Layer("big", Layout((25000, 20000), (20000, 1)), 4),),
)


def median_ms(work: Callable[[], object], rounds: int = 15) -> float:
    """Milliseconds that some work takes, the median of several rounds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def tell(what: str, milliseconds: float) -> None:
    print(f"{what:<58}{milliseconds:10.3f} ms")


def measure_predictions() -> None:
    header = Header(Layout((8, 6, 4), (24, 4, 1)), storage_bytes=768)
    chain = ".permute(2, 0, 1).reshape(4, 48)[:, ::3].unsqueeze(0)"
    tell("predict a chain of four calls", median_ms(lambda: forecast(chain, {"x": header}, "x")))
    refused = ".permute(2, 0, 1).view(4, -1)"
    tell(
        "predict a refusal and its nearest call",
        median_ms(lambda: forecast(refused, {"x": header}, "x")),
    )


def measure_recording(recording: Recording) -> None:
    def follow() -> None:
        Holders(recording).follow()
        Memory(recording).follow()

    steps = len(recording)
    tell(f"follow {steps} steps, per 1,000 of them", median_ms(follow, 3) / steps * 1000)
    holders = Holders(recording)
    holders.follow()
    last = steps - 1
    for name in ("x", "rows[5]", "third", "turned", "y"):
        moment = Moment(step=last, name=name, tensor=recording.tensor_named(last, name))
        tell(
            f"all that is drawn of {name}",
            median_ms(lambda m=moment: layout_view(recording, holders, m)),
        )


def measure_painting() -> None:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    appearance().install(application, "light")
    for title, zoom in (("2 GB from counts", 0), ("its numbers", -30)):
        strip = StorageStrip()
        strip.resize(900, 500)

        def answer(start: int, stop: int, cells: int, shown: StorageStrip = strip) -> None:
            texts = [f"{place}." for place in range(start, stop)] if cells == 1 else []
            shown.set_numbers(start, cells, Numbers(texts, np.sin(np.arange(start, stop, cells))))

        strip.numbers_wanted.connect(answer)
        strip.show_storage(HUGE)
        strip.zoom_by(zoom)
        strip.show()
        application.processEvents()
        tell(f"paint the strip, {title}", median_ms(strip.viewport().repaint))


def main() -> None:
    """Measure everything and print it."""
    measure_predictions()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(PROGRAM, encoding="utf-8")
        with recorded(path) as (run, _):
            measure_recording(run.recording)
    measure_painting()


if __name__ == "__main__":
    main()
