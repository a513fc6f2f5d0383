"""The values pane over a real program in a real worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.model.numbers import TextStyle
from explorer.model.values_view import Comparison, Wish
from explorer.ui.panes.values import TABS, ValuesPane
from explorer.ui.session import Session
from explorer.ui.values_bits_tab import BitsTab
from explorer.ui.values_grid_tab import GridTab
from explorer.ui.values_heatmap_tab import HeatmapTab
from explorer.ui.values_histogram_tab import HistogramTab
from explorer.ui.values_image_tab import ImageTab
from explorer.ui.values_lines_tab import LinesTab
from explorer.ui.values_menu import Choice
from explorer.ui.values_tab import ValuesTab
from tests.ui.running import running, step_on

PROGRAM = """\
import torch as t
x = t.ones(3, 4, requires_grad=True)
d = x.detach().t()
d[0] *= 10
y = (x * x).sum()
y.backward()
a = t.arange(60000.).view(200, 300)
a[5, 7] = float("nan")
im = t.rand(8, 3, 32, 48)
s = t.eye(5).to_sparse()
z = t.tensor([1 + 2j, 3j]).conj()
e = t.zeros(0, 3)
m = t.zeros(2, device="meta")
k = t.arange(24).view(2, 3, 4)
big = t.zeros(1).expand(2**40, 2**20)
v = t.sin(t.arange(5000.))
import os
pid = t.tensor([os.getpid()])
"""
LAST = 18


class Bench:
    """A pane over the run, and short words for looking."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot = qtbot
        self.session = session
        self.pane = ValuesPane(session)
        qtbot.addWidget(self.pane)
        self.pane.resize(640, 460)
        self.pane.show()

    def look(self, line: int, name: str, cell: tuple[int, ...] | None = None) -> None:
        step = step_on(self.session, line)
        self.session.look(Moment(step, name=name, cell=cell))

    def open(self, kind: type[ValuesTab]) -> ValuesTab:
        self.pane.tabs.setCurrentIndex([made for _, made in TABS].index(kind))
        tab = self.pane.tab
        assert isinstance(tab, kind)
        return tab

    def text(self, row: int, column: int) -> str | None:
        tab = self.pane.tab
        assert isinstance(tab, GridTab)
        source = tab.grid._source
        if source is None or self.pane.view.page or row >= source.rows or column >= source.columns:
            return None
        block = source.block(row, column)
        return block.text(row, column, TextStyle("exact")) if block is not None else None

    def until(self, row: int, column: int, text: str) -> None:
        self.qtbot.waitUntil(lambda: self.text(row, column) == text, timeout=30_000)

    def until_said(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.pane.foot.words.text(), timeout=30_000)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with running(qtbot, tmp_path, PROGRAM) as session:
        yield Bench(qtbot, session)


def test_the_picture_of_the_design(bench: Bench) -> None:
    bench.look(4, "d", (2, 1))
    bench.until(0, 0, "10.0")
    assert bench.text(2, 1) == "1.0"
    assert bench.pane.slice.text() == "d[:, :]"
    bench.until_said("12 numbers, from 1.0 to 10.0")
    assert bench.pane.foot.cell.text() == "d[2, 1] = 1.0"
    tab = bench.pane.tab
    assert isinstance(tab, GridTab)
    assert tab.grid.current == (2, 1)
    source = tab.grid._source
    assert source is not None

    def written() -> bool:
        block = source.block(0, 0)
        changed = source.changed(block) if block is not None else None
        return changed is not None and changed.tolist() == [[True] * 3] + [[False] * 3] * 3

    bench.qtbot.waitUntil(written, timeout=30_000)


def test_going_back_shows_what_it_was(bench: Bench) -> None:
    bench.look(4, "d")
    bench.until(0, 0, "10.0")
    bench.look(3, "d")
    bench.until(0, 0, "1.0")
    bench.look(4, "d")
    bench.until(0, 0, "10.0")


def test_a_click_and_the_keys_choose_the_moments_cell(bench: Bench) -> None:
    bench.look(LAST, "k")
    bench.until(0, 0, "0")
    tab = bench.open(GridTab)
    assert isinstance(tab, GridTab)
    grid = tab.grid
    bench.qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert bench.session.moment.cell == (0, 0, 0)
    bench.qtbot.keyClick(grid, Qt.Key.Key_Down)
    bench.qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert bench.session.moment.cell == (0, 1, 1)
    bench.qtbot.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert bench.session.moment.cell == (0, 2, 3)
    assert bench.pane.foot.cell.text() == "k[0, 2, 3] = 11"


def test_slices_typed_as_code(bench: Bench) -> None:
    bench.look(LAST, "k")
    bench.until(0, 0, "0")
    pane, edit = bench.pane, bench.pane.slice
    edit.setFocus()
    edit.setText("k[1, :, ::2]")
    bench.qtbot.keyClick(edit, Qt.Key.Key_Return)
    bench.until(0, 1, "14")
    assert edit.text() == "k[1, :, ::2]"
    edit.selectAll()
    bench.qtbot.keyClicks(edit, "k[9]")
    assert "out of range" in pane.note.text()
    bench.qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert bench.session.moment.slice_text == "1, :, ::2"
    edit.setText("s")
    bench.qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert bench.session.moment.name == "s"
    bench.until(4, 4, "1.0")
    edit.setText("a[199]")
    bench.qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert bench.session.moment.name == "a"
    bench.until(0, 0, "59700.0")


def test_dimensions(bench: Bench) -> None:
    bench.look(LAST, "k")
    bench.until(0, 0, "0")
    pane = bench.pane
    assert pane.dimensions.isVisible()
    pane.dimensions.rows[0].go(1)
    bench.until(0, 0, "12")
    assert pane.slice.text() == "k[1, :, :]"
    pane.choices.choose(Choice("turn"))
    bench.until(1, 0, "13")
    assert pane.slice.text() == "k[1, :, :].T"
    pane.choices.choose(Choice("step", "-1"))
    bench.until(1, 0, "1")
    pane.dimensions.down.activated.emit(0)
    assert bench.session.moment.slice_text.count(":") == 2
    row = pane.dimensions.rows[0]
    row.play.setChecked(True)
    bench.qtbot.waitUntil(lambda: row._position == 1, timeout=5000)
    row.play.setChecked(False)
    bench.look(4, "d")
    assert not pane.dimensions.isVisible()


@pytest.mark.parametrize(
    ("name", "title", "says"),
    [
        ("e", "Empty tensor", "dimension 0 has no elements"),
        ("m", "A shape without numbers", "is on meta"),
        ("nobody", "nobody is not there", "no tensor is called nobody"),
    ],
)
def test_pages(bench: Bench, name: str, title: str, says: str) -> None:
    bench.look(LAST, name)
    assert bench.pane.pages.currentWidget() is bench.pane.message
    assert bench.pane.message.title.text() == title
    assert says in bench.pane.message.sentence.text()


def test_a_scalar_is_large(bench: Bench) -> None:
    bench.look(LAST, "y")
    tab = bench.open(GridTab)
    assert isinstance(tab, GridTab)
    bench.qtbot.waitUntil(lambda: "scalar" in tab.scalar.accessibleDescription(), timeout=30_000)
    assert bench.pane.slice.text() == "y"


def test_parts_of_sparse_and_complex_tensors(bench: Bench) -> None:
    bench.look(LAST, "s")
    bench.until(0, 0, "1.0")
    bench.pane.choose_wish(Wish("indices"))
    bench.until(1, 4, "4")
    assert bench.pane.view.shape == (2, 5)
    bench.pane.choose_index((1, 2))
    assert bench.pane.view.cell == (1, 2)
    assert bench.session.moment.cell is None
    bench.pane.choose_wish(Wish())
    bench.look(LAST, "z")
    bench.until(0, 0, "1.0-2.0j")
    bench.pane.choose_wish(Wish("imag"))
    bench.until(0, 1, "-3.0")


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


def test_comparisons(bench: Bench) -> None:
    bench.look(4, "d")
    bench.until(0, 0, "10.0")
    bench.pane.choices.choose(Choice("compare_before", "absolute"))
    bench.until(0, 0, "9.0")
    assert bench.text(1, 1) == "0.0"
    assert "against d at step" in bench.pane.note.text()
    compare = Comparison("ulps", step=bench.session.moment.step)
    bench.pane.choose_wish(Wish(compare=compare))
    bench.until(0, 0, "0.0")
    bench.look(6, "x")
    bench.pane.choices.choose(Choice("compare_grad", "absolute"))
    bench.until(0, 0, "-10.0")
    bench.pane.choices.choose(Choice("compare_name:absolute", "k"))
    assert bench.pane.message.title.text() == "Nothing to compare with"
    bench.look(LAST, "x")
    bench.qtbot.waitUntil(lambda: "Shapes" in bench.pane.message.sentence.text(), timeout=30_000)
    bench.pane.choose_wish(Wish())
    bench.until(0, 0, "10.0")


def test_finding(bench: Bench) -> None:
    bench.look(LAST, "a")
    bench.until(0, 0, "0.0")
    bench.pane.choices.choose(Choice("find", "nan"))
    bench.qtbot.waitUntil(lambda: bench.session.moment.cell == (5, 7), timeout=30_000)
    bench.until_said("Found at [5, 7]")
    bench.pane.choices.choose(Choice("find", "max"))
    bench.qtbot.waitUntil(lambda: bench.session.moment.cell == (199, 299), timeout=30_000)
    bench.pane.choices.choose(Choice("find", "inf"))
    bench.until_said("There is no Inf in it.")


def test_the_first_nan_of_the_run_and_who_wrote_a_cell(bench: Bench) -> None:
    bench.look(LAST, "k")
    bench.pane.choices.choose(Choice("first_bad", "nan"))
    bench.until_said("The first NaN is in a at step")
    assert bench.session.moment.step == step_on(bench.session, 8)
    assert bench.session.moment.cell == (5, 7)
    bench.look(LAST, "d", (0, 1))
    bench.pane.choices.choose(Choice("last_write"))
    bench.qtbot.waitUntil(
        lambda: bench.session.moment.step == step_on(bench.session, 4), timeout=30_000
    )
    bench.look(LAST, "d", (2, 1))
    bench.pane.choices.choose(Choice("last_write"))
    bench.qtbot.waitUntil(
        lambda: bench.session.moment.step == step_on(bench.session, 2), timeout=30_000
    )


def test_copying(bench: Bench) -> None:
    bench.look(LAST, "k")
    bench.until(0, 0, "0")
    clipboard = QGuiApplication.clipboard()
    bench.pane.choices.choose(Choice("copy_code"))
    assert clipboard.text() == "k[0, :, :]"
    bench.pane.choices.choose(Choice("copy", "table"))
    bench.qtbot.waitUntil(lambda: clipboard.text().startswith("0\t1\t2\t3\n4"), timeout=30_000)
    bench.pane.choices.choose(Choice("copy", "python"))
    bench.qtbot.waitUntil(lambda: "dtype=torch.int64" in clipboard.text(), timeout=30_000)
    bench.look(LAST, "big")
    bench.pane.choices.choose(Choice("copy", "table"))
    assert "take a smaller slice" in bench.pane.foot.words.text()


def test_saving(bench: Bench, tmp_path: Path) -> None:
    bench.look(LAST, "k")
    bench.until(0, 0, "0")
    out, view = bench.pane.choices.out, bench.pane.view
    out.save_slice(view, "npy", str(tmp_path / "k.npy"))
    bench.until_said("Saved")
    bench.qtbot.waitUntil((tmp_path / "k.npy").exists, timeout=30_000)
    assert np.load(tmp_path / "k.npy").tolist() == np.arange(12).reshape(3, 4).tolist()
    out.save_tensor(view, "npz", str(tmp_path / "k.npz"))
    bench.qtbot.waitUntil((tmp_path / "k.npz").exists, timeout=30_000)
    assert np.load(tmp_path / "k.npz")["k"].shape == (2, 3, 4)
    for form in ("png", "svg"):
        path = tmp_path / f"k.{form}"
        out.save_picture(bench.pane.tab or bench.pane, form, str(path))
        assert path.stat().st_size > 500
    out.save_picture(bench.pane, "png", str(tmp_path / "missing" / "k.png"))
    assert "cannot be written" in bench.pane.foot.words.text()


def test_styles_and_the_menu(bench: Bench) -> None:
    bench.look(4, "d")
    bench.until(0, 0, "10.0")
    bench.pane.menu.style_chosen.emit(TextStyle("hex"))
    tab = bench.pane.tab
    assert isinstance(tab, GridTab)
    assert tab.grid._style == TextStyle("hex")
    bench.pane.menu.menu.aboutToShow.emit()
    titles = [action.text() for action in bench.pane.menu.menu.actions()]
    assert "Compare" in titles
    assert "Find" in titles


def test_a_view_that_is_left_is_not_waited_for(bench: Bench) -> None:
    for step in range(step_on(bench.session, 4), step_on(bench.session, LAST)):
        bench.session.go(step)
        bench.session.look(replace(bench.session.moment, name="d"))
    bench.look(LAST, "d")
    bench.until(0, 0, "10.0")
    bench.qtbot.waitUntil(lambda: not bench.pane.reader.asks.waiting, timeout=30_000)


def test_a_worker_that_is_gone_is_said(bench: Bench) -> None:
    bench.look(4, "d")
    bench.until(0, 0, "10.0")
    bench.look(LAST, "pid")
    bench.qtbot.waitUntil(lambda: bool(bench.text(0, 0)), timeout=30_000)
    os.kill(int(bench.text(0, 0) or 0), signal.SIGKILL)
    bench.qtbot.waitUntil(lambda: bench.session.run.state == "lost", timeout=30_000)
    bench.look(LAST, "a")
    assert bench.pane.pages.currentWidget() is bench.pane.message
    assert bench.pane.message.sentence.text()
    bench.look(LAST, "pid")
    assert bench.text(0, 0), "what was read before is still shown"
