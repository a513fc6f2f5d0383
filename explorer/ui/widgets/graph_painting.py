"""Paints a graph view: decides by the scale how much of each thing can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from explorer.model.graph_scene import Role
from explorer.ui.theme import theme
from explorer.ui.widgets.graph_camera import Camera
from explorer.ui.widgets.graph_colours import GraphColours, graph_colours
from explorer.ui.widgets.graph_paint_cards import paint_cards
from explorer.ui.widgets.graph_paint_far import (
    paint_density,
    paint_plain_lines,
    paint_rectangles,
)
from explorer.ui.widgets.graph_paint_near import (
    Words,
    paint_boxes,
    paint_curves,
    paint_frames,
    paint_links,
    paint_titles,
)
from explorer.ui.widgets.graph_picture import Ints, Picture

if TYPE_CHECKING:
    from explorer.ui.widgets.graph_view import GraphView

DENSE, PLAIN = 1.5, 8.0
"""Pixels of a box's height below which a graph is a picture of density, or plain rectangles."""

MOST_DETAILED = 1200
"""Boxes in view beyond which they are plain rectangles however large they are."""


class GraphPainter:
    """Keeps the words that were laid out from one paint to the next."""

    def __init__(self) -> None:
        self.words = Words()

    def paint(self, view: GraphView) -> None:
        """Paint all of a view."""
        painter = QPainter(view)
        painter.fillRect(view.rect(), theme().background)
        picture = view.picture
        if picture is not None and len(picture.scene.box):
            self.paint_picture(painter, view.camera, picture, view)
        if view.hasFocus():
            painter.setPen(QPen(theme().accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(view.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def paint_picture(
        self, painter: QPainter, camera: Camera, picture: Picture, view: GraphView
    ) -> None:
        """Paint a picture as a camera sees it, with the view's marks."""
        ink = graph_colours()
        height = picture.folded.faces.spacing.box_height * camera.scale
        if height < DENSE:
            paint_density(painter, camera, picture, ink)
        elif picture.cards and height >= PLAIN:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _in_units(painter, camera)
            paint_cards(painter, camera, picture, view.marks, ink, self.words)
            painter.resetTransform()
        else:
            boxes = picture.boxes_in(camera.view())
            if height < PLAIN or len(boxes) > MOST_DETAILED:
                self._paint_plain(painter, camera, picture, boxes, ink)
            else:
                self._paint_detailed(painter, camera, picture, boxes, view, ink)
        _paint_choice(painter, camera, picture, view)

    def _paint_plain(
        self, painter: QPainter, camera: Camera, picture: Picture, boxes: Ints, ink: GraphColours
    ) -> None:
        _in_units(painter, camera)
        paint_frames(painter, camera, picture, ink)
        painter.resetTransform()
        pieces = picture.segments_in(camera.view())
        paint_plain_lines(painter, camera, picture, pieces, ink)
        paint_rectangles(painter, camera, picture, boxes, ink)

    def _paint_detailed(
        self,
        painter: QPainter,
        camera: Camera,
        picture: Picture,
        boxes: Ints,
        view: GraphView,
        ink: GraphColours,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _in_units(painter, camera)
        paint_frames(painter, camera, picture, ink)
        painter.resetTransform()
        pieces = picture.segments_in(camera.view())
        paint_curves(painter, camera, picture.segments[0][pieces], ink.edge)
        paint_links(painter, camera, picture, ink)
        carried = view.marks.carried
        if carried is not None:
            lit = pieces[carried[picture.scene.line_edge[picture.segments[1][pieces]]]]
            paint_curves(painter, camera, picture.segments[0][lit], theme().current, 2.0)
        if view.paths is not None:
            on_path = view.paths.edges[picture.scene.line_edge[picture.segments[1][pieces]]]
            lit = pieces[on_path]
            paint_curves(painter, camera, picture.segments[0][lit], ink.path, 2.4)
        _in_units(painter, camera)
        paint_titles(painter, camera, picture, ink, self.words)
        paint_boxes(painter, camera, picture, boxes.tolist(), view.marks, ink, self.words)
        painter.resetTransform()


def _in_units(painter: QPainter, camera: Camera) -> None:
    """From here on the painter is told units of the picture."""
    painter.scale(camera.scale, camera.scale)
    painter.translate(-camera.x, -camera.y)


def _paint_choice(painter: QPainter, camera: Camera, picture: Picture, view: GraphView) -> None:
    """Frames around what is chosen, hovered and on lit paths."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ink, scene = graph_colours(), picture.scene
    if view.paths is not None:
        lit = np.flatnonzero((scene.node >= 0) & view.paths.nodes[np.maximum(scene.node, 0)])
        lit = np.intersect1d(lit, picture.boxes_in(camera.view()))
        for box in lit[scene.role[lit] != Role.SAVED][:MOST_DETAILED].tolist():
            _frame(painter, camera, picture, box, QPen(ink.path, 2.2), 1.0)
    if view.hovered >= 0 and view.hovered != view.chosen:
        _frame(painter, camera, picture, view.hovered, QPen(theme().muted, 1.2), 2.0)
    if view.chosen >= 0:
        _frame(painter, camera, picture, view.chosen, QPen(theme().accent, 2.2), 3.0)


def _frame(
    painter: QPainter, camera: Camera, picture: Picture, box: int, pen: QPen, away: float
) -> None:
    left, top, width, height = picture.scene.box[box].tolist()
    x, y = camera.to_screen(left, top)
    rect = QRectF(x, y, width * camera.scale, height * camera.scale)
    rect = rect.adjusted(-away, -away, away, away)
    round_ = min(rect.height() / 2, 6.0)
    if picture.scene.role[box] in (Role.LEAF, Role.FROM, Role.TO):
        round_ = rect.height() / 2
    painter.setPen(pen)
    painter.drawRoundedRect(rect, round_, round_)
