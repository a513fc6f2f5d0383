"""Every tab of the values pane over a real program in a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from explorer.ui.values.bits_tab import BitsTab
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.heatmap_tab import HeatmapTab
from explorer.ui.values.histogram_tab import HistogramTab
from explorer.ui.values.image_tab import ImageTab
from explorer.ui.values.lines_tab import LinesTab
from tests.ui.running import running
from tests.ui.values_bench import LAST, PROGRAM, Bench


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with running(qtbot, tmp_path, PROGRAM) as session:
        yield Bench(qtbot, session)


def test_a_scalar_is_large(bench: Bench) -> None:
    bench.look(LAST, "y")
    tab = bench.open(GridTab)
    assert isinstance(tab, GridTab)
    bench.qtbot.waitUntil(lambda: "scalar" in tab.scalar.accessibleDescription(), timeout=30_000)
    assert bench.pane.slice.text() == "y"


def test_the_heatmap_goes_from_all_to_single_numbers(bench: Bench) -> None:
    bench.look(LAST, "a")
    tab = bench.open(HeatmapTab)
    assert isinstance(tab, HeatmapTab)

    def sharp() -> bool:
        picture = tab.map.picture
        return picture is not None and picture.exact and picture.block == tab.map.wanted().block

    bench.qtbot.waitUntil(sharp, timeout=30_000)
    picture = tab.map.picture
    assert picture is not None
    a = np.arange(60000.0).reshape(200, 300)
    a[5, 7] = np.nan
    assert picture.region.holds(199, 299)
    if picture.block == (1, 1):
        assert np.array_equal(picture.values, a.astype(np.float32), equal_nan=True)
    for _ in range(12):
        tab.map.zoom_by(2.0)
    assert tab.map.writes_numbers
    bench.qtbot.waitUntil(sharp, timeout=30_000)
    picture = tab.map.picture
    assert picture is not None
    region = picture.region
    inside = a[
        region.row : region.row + region.rows, region.column : region.column + region.columns
    ]
    assert np.array_equal(picture.values, inside.astype(np.float32), equal_nan=True)
    tab.map.fit()
    tab.lock.setChecked(True)
    locked = tab.bar._scale
    bench.look(LAST, "im")
    bench.qtbot.waitUntil(sharp, timeout=30_000)
    assert tab.bar._scale == locked


def test_a_large_heatmap_is_there_at_once_and_becomes_finer(qtbot: QtBot, tmp_path: Path) -> None:
    program = "import torch\nx = torch.arange(8192.0).expand(8192, 8192)\n"
    with running(qtbot, tmp_path, program) as session:
        bench = Bench(qtbot, session)
        bench.look(2, "x")
        tab = bench.open(HeatmapTab)
        assert isinstance(tab, HeatmapTab)
        shown: list[int] = []

        def exact() -> bool:
            picture = tab.map.picture
            if picture is not None and picture.block[1] not in shown:
                shown.append(picture.block[1])
                # Column c holds c: what is shown of a block stands in it.
                starts = np.arange(picture.values.shape[1]) * picture.block[1]
                assert (picture.values[0] >= starts).all()
                assert (picture.values[0] < starts + picture.block[1]).all()
            return picture is not None and picture.exact

        tab.reader.arrived.connect(exact)
        qtbot.waitUntil(exact, timeout=30_000)
        assert len(shown) > 1 and shown == sorted(shown, reverse=True)


def test_a_tensor_of_2_to_the_60(bench: Bench) -> None:
    bench.look(LAST, "big", (2**40 - 1, 2**20 - 1))
    bench.until(2**40 - 1, 2**20 - 1, "0.0")
    tab = bench.open(HeatmapTab)
    assert isinstance(tab, HeatmapTab)
    bench.qtbot.waitUntil(lambda: tab.map.picture is not None, timeout=30_000)
    bench.until_said(f"{2**60:,} numbers, all of them 0.0")


def test_histogram(bench: Bench) -> None:
    bench.look(LAST, "a")
    tab = bench.open(HistogramTab)
    assert isinstance(tab, HistogramTab)
    bench.qtbot.waitUntil(lambda: tab.plot._found is not None, timeout=30_000)
    found = tab.plot._found
    assert found is not None
    assert (found.count, found.nan, sum(found.bars.counts)) == (60000, 1, 59999)
    bench.look(LAST, "k")
    tab.slice_only.setChecked(True)
    bench.qtbot.waitUntil(lambda: tab.plot._found is not None and tab.plot._found.count == 12)


def test_lines(bench: Bench) -> None:
    bench.look(LAST, "v")
    tab = bench.open(LinesTab)
    assert isinstance(tab, LinesTab)
    bench.qtbot.waitUntil(lambda: len(tab.plot._lines) == 1, timeout=30_000)
    (line,) = tab.plot._lines
    v = np.sin(np.arange(5000.0))
    for at in range(0, len(line.low), 100):
        block = v[at * line.block : (at + 1) * line.block]
        assert line.low[at] == pytest.approx(block.min(), abs=1e-3)
        assert line.high[at] == pytest.approx(block.max(), abs=1e-3)
    bench.look(LAST, "k")
    bench.qtbot.waitUntil(lambda: len(tab.plot._lines) == 3, timeout=30_000)
    assert tab.plot._lines[1].low.tolist() == [4, 5, 6, 7]


def test_images(bench: Bench) -> None:
    bench.look(LAST, "im")
    tab = bench.open(ImageTab)
    assert isinstance(tab, ImageTab)
    bench.qtbot.waitUntil(lambda: len(tab.picture.frames) == 8, timeout=30_000)
    frame = tab.picture.frames[3]
    assert (frame.label, frame.rows, frame.columns) == ("im[3]", 32, 48)
    tab.picture.chosen.emit(2, 5, 7)
    assert bench.session.moment.cell == (2, 0, 5, 7)


def test_bits(bench: Bench) -> None:
    bench.look(4, "d", (0, 0))
    tab = bench.open(BitsTab)
    assert isinstance(tab, BitsTab)
    words = tab.bits.accessibleDescription
    bench.qtbot.waitUntil(lambda: "2^3 × (1 + 2097152/8388608) = 10" in words(), timeout=30_000)
