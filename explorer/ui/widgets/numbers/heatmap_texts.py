"""Numbers written into the cells of a heatmap, where there is room."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import Region
from explorer.model.values.colour_scale import ColourScale
from explorer.model.values.zoom import Zoom
from explorer.ui.widgets.numbers.colour_maps import Table, ink_on, places
from explorer.ui.widgets.numbers.grid_painting import CellSource, parts_of


def paint_texts(
    painter: QPainter,
    source: CellSource,
    region: Region,
    zooms: tuple[Zoom, Zoom],
    style: TextStyle,
    scale: ColourScale,
    table: Table,
) -> None:
    """Write the numbers of a region whose blocks are there; ``zooms`` are down and across."""
    down, across = zooms
    inks = [ink_on(QColor.fromRgba(int(code))) for code in table]
    advance = QFontMetricsF(painter.font()).horizontalAdvance("0")
    most = max(int((across.scale - 6) / advance), 1)
    for part in parts_of(region):
        block = source.block(part.row, part.column)
        if block is None:
            continue
        shades = places(block.sizes, scale)
        for row in range(part.row, part.row + part.rows):
            line = block.line(row, style)
            for column in range(part.column, part.column + part.columns):
                if block.is_absent(row, column):
                    continue
                at = column - block.region.column
                text = line[at] if len(line[at]) <= most else line[at][: most - 1] + "…"
                painter.setPen(inks[int(shades[row - block.region.row, at])])
                cell = QRectF(across.pixel_of(column), down.pixel_of(row), across.scale, down.scale)
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
