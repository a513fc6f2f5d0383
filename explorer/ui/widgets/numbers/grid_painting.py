"""Paints cells of numbers: soft tiles with their text, coloured by how large the number is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import BLOCK_COLUMNS, BLOCK_ROWS, Region
from explorer.model.values.colour_scale import ColourScale
from explorer.model.values.number_block import NumberBlock
from explorer.ui.theme import Theme, theme, ui_font

SHADES = 48
"""Steps of colour from zero to either end."""
MANY = 1200
"""From so many cells on the tiles have square corners, which are faster to paint."""


class CellSource(Protocol):
    """Where a grid finds its cells."""

    rows: int
    columns: int

    def block(self, row: int, column: int) -> NumberBlock | None:
        """The block that holds a cell; None while it is not there."""

    def tint(self, block: NumberBlock) -> NumberBlock | None:
        """The block whose numbers colour the cells of another; None while it is not there."""

    def changed(self, block: NumberBlock) -> NDArray[np.bool_] | None:
        """Which cells of a block the step that is looked at wrote; None when none of them."""

    def row_label(self, row: int) -> str:
        """Index of a row."""

    def column_label(self, column: int) -> str:
        """Index of a column."""


@dataclass(frozen=True)
class Look:
    """Sizes in pixels, and how the numbers are written."""

    style: TextStyle
    cell_width: int
    cell_height: int
    gap: int
    padding: int
    roomy: bool


def paint_labels(
    painter: QPainter,
    source: CellSource,
    region: Region,
    room: QRect,
    first: tuple[int, int],
    size: tuple[int, int],
) -> None:
    """Indices beside the rows and above the columns of ``room``, in pixels: where the region's
    first cell begins (left, top), and the size of a cell (width, height)."""
    (left, top), (width, height) = first, size
    painter.setFont(ui_font(11))
    painter.setPen(theme().faint)
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setClipRect(QRect(0, room.top(), room.left(), room.height()))
    for at in range(region.rows):
        box = QRectF(0, top + at * height, room.left() - 6, height - 2)
        painter.drawText(box, flags, source.row_label(region.row + at))
    painter.setClipRect(QRect(room.left(), 0, room.width(), room.top()))
    for at in range(region.columns):
        box = QRectF(left + at * width, 0, width - 9, room.top() - 1)
        painter.drawText(box, flags, source.column_label(region.column + at))


class Shades:
    """Fills by size of the number; what was found for a block is kept for the next frame."""

    def __init__(self, theme: Theme, scale: ColourScale) -> None:
        self.theme = theme
        self.scale = scale
        self._colours: dict[int, QColor] = {}
        self._steps: WeakKeyDictionary[NumberBlock, list[list[int]]] = WeakKeyDictionary()

    def steps(self, block: NumberBlock) -> list[list[int]]:
        """For each cell its step: −`SHADES` to `SHADES`, NaN and Inf beyond."""
        found = self._steps.get(block)
        if found is None:
            unit = self.scale.unit(block.sizes)
            finite = np.isfinite(unit)
            steps = np.rint(np.where(finite, unit, 0) * SHADES).astype(int)
            steps[np.isnan(unit)] = SHADES + 1
            steps[np.isinf(unit)] = SHADES + 2
            found = self._steps[block] = steps.tolist()
        return found

    def colour(self, step: int) -> QColor:
        """The fill of a step."""
        made = self._colours.get(step)
        if made is None:
            bad = {SHADES + 1: math.nan, SHADES + 2: math.inf}
            made = self._colours[step] = self.theme.diverging(bad.get(step, step / SHADES))
        return made


class CellPainter:
    """Paints one region of cells."""

    def __init__(self, painter: QPainter, look: Look, source: CellSource, shades: Shades) -> None:
        self._painter = painter
        self._look = look
        self._source = source
        self._shades = shades
        self._theme = shades.theme
        metrics = QFontMetricsF(painter.font())
        self._advance = metrics.horizontalAdvance("0")
        height = look.cell_height - look.gap
        self._baseline = (height + metrics.ascent() - metrics.descent()) / 2

    def paint(self, region: Region, left: int, top: int) -> None:
        """Paint cells; the first one's corner lies at ``left``, ``top``."""
        look = self._look
        smooth = look.roomy or region.rows * region.columns < MANY
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        for part in parts_of(region):
            x = left + (part.column - region.column) * look.cell_width
            y = top + (part.row - region.row) * look.cell_height
            block = self._source.block(part.row, part.column)
            if block is None:
                self._paint_waiting(part, x, y)
            else:
                self._paint_tiles(block, part, x, y, smooth)
                self._paint_texts(block, part, x, y)
                self._mark_changed(block, part, x, y)

    def _paint_waiting(self, part: Region, left: int, top: int) -> None:
        look, painter = self._look, self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.panel)
        width, height = look.cell_width - look.gap, look.cell_height - look.gap
        for r in range(part.rows):
            for c in range(part.columns):
                x, y = left + c * look.cell_width, top + r * look.cell_height
                painter.drawRect(QRectF(x, y, width, height))

    def _paint_tiles(
        self, block: NumberBlock, part: Region, left: int, top: int, smooth: bool
    ) -> None:
        look, painter = self._look, self._painter
        width, height = look.cell_width - look.gap, look.cell_height - look.gap
        radius = 3.0 if look.roomy else 2.0
        first = part.column - block.region.column
        painter.setPen(Qt.PenStyle.NoPen)
        coloured = self._source.tint(block)
        if coloured is None:
            self._paint_waiting(part, left, top)
            return
        steps = self._shades.steps(coloured)
        for r in range(part.rows):
            line = steps[part.row - block.region.row + r][first : first + part.columns]
            y = top + r * look.cell_height
            for c, step in enumerate(line):
                if block.absent is not None and block.is_absent(part.row + r, part.column + c):
                    continue
                painter.setBrush(self._shades.colour(step))
                x = left + c * look.cell_width
                if smooth:
                    painter.drawRoundedRect(QRectF(x, y, width, height), radius, radius)
                else:
                    painter.drawRect(x, y, width, height)

    def _paint_texts(self, block: NumberBlock, part: Region, left: int, top: int) -> None:
        look, painter = self._look, self._painter
        room = look.cell_width - look.gap - 2 * look.padding
        right = left + look.padding + room
        most = int((room + 1) / self._advance)
        first = part.column - block.region.column
        painter.setPen(self._theme.text)
        for r in range(part.rows):
            line = block.line(part.row + r, look.style)[first : first + part.columns]
            y = top + r * look.cell_height + self._baseline
            for c, text in enumerate(line):
                absent = block.absent is not None and block.is_absent(part.row + r, part.column + c)
                if absent:
                    painter.setPen(self._theme.faint)
                    text = "·" if block.hole == "nothing" else text
                if len(text) > most:
                    text = text[: max(most - 1, 1)] + "…"
                x = right + c * look.cell_width - len(text) * self._advance
                painter.drawText(QPointF(x, y), text)
                if absent:
                    painter.setPen(self._theme.text)

    def _mark_changed(self, block: NumberBlock, part: Region, left: int, top: int) -> None:
        changed = self._source.changed(block)
        if changed is None:
            return
        look, painter = self._look, self._painter
        painter.setPen(QPen(self._theme.current, 1.6))
        down, across = part.row - block.region.row, part.column - block.region.column
        cells = np.argwhere(changed[down : down + part.rows, across : across + part.columns])
        for r, c in cells.tolist():
            y = top + (r + 1) * look.cell_height - look.gap - 1.5
            x = left + c * look.cell_width
            painter.drawLine(QPointF(x + 3, y), QPointF(x + look.cell_width - look.gap - 3, y))


def parts_of(region: Region) -> Iterator[Region]:
    """A region cut along the edges of blocks."""
    row = region.row
    while row < region.row + region.rows:
        below = min((row // BLOCK_ROWS + 1) * BLOCK_ROWS, region.row + region.rows)
        column = region.column
        while column < region.column + region.columns:
            behind = (column // BLOCK_COLUMNS + 1) * BLOCK_COLUMNS
            behind = min(behind, region.column + region.columns)
            yield Region(row, below - row, column, behind - column)
            column = behind
        row = below
