"""Paints a graph view: decides by the scale how much of each thing can be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from explorer.model.graph.scene import Role
from explorer.model.graph.texts import GraphMarks
from explorer.model.graph.walk import Paths
from explorer.ui.theme import theme
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.colours import GraphColours, graph_colours
from explorer.ui.widgets.graph.paint_cards import paint_cards
from explorer.ui.widgets.graph.paint_far import (
    paint_density,
    paint_plain_lines,
    paint_rectangles,
)
from explorer.ui.widgets.graph.paint_near import (
    FONT_PIXELS,
    SMALLEST_TEXT,
    Words,
    paint_boxes,
    paint_curves,
    paint_frames,
    paint_links,
    paint_titles,
)
from explorer.ui.widgets.graph.paint_words import WORDS_BELOW, paint_edge_words
from explorer.ui.widgets.graph.picture import WORDS_BESIDE, Ints, Picture

DENSE, PLAIN = 1.5, 8.0
"""Pixels of a box's height below which a graph is a picture of density, or plain rectangles."""

MOST_DETAILED = 1200
"""Boxes in view beyond which they are plain rectangles however large they are."""


@dataclass(frozen=True)
class Looked:
    """What a view adds to a picture: boxes under the pointer and chosen (-1: none), lit paths."""

    marks: GraphMarks
    hovered: int = -1
    chosen: int = -1
    paths: Paths | None = None


class GraphPainter:
    """Keeps the words that were laid out from one paint to the next."""

    def __init__(self) -> None:
        self.words = Words()

    def paint(self, painter: QPainter, camera: Camera, picture: Picture, looked: Looked) -> None:
        """Paint a picture as a camera sees it; what is chosen is left to `paint_choice`."""
        ink = graph_colours()
        height = picture.folded.faces.spacing.box_height * camera.scale
        if height < DENSE:
            paint_density(painter, camera, picture, ink)
        elif picture.cards and height >= PLAIN:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _in_units(painter, camera)
            paint_cards(painter, camera, picture, looked.marks, ink, self.words)
            painter.resetTransform()
        else:
            boxes = picture.boxes_in(camera.seen())
            # How, must not depend on how much of it is painted now.
            if height < PLAIN or len(picture.boxes_in(camera.view())) > MOST_DETAILED:
                self._paint_plain(painter, camera, picture, boxes, ink)
            else:
                self._paint_detailed(painter, camera, picture, boxes, looked, ink)

    def _paint_plain(
        self, painter: QPainter, camera: Camera, picture: Picture, boxes: Ints, ink: GraphColours
    ) -> None:
        _in_units(painter, camera)
        paint_frames(painter, camera, picture, ink)
        painter.resetTransform()
        pieces = picture.segments_in(camera.seen())
        paint_plain_lines(painter, camera, picture, pieces, ink)
        paint_rectangles(painter, camera, picture, boxes, ink)

    def _paint_detailed(
        self,
        painter: QPainter,
        camera: Camera,
        picture: Picture,
        boxes: Ints,
        looked: Looked,
        ink: GraphColours,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _in_units(painter, camera)
        paint_frames(painter, camera, picture, ink)
        painter.resetTransform()
        pieces = picture.segments_in(camera.seen())
        segments, line = picture.segments
        edge = picture.scene.line_edge[line[pieces]]
        paint_curves(painter, camera, segments[pieces], ink.edge)
        paint_links(painter, camera, picture, ink)
        if looked.marks.carried is not None:
            lit = pieces[looked.marks.carried[edge]]
            paint_curves(painter, camera, segments[lit], theme().current, 2.0)
        if looked.paths is not None:
            lit = pieces[looked.paths.edges[edge]]
            paint_curves(painter, camera, segments[lit], ink.path, 2.4)
        _in_units(painter, camera)
        paint_titles(painter, camera, picture, ink, self.words)
        if looked.marks.edge_text:
            near = picture.segments_in(camera.seen(WORDS_BESIDE, WORDS_BELOW))
            lines = picture.lines_with(np.unique(line[near]))
            paint_edge_words(painter, camera, picture, lines, looked.marks, self.words)
        legible = FONT_PIXELS * camera.scale >= SMALLEST_TEXT
        paint_boxes(painter, picture, boxes, looked.marks, ink, self.words if legible else None)
        painter.resetTransform()


def paint_still(painter: QPainter, camera: Camera, picture: Picture, marks: GraphMarks) -> None:
    """Paint a picture for a file, with nothing chosen."""
    GraphPainter().paint(painter, camera, picture, Looked(marks))


def _in_units(painter: QPainter, camera: Camera) -> None:
    """From here on the painter is told units of the picture."""
    painter.scale(camera.scale, camera.scale)
    painter.translate(-camera.x, -camera.y)


def paint_choice(painter: QPainter, camera: Camera, picture: Picture, looked: Looked) -> None:
    """Frames around what is chosen, hovered and on lit paths."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ink, scene = graph_colours(), picture.scene
    if looked.paths is not None:
        lit = np.flatnonzero((scene.node >= 0) & looked.paths.nodes[np.maximum(scene.node, 0)])
        lit = np.intersect1d(lit, picture.boxes_in(camera.seen()))
        for box in lit[scene.role[lit] != Role.SAVED][:MOST_DETAILED].tolist():
            _frame(painter, camera, picture, box, QPen(ink.path, 2.2), 1.0)
    if looked.hovered >= 0 and looked.hovered != looked.chosen:
        _frame(painter, camera, picture, looked.hovered, QPen(theme().muted, 1.2), 2.0)
    if looked.chosen >= 0:
        _frame(painter, camera, picture, looked.chosen, QPen(theme().accent, 2.2), 3.0)


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
