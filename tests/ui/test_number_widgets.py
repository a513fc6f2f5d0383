"""The widgets that show numbers, without a program: grid, colour bar, heatmap, slice box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import Region, block_at
from explorer.model.values.colour_scale import scale_between
from explorer.model.values.number_block import NumberBlock
from explorer.ui.widgets.numbers.colour_bar import ColourBar
from explorer.ui.widgets.numbers.heatmap import HeatMap, Picture
from explorer.ui.widgets.numbers.number_grid import NumberGrid
from explorer.ui.widgets.numbers.slice_edit import SliceEdit


class Held:
    """Cells of a matrix that is there at once."""

    def __init__(self, numbers: NDArray[np.float32]) -> None:
        self.rows, self.columns = numbers.shape
        self._numbers = numbers

    def block(self, row: int, column: int) -> NumberBlock | None:
        region = block_at(row, column, self.rows, self.columns)
        rows = slice(region.row, region.row + region.rows)
        columns = slice(region.column, region.column + region.columns)
        return NumberBlock(region, "float32", self._numbers[rows, columns].tobytes())

    def tint(self, block: NumberBlock) -> NumberBlock | None:
        return block

    def changed(self, block: NumberBlock) -> NDArray[np.bool_] | None:
        return None

    def row_label(self, row: int) -> str:
        return str(row)

    def column_label(self, column: int) -> str:
        return str(column)


def held(rows: int, columns: int, number: float = 1.0) -> Held:
    return Held(np.full((rows, columns), number, np.float32))


def test_a_grid_has_scroll_bars_only_where_they_are_needed(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    for rows, columns in ((3, 4), (500, 4), (3, 90), (500, 90), (3, 4)):
        grid.show_source(held(rows, columns), keep_place=False)
        seen = (rows > 9, columns > 9)
        bars = (grid.verticalScrollBar(), grid.horizontalScrollBar())
        qtbot.waitUntil(lambda: tuple(bar.isVisible() for bar in bars) == seen)  # noqa: B023


def test_cells_are_as_wide_as_what_is_seen_needs(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    grid.set_style(TextStyle("exact"))
    grid.show_source(held(3, 4), keep_place=False)
    narrow = grid.cell_rect(0, 0).width()
    grid.show_source(held(3, 4, -1.2345678e-30), keep_place=True)
    wide = grid.cell_rect(0, 0).width()
    assert wide > narrow
    grid.show_source(held(3, 4), keep_place=True)
    assert grid.cell_rect(0, 0).width() == wide, "steps do not make the grid dance"
    grid.narrow()
    assert grid.cell_rect(0, 0).width() == narrow


def test_a_revealed_cell_stays_when_cells_become_wider(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    grid.set_style(TextStyle("exact"))
    late = held(3, 500, -1.2345678e-30)
    there: list[bool] = []
    read = late.block
    late.block = lambda row, column: read(row, column) if there else None  # type: ignore[method-assign]
    grid.show_source(late, keep_place=False)
    grid.set_current((1, 300))
    there.append(True)
    grid.arrived()
    frame = grid.cell_rect(1, 300)
    assert frame.width() > 100
    assert grid.cells_rect().contains(frame.center())


def test_logarithmic_ticks_are_powers_of_ten_with_room_between(qtbot: QtBot) -> None:
    bar = ColourBar()
    qtbot.addWidget(bar)
    for height in (80, 220, 900):
        bar.resize(74, height)
        bar.set_scale(scale_between("log", -0.86, 0.41))
        places = bar._places(QRectF(6, 10, 12, height - 20))
        numbers = [number for number, _ in places]
        assert 0.0 in numbers and 0.1 in numbers
        assert {0.0, *(10.0**-k for k in range(1, 6))} >= {abs(number) for number in numbers}
        heights = sorted(y for _, y in places)
        assert min(np.diff(heights)) >= 14


def test_the_last_blocks_of_a_picture_are_as_large_as_the_others(qtbot: QtBot) -> None:
    """Ten cells in blocks of four: the third block is cut off, the first two are not squeezed."""
    heat = HeatMap()
    qtbot.addWidget(heat)
    heat.resize(16 + 100, 16 + 100)
    heat.show()
    heat.show_plane(10, 10, keep_place=False)
    values = np.array([[-1.0, 1.0, -1.0]] * 3)
    heat.set_scale(scale_between("symmetric", -1.0, 1.0))
    heat.show_picture(Picture(Region(0, 10, 0, 10), (4, 4), values, exact=True))
    seen = heat.grab().toImage()
    row = [QColor(seen.pixel(8 + x, 50)).rgb() for x in range(100)]
    edges = [x for x in range(1, 100) if row[x] != row[x - 1]]
    assert edges == [40, 80]


def test_a_slice_that_is_too_long_shows_its_beginning(qtbot: QtBot) -> None:
    box = SliceEdit()
    qtbot.addWidget(box)
    box.resize(60, 24)
    box.show()
    box.show_slice("activations[0, 1, 2, :, :]", (4, 4, 4, 4, 4))
    assert box.cursorPositionAt(box.rect().center()) < len("activations")


def test_a_cell_that_was_found_stays_in_sight_when_the_room_shrinks(qtbot: QtBot) -> None:
    grid = NumberGrid()
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    grid.show_source(held(500, 4), keep_place=False)
    grid.set_current((100, 1))
    grid.resize(400, 240)
    assert grid.cells_rect().contains(grid.cell_rect(100, 1))
    grid.set_current((200, 1))
    grid._down.move_to(0)
    grid.resize(400, 200)
    assert grid.region().row == 0, "who scrolled away is not pulled back"
