"""Comparing, finding, copying and saving what the values pane shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from explorer.model.numbers import TextStyle
from explorer.model.values.view import Comparison, Wish
from explorer.ui.values.bits_tab import BitsTab
from explorer.ui.values.grid_tab import GridTab
from explorer.ui.values.heatmap_tab import HeatmapTab
from explorer.ui.values.histogram_tab import HistogramTab
from explorer.ui.values.image_tab import ImageTab
from explorer.ui.values.lines_tab import LinesTab
from explorer.ui.values.menu import Choice
from tests.ui.running import running, step_on
from tests.ui.values_bench import LAST, PROGRAM, Bench


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with running(qtbot, tmp_path, PROGRAM) as session:
        yield Bench(qtbot, session)


def test_comparisons(bench: Bench) -> None:
    bench.look(4, "d")
    bench.until(0, 0, "10.0")
    bench.pane.choices.choose(Choice("compare_before", "absolute"))
    bench.until(0, 0, "9.0")
    assert bench.text(1, 1) == "0.0"
    assert bench.pane.note.text().startswith("Difference against d at step")
    compare = Comparison("ulps", step=bench.session.moment.step)
    bench.pane.choose_wish(Wish(compare=compare))
    bench.until(0, 0, "0.0")
    assert bench.pane.note.text().startswith("Difference in ulps against d at step")
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


def test_a_picture_leaves_out_what_it_was_chosen_by(bench: Bench) -> None:
    for kind, name in ((HeatmapTab, "map"), (HistogramTab, "plot"), (LinesTab, "plot"),
                       (ImageTab, "picture"), (BitsTab, "bits")):  # fmt: skip
        tab = bench.open(kind)
        assert tab.shown is getattr(tab, name) or tab.shown.isAncestorOf(getattr(tab, name))
        assert not any(tab.shown.isAncestorOf(box) for box in tab.findChildren(QComboBox))


def test_parts_are_described_as_what_they_are(bench: Bench) -> None:
    bench.look(LAST, "z")
    bench.until_said("2 numbers by size |z|")
    bench.pane.choose_wish(Wish(part="imag"))
    bench.until_said("2 numbers, from −3.0 to −2.0")


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
