"""A graph seen from far: thousands of boxes as plain rectangles, or as a picture of how dense."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QPen

from explorer.ui.widgets.graph.batches import draw_lines, draw_rects
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.colours import GraphColours
from explorer.ui.widgets.graph.density import ACROSS, dots_of
from explorer.ui.widgets.graph.looks import looks, looks_of
from explorer.ui.widgets.graph.picture import Floats, Ints, Picture

LEAST_AREA = 0.02
"""Square pixels that a box counts for at least, so that a single one is seen."""


def paint_density(painter: QPainter, camera: Camera, picture: Picture, ink: GraphColours) -> None:
    """A picture of how much box there is under each pixel."""
    dots = picture.density.coarse(camera.scale)
    if dots is None:
        dots = dots_of(picture.scene.box[picture.boxes_in(camera.seen())])
    column = np.floor((dots.x - camera.x) * camera.scale).astype(np.int64)
    row = np.floor((dots.y - camera.y) * camera.scale).astype(np.int64)
    inside = (row >= 0) & (row < int(camera.height)) & (column >= 0) & (column < int(camera.width))
    column, row = column[inside], row[inside]
    if len(row) == 0:
        return
    area = np.maximum(dots.area[inside] * camera.scale**2, LEAST_AREA / len(ACROSS))
    # Only the part of the view that has anything in it is made and drawn.
    left, top = int(column.min()), int(row.min())
    width, height = int(column.max()) - left + 1, int(row.max()) - top + 1
    cell = (row - top) * width + column - left
    sums = np.bincount(cell, weights=area, minlength=width * height)
    filled = np.flatnonzero(sums)
    alpha = 255 * (1 - np.exp(-1.5 * sums[filled])) * 0.75 + 50
    image = np.zeros((width * height, 4), np.uint8)
    colour = ink.operation_line
    image[filled, :3] = colour.blue(), colour.green(), colour.red()
    image[filled, 3] = np.minimum(alpha, 255)
    made = QImage(image.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    painter.drawImage(QPointF(left, top), made)


def paint_rectangles(
    painter: QPainter, camera: Camera, picture: Picture, boxes: Ints, ink: GraphColours
) -> None:
    """All boxes in view as rectangles, one call for each colour."""
    screen = _on_screen(picture.scene.box[boxes], camera)
    rows = looks_of(picture, boxes)
    for row, look in enumerate(looks(ink)):
        mine = screen[rows == row]
        if len(mine):
            painter.setBrush(look.fill)
            painter.setPen(QPen(look.line, 0))
            draw_rects(painter, mine)


def paint_plain_lines(
    painter: QPainter, camera: Camera, picture: Picture, pieces: Ints, ink: GraphColours
) -> None:
    """All pieces of lines in view, straight, and the short lines to docked boxes."""
    painter.setPen(QPen(ink.edge, 1))
    draw_lines(painter, lines_on_screen(picture.segments[0][pieces], camera))


def lines_on_screen(lines: Floats, camera: Camera) -> Floats:
    """Lines (n, 4) of the picture in pixels of the widget."""
    return (lines - (camera.x, camera.y, camera.x, camera.y)) * camera.scale


def _on_screen(box: Floats, camera: Camera) -> Floats:
    screen = box.copy()
    screen[:, 0] -= camera.x
    screen[:, 1] -= camera.y
    return screen * camera.scale
