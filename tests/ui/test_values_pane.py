"""The values pane over a real program in a real worker: views, slices, pages."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.model.values.view import Wish
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.menu import Choice
from tests.ui.running import running, step_on
from tests.ui.values_bench import LAST, PROGRAM, Bench


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
