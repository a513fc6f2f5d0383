"""A graph near enough to be read, in the compact style: frames, curves, boxes and their words."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.model.graph.folding import Groups
from explorer.model.graph.scene import Role
from explorer.model.graph.texts import GraphMarks
from explorer.ui.theme import theme, ui_font
from explorer.ui.widgets.graph.batches import draw_lines
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.colours import GraphColours
from explorer.ui.widgets.graph.looks import Look, looks, looks_of
from explorer.ui.widgets.graph.paint_far import lines_on_screen
from explorer.ui.widgets.graph.picture import Floats, Ints, Picture, sampled
from explorer.ui.widgets.laid_out import LaidOut

FONT_PIXELS = 12
SMALLEST_TEXT = 5.5
"""Pixels below which words are left out."""

EDGE_PIXELS = 10
SMALL_PIXELS = 11
_SMALL = np.zeros(len(Role), bool)
_SMALL[[Role.DOCKED, Role.LEAF, Role.FROM, Role.TO]] = True
"""Whether the words of a box are a little smaller, by its role."""

PARTS = 10
"""Straight pieces that a curve is painted as."""


MOST_WORDS = 20_000
"""Of one size that are kept: of a large graph very many can be in view."""


class Words:
    """The words of a graph in all their sizes."""

    def __init__(self) -> None:
        self._faces: dict[tuple[int, bool], LaidOut] = {}

    def paint(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        colour: QColor,
        *,
        pixels: int = FONT_PIXELS,
        bold: bool = False,
        left: bool = False,
    ) -> None:
        """Write a line into the middle of a rectangle, or at its left."""
        if not text:
            return
        face = self._face(pixels, bold)
        middle = box.center()
        words = face.whole(text)
        x = box.left() if left else middle.x() - words.size().width() / 2
        painter.setPen(colour)
        painter.setFont(face.font)
        painter.drawStaticText(QPointF(x, middle.y() - face.height / 2), words)

    def width(self, text: str, pixels: int = FONT_PIXELS) -> float:
        """How wide a line is."""
        return self._face(pixels, False).whole(text).size().width()

    def fitting(self, text: str, room: float, pixels: int = FONT_PIXELS) -> str:
        """A line, shortened at its left where it is wider than ``room``: names differ at their
        end."""
        if self.width(text, pixels) <= room:
            return text
        metrics = self._face(pixels, False).metrics
        return metrics.elidedText(text, Qt.TextElideMode.ElideLeft, room)

    def _face(self, pixels: int, bold: bool) -> LaidOut:
        found = self._faces.get((pixels, bold))
        if found is None:
            found = LaidOut(ui_font(pixels, bold=bold), most=MOST_WORDS)
            self._faces[pixels, bold] = found
        return found


def shorter(text: str) -> list[str]:
    """What of `f32[3, 4] = 0.5` may stand where there is less room and less: all, the numbers, or
    the shape."""
    shape, _, numbers = text.partition(" = ")
    return [part for part in (text, numbers, shape) if part]


def paint_frames(painter: QPainter, camera: Camera, picture: Picture, ink: GraphColours) -> None:
    """The open groups, outer ones first."""
    painter.setPen(QPen(ink.frame_line, 0))
    for rect, group in _frames_in(camera, picture):
        painter.setBrush(ink.frame[_depth(picture.folded.groups.parent, group) % 2])
        painter.drawRoundedRect(rect, 5, 5)


def paint_titles(
    painter: QPainter, camera: Camera, picture: Picture, ink: GraphColours, words: Words
) -> None:
    """The titles of open groups; a line that passes behind one is interrupted."""
    if FONT_PIXELS * camera.scale < SMALLEST_TEXT:
        return
    groups = picture.folded.groups
    high = picture.folded.faces.spacing.title_height
    for rect, group in _frames_in(camera, picture):
        text = title_of(groups, group)
        bar = QRectF(rect.left() + 9, rect.top() + 1, rect.width() - 18, high - 6)
        behind = QRectF(bar.left() - 3, bar.top() + 1, words.width(text) + 6, bar.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.frame[_depth(groups.parent, group) % 2])
        painter.drawRect(behind)
        words.paint(painter, bar, text, theme().muted, left=True)


def title_of(groups: Groups, group: int) -> str:
    """What stands at the top of an open group."""
    return f"▾ {groups.title(group)}"


def _frames_in(camera: Camera, picture: Picture) -> list[tuple[QRectF, int]]:
    """Frame and group of the open groups in view."""
    frame, view = picture.scene.frame, camera.seen()
    if len(frame) == 0:
        return []
    rows = np.flatnonzero(
        (frame[:, 0] <= view[2])
        & (frame[:, 0] + frame[:, 2] >= view[0])
        & (frame[:, 1] <= view[3])
        & (frame[:, 1] + frame[:, 3] >= view[1])
    )
    group = picture.scene.frame_group
    return [(QRectF(*frame[row].tolist()), int(group[row])) for row in rows.tolist()]


def _depth(parent: list[int], group: int) -> int:
    depth = 0
    while group > 0:
        group = parent[group]
        depth += 1
    return depth


def paint_curves(
    painter: QPainter, camera: Camera, pieces: Floats, colour: QColor, width: float = 1.2
) -> None:
    """Lines with their curves; ``pieces`` are rows of x, y, x, y of the picture."""
    straight = pieces[:, 0] == pieces[:, 2]
    painter.setPen(QPen(colour, width))
    draw_lines(painter, lines_on_screen(_once(pieces[straight]), camera))
    # Lines of one tensor lie upon each other in its lane.
    bent = np.array(list(dict.fromkeys(map(tuple, pieces[~straight].tolist())))).reshape(-1, 4)
    # Qt paints many straight pieces in one call faster than one path of curves.
    draw_lines(painter, lines_on_screen(sampled(bent, PARTS).reshape(-1, 4), camera))


def _once(pieces: Floats) -> Floats:
    """Upright pieces with those that lie upon each other joined: painted twice, a line would look
    bolder."""
    if len(pieces) < 2:
        return pieces
    low, high = np.minimum(pieces[:, 1], pieces[:, 3]), np.maximum(pieces[:, 1], pieces[:, 3])
    order = np.lexsort((low, pieces[:, 0]))
    x, low, high = pieces[order, 0], low[order], high[order]
    column = np.cumsum(np.concatenate([[False], x[1:] != x[:-1]]))
    # Columns are set far apart, so that one running maximum serves them all.
    apart = column * (high.max() - low.min() + 1)
    reach = np.maximum.accumulate(high + apart)
    begins = np.concatenate([[True], (low + apart)[1:] > reach[:-1]])
    starts = np.flatnonzero(begins)
    ends = np.concatenate([starts[1:], [len(x)]]) - 1
    return np.stack([x[starts], low[starts], x[starts], (reach - apart)[ends]], axis=1)


def paint_links(painter: QPainter, camera: Camera, picture: Picture, ink: GraphColours) -> None:
    """The short lines between docked boxes and the boxes they hang at."""
    seen = picture.link_index.touching(camera.seen())
    painter.setPen(QPen(ink.edge, 1.2))
    draw_lines(painter, lines_on_screen(picture.scene.links[seen], camera))


def paint_boxes(
    painter: QPainter,
    picture: Picture,
    boxes: Ints,
    marks: GraphMarks,
    ink: GraphColours,
    words: Words | None,
) -> None:
    """Boxes with rounded corners and, where ``words`` are given, what is written on them; the
    painter works in units of the picture."""
    scene, known, current = picture.scene, looks(ink), theme().current
    own = looks_of(picture, boxes)
    # Boxes that look alike one after another: the painter is told seldom how to paint.
    order = np.argsort(own, kind="stable")
    boxes, rows = boxes[order], own[order].tolist()
    rects = [QRectF(*box) for box in scene.box[boxes].tolist()]
    node, group = scene.node[boxes].tolist(), scene.group[boxes].tolist()
    tones: list[QColor] = []
    fill = line = None
    for box, rect, row in zip(range(len(rows)), rects, rows, strict=True):
        look = known[row]
        inside, border, text = _marked(picture, node[box], group[box], marks, look)
        tones.append(text)
        if border is not line:
            line = border
            painter.setPen(QPen(line, 2 if line is current else 0))
        if inside is not fill:
            fill = inside
            painter.setBrush(fill)
        corner = rect.height() / 2 if look.corner is None else look.corner
        if group[box] >= 0:
            painter.drawRoundedRect(rect.translated(3, 3), corner, corner)
        painter.drawRoundedRect(rect, corner, corner)
    if words is None:
        return
    small = _SMALL[scene.role[boxes]].tolist()
    for at, box in enumerate(boxes.tolist()):
        pixels = SMALL_PIXELS if small[at] else FONT_PIXELS
        words.paint(painter, rects[at], picture.label(box), tones[at], pixels=pixels)


def _marked(
    picture: Picture, node: int, group: int, marks: GraphMarks, own: Look
) -> tuple[QColor, QColor, QColor]:
    """Fill, line and text with what the moment says of a box."""
    look = theme()
    if group >= 0:
        return _marked_group(picture, group, marks, own.fill, own.line)
    if node < 0:
        return own.fill, own.line, look.muted
    if node == marks.running:
        return look.current_line, look.current, look.text
    if marks.ran is not None and not marks.ran[node]:
        return look.background, look.line, look.faint
    fill = own.fill
    if marks.tint is not None and np.isfinite(marks.tint[node]):
        fill = look.diverging(float(marks.tint[node]))
    return fill, own.line, look.text


def _marked_group(
    picture: Picture, group: int, marks: GraphMarks, fill: QColor, line: QColor
) -> tuple[QColor, QColor, QColor]:
    look = theme()
    groups = picture.folded.groups
    inside = picture.folded.skeleton.order[groups.start[group] : groups.end[group]]
    tints = marks.tint[inside] if marks.tint is not None else np.zeros(0)
    tints = tints[np.isfinite(tints)]
    if len(tints):  # the one that tells most
        fill = look.diverging(float(tints[np.abs(tints).argmax()]))
    if marks.ran is None:
        return fill, line, look.text
    if marks.running >= 0 and bool((inside == marks.running).any()):
        return look.current_line, look.current, look.text
    if not marks.ran[inside].any():
        return look.background, look.line, look.faint
    return fill, line, look.text
