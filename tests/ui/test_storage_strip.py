"""The storage strip: geometry both ways, keys, zoom, wishes for numbers, what is painted."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from explorer.model.strides import Layout
from explorer.ui.theme import theme
from explorer.ui.widgets.storage.storage_strip import StorageStrip
from explorer.ui.widgets.storage.strip_content import (
    BLOCK,
    Layer,
    NumberCache,
    Numbers,
    StripContent,
)
from explorer.ui.widgets.storage.strip_geometry import StripGeometry, Zoom, moved, zooms

D = Layer("d", Layout((4, 3), (1, 4)), 4)
X = Layer("x", Layout((3, 4), (4, 1)), 4)
HALF = Layer("h", Layout((3, 2), (4, 2)), 4)


def strip_with(qtbot: QtBot, content: StripContent) -> tuple[StorageStrip, list[tuple[int, ...]]]:
    """A strip that is shown, and the wishes that it has uttered."""
    strip = StorageStrip()
    qtbot.addWidget(strip)
    wishes: list[tuple[int, ...]] = []

    def answer(start: int, stop: int, cells: int) -> None:
        wishes.append((start, stop, cells))
        values = np.arange(start, stop, cells, dtype=np.float64)
        texts = [f"{value:.0f}." for value in values] if cells == 1 else []
        strip.set_numbers(start, cells, Numbers(texts, values))

    strip.numbers_wanted.connect(answer)
    strip.resize(640, 300)
    strip.show_storage(content)
    strip.show()
    qtbot.waitUntil(lambda: bool(wishes) or not content.length)
    return strip, wishes


@pytest.mark.parametrize("length", [1, 12, 500, 10**6, 5 * 10**9])
def test_every_cell_has_a_box_and_every_box_its_cell(length: int) -> None:
    for zoom in zooms(length):
        for tracks, gutter in ((0, 0.0), (3, 60.0)):
            geometry = StripGeometry(length, zoom, 640, 44, gutter, tracks, True, 7)
            for cell in {0, length // 3, length - 1}:
                first = max(0, geometry.row_of(cell) - 1)
                rect = geometry.rect_of(cell, first)
                found = geometry.cell_at(rect.center().x(), rect.center().y(), first)
                assert found == cell - cell % zoom.cells
                start, stop = geometry.cells_of_row(geometry.row_of(cell))
                assert start <= cell < stop <= length
                assert rect.right() <= 640
            assert geometry.cell_at(-1, 20, 0) is None
            assert geometry.rows * geometry.columns * zoom.cells >= length


def test_rows_hold_whole_rows_of_the_tensor_where_they_fit() -> None:
    assert StripGeometry(500, Zoom(1, True), 640, 44, 0, 0, wrap=7).columns == 14
    assert StripGeometry(500, Zoom(1, True), 640, 44, 0, 0, wrap=25).columns == 12
    assert StripGeometry(6, Zoom(1, True), 640, 44, 0, 0, wrap=4).columns == 6


def test_zooms_reach_from_numbers_to_the_whole_storage() -> None:
    assert zooms(12) == [Zoom(1, True), Zoom(1, False)]
    widest = zooms(5 * 10**9)[-1]
    assert widest.cells * 2000 >= 5 * 10**9


def test_keys_lead_to_neighbours_and_stay_inside() -> None:
    geometry = StripGeometry(500, Zoom(1, True), 640, 44, 0, 0, wrap=10)
    columns = geometry.columns
    assert moved(geometry, 5, Qt.Key.Key_Right, 2) == 6
    assert moved(geometry, 5, Qt.Key.Key_Down, 2) == 5 + columns
    assert moved(geometry, 5, Qt.Key.Key_Up, 2) == 0
    assert moved(geometry, 5, Qt.Key.Key_PageDown, 3) == 5 + 3 * columns
    assert moved(geometry, 5, Qt.Key.Key_End, 2) == 499
    assert moved(geometry, 5, Qt.Key.Key_A, 2) is None


def test_numbers_are_wished_for_once_and_only_where_they_are_seen(qtbot: QtBot) -> None:
    content = StripContent("k", 100_000, 4, "A", None)
    strip, wishes = strip_with(qtbot, content)
    strip.zoom_by(-9)
    qtbot.waitUntil(lambda: wishes[-1][2] == 1)
    numbers = [wish for wish in wishes if wish[2] == 1]
    assert sum(stop - start for start, stop, _ in numbers) < 4 * BLOCK
    before = list(wishes)
    strip.viewport().repaint()
    qtbot.wait(20)
    assert wishes == before

    def end_is_wished_for() -> bool:
        # Wider numbers make the boxes wider and the strip longer, so the end moves once more.
        strip.verticalScrollBar().setValue(strip.verticalScrollBar().maximum())
        return wishes[-1][1] == 100_000

    qtbot.waitUntil(end_is_wished_for)
    strip.show_storage(StripContent("other", 100_000, 4, "A", None))
    qtbot.waitUntil(lambda: wishes[-1] != before[-1] and len(wishes) > len(before) + 1)


def test_a_failed_wish_is_uttered_again() -> None:
    cache = NumberCache()
    assert cache.missing(1, 0, 300) == [(0, 512)]
    assert cache.missing(1, 0, 300) == []
    cache.give_up(1, 0, 512)
    assert cache.missing(1, 10, 20) == [(0, 256)]
    cache.put(1, 0, Numbers(["7."] * 256, np.arange(256.0)))
    assert cache.text(3) == "7." and cache.text(300) is None
    assert cache.values(1, 254, 258).tolist() == [254.0, 255.0, 0.0, 0.0]


def test_mouse_and_keys_choose_places(qtbot: QtBot) -> None:
    strip, _ = strip_with(qtbot, StripContent("k", 12, 4, "A", D, (X,), 4))
    chosen: list[int] = []
    strip.place_chosen.connect(chosen.append)
    rect = strip.geometry_now().rect_of(6, 0)
    centre = QPoint(round(rect.center().x()), round(rect.center().y()))
    qtbot.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    strip.set_current(6, "It is d[2, 1].")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End):
        qtbot.keyClick(strip, key)
    assert chosen == [6, 7, 5, 11]
    assert "Place 6 holds 6." in strip.accessibleDescription()
    assert "It is d[2, 1]." in strip.accessibleDescription()
    qtbot.keyClick(strip, Qt.Key.Key_B)
    assert strip.bytes_shown
    qtbot.keyClick(strip, Qt.Key.Key_Minus)
    assert not strip.zoom.text
    qtbot.keyClick(strip, Qt.Key.Key_Plus)
    assert strip.zoom.text


def test_reached_cells_are_filled_and_others_are_not(qtbot: QtBot) -> None:
    strip, _ = strip_with(qtbot, StripContent("k", 12, 4, "A", HALF, (), 4))
    strip.set_scale(11.0)
    image = strip.viewport().grab().toImage()
    geometry = strip.geometry_now()
    for place in range(12):
        rect = geometry.rect_of(place, 0)
        colour = image.pixelColor(round(rect.left()) + 3, round(rect.top()) + 4)
        lit = place % 2 == 0
        assert (colour != QColor(theme().background)) == lit, place
    outline = strip.geometry_now().rect_of(2, 0)
    strip.set_current(2)
    image = strip.viewport().grab().toImage()
    edge = image.pixelColor(round(outline.left()) - 1, round(outline.center().y()))
    assert edge.name() == theme().current.name()


def test_an_empty_storage_is_painted_as_nothing(qtbot: QtBot) -> None:
    strip, _ = strip_with(qtbot, StripContent("k", 0, 4, "A", None))
    assert strip.grab().width() > 0
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert strip.current is None


def test_gigabytes_are_painted_from_counts(qtbot: QtBot) -> None:
    tiny = Layer("tiny", Layout((1000,), (7,), 10**9), 4)
    strip, wishes = strip_with(qtbot, StripContent("k", 5 * 10**8 * 4, 4, "B", tiny, (), 1))
    assert wishes and all(cells > 1 for _, _, cells in wishes)
    geometry, first = strip.geometry_now(), strip.verticalScrollBar().value()
    row = geometry.row_of(10**9)
    assert first <= row < first + strip.viewport().height() // geometry.row_height
    share = tiny.shares(4, np.array([0, 10**9, 10**9 + 7000, 2 * 10**9]))
    assert share.tolist() == [0.0, 1000 / 7000, 0.0]
