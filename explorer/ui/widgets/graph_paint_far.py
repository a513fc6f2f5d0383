"""A graph seen from far: thousands of boxes as plain rectangles, or as a picture of how dense."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QPen

from explorer.model.graph_scene import Role
from explorer.ui.widgets.graph_batches import draw_lines, draw_rects
from explorer.ui.widgets.graph_camera import Camera
from explorer.ui.widgets.graph_colours import GraphColours
from explorer.ui.widgets.graph_picture import Floats, Ints, Picture

ACROSS = np.array([-0.34, 0.0, 0.34])
"""Where along its width a box is counted in the picture of density."""


def paint_density(painter: QPainter, camera: Camera, picture: Picture, ink: GraphColours) -> None:
    """A picture of how much box there is under each pixel."""
    width, height = max(int(camera.width), 1), max(int(camera.height), 1)
    box = picture.scene.box[picture.boxes_in(camera.view())]
    # What is narrower than a pixel is counted once.
    narrow = len(box) and float(box[:, 2].max()) * camera.scale < 1
    across = ACROSS[1:2] if narrow else ACROSS
    x = ((box[:, :1] + box[:, 2:3] * (0.5 + across)) - camera.x) * camera.scale
    y = (box[:, 1] + box[:, 3] / 2 - camera.y) * camera.scale
    area = np.maximum(box[:, 2] * box[:, 3] * camera.scale**2, 0.02) / len(across)
    column, row = x.astype(np.int64), y.astype(np.int64)
    inside = (row[:, None] >= 0) & (row[:, None] < height) & (column >= 0) & (column < width)
    cell = (row[:, None] * width + column)[inside]
    weight = np.broadcast_to(area[:, None], inside.shape)[inside]
    sums = np.bincount(cell, weights=weight, minlength=width * height)
    filled = np.flatnonzero(sums)
    colour = ink.operation_line
    alpha = 255 * (1 - np.exp(-1.5 * sums[filled])) * 0.75 + 50
    image = np.zeros((width * height, 4), np.uint8)
    image[filled, 0], image[filled, 1] = colour.blue(), colour.green()
    image[filled, 2] = colour.red()
    image[filled, 3] = np.minimum(alpha, 255)
    made = QImage(image.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    painter.drawImage(QPointF(0, 0), made)


def paint_rectangles(
    painter: QPainter, camera: Camera, picture: Picture, boxes: Ints, ink: GraphColours
) -> None:
    """All boxes in view as rectangles, one call for each colour."""
    scene = picture.scene
    screen = _on_screen(scene.box[boxes], camera)
    kinds = _fills(picture, boxes)
    fills = (ink.operation, ink.leaf, ink.result, ink.cut, ink.group, ink.repeated, ink.reference)
    lines = (
        ink.operation_line, ink.leaf_line, ink.result_line, ink.cut_line, ink.group_line,
        ink.repeated_line, ink.reference_line,
    )  # fmt: skip
    for kind, (fill, line) in enumerate(zip(fills, lines, strict=True)):
        mine = screen[kinds == kind]
        if len(mine):
            painter.setBrush(fill)
            painter.setPen(QPen(line, 0))
            draw_rects(painter, mine)


def _fills(picture: Picture, boxes: Ints) -> Ints:
    """For each box which of the colours it has."""
    scene = picture.scene
    role = scene.role[boxes]
    table = np.zeros(len(Role), np.int64)
    table[[Role.LEAF, Role.RESULT, Role.CUT, Role.GROUP]] = (1, 2, 3, 4)
    table[[Role.FROM, Role.TO, Role.SAVED]] = 6
    kinds = table[role]
    leaves = picture.folded.skeleton.graph.kind[np.maximum(scene.node[boxes], 0)] == Role.LEAF
    kinds[(role == Role.DOCKED) & leaves] = 1
    for place in np.flatnonzero(role == Role.GROUP).tolist():
        if picture.is_pass(int(scene.group[boxes[place]])):
            kinds[place] = 5
    return kinds


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
