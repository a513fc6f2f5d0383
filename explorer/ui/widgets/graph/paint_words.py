"""What is said of the edges of a graph, beside the lines and clear of everything else."""

from __future__ import annotations

import itertools

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from explorer.model.graph.texts import GraphMarks
from explorer.ui.theme import theme
from explorer.ui.widgets.graph.beside import Room
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.paint_bars import bars_width, paint_bars
from explorer.ui.widgets.graph.paint_near import (
    EDGE_PIXELS,
    SMALLEST_TEXT,
    Words,
    shorter,
    title_of,
)
from explorer.ui.widgets.graph.picture import WORDS_HIGH, Floats, Ints, Picture

AWAY = 5.0
"""Between a line and its words, in units of the picture."""

WORDS_BELOW = 4 * WORDS_HIGH
"""How far below the place where their line begins words may end, in the same units."""


def paint_edge_words(
    painter: QPainter,
    camera: Camera,
    picture: Picture,
    lines: Ints,
    marks: GraphMarks,
    words: Words,
) -> None:
    """What is said of some edges, beside the place where they leave the upper box; where several
    leave at the same place and different things are said of them, further on.

    ``lines`` has all lines of a tensor or none: what is said of one depends on the others.
    """
    if not marks.edge_text or EDGE_PIXELS * camera.scale < SMALLEST_TEXT:
        return
    scene, graph = picture.scene, picture.folded.skeleton.graph
    first, last = scene.first[lines], scene.first[lines + 1] - 1
    places = scene.points[last if scene.upwards else first]
    others = scene.points[first if scene.upwards else last]
    said: set[tuple[int, int, str]] = set()
    taken: set[tuple[float, float]] = set()
    # A line through frames is in pieces, and one tensor may have several: it is said once.
    far = np.abs(others - places).sum(axis=1)
    for at in np.lexsort((far, places[:, 1])).tolist():
        edge = int(scene.line_edge[lines[at]])
        text = marks.edge_text.get(edge, "")
        key = (int(graph.source[edge]), int(graph.source_slot[edge]), text)
        if not text or key in said:
            continue
        said.add(key)
        x, y = places[at].tolist()
        if (x, y) in taken:
            x, y = _further_on(scene.points[first[at] : last[at] + 1])
        taken.add((x, y))
        _say(painter, picture, edge, (x, y + 1), marks, words)


def _say(
    painter: QPainter,
    picture: Picture,
    edge: int,
    place: tuple[float, float],
    marks: GraphMarks,
    words: Words,
) -> None:
    """The words of one edge, and its small histogram, where there is room near a place."""
    bars = marks.edge_bars.get(edge, ())
    part, found = _in_the_open(picture, *place, marks.edge_text[edge], words, bars_width(bars))
    carried = marks.carried is not None and bool(marks.carried[edge])
    tone = theme().current if carried else theme().faint
    room = QRectF(found[0], found[1], 400, WORDS_HIGH)
    words.paint(painter, room, part, tone, pixels=EDGE_PIXELS, left=True)
    if part and bars:
        end = room.left() + words.width(part, EDGE_PIXELS)
        paint_bars(painter, end, room.center().y(), bars, tone)


def _further_on(points: Floats) -> tuple[float, float]:
    """The upper end of the longest upright piece of a line, else just above its lower end."""
    upright = points[1:, 0] == points[:-1, 0]
    if not upright.any():
        x, y = points[np.argmax(points[:, 1])].tolist()
        return x, y - WORDS_HIGH - 2
    long = np.where(upright, np.abs(points[1:, 1] - points[:-1, 1]), 0.0)
    at = int(np.argmax(long))
    return float(points[at, 0]), float(points[at : at + 2, 1].min())


def _in_the_open(
    picture: Picture, x: float, y: float, text: str, words: Words, more: float
) -> tuple[str, Room]:
    """As much of ``f32[3, 4] = 0.5`` as finds room beside a line at x, with ``more`` room behind
    it, and that room: right of the line or left of it or a little lower, clear of boxes, other
    lines and words, and the borders and titles of groups; else right of it and clear of boxes and
    titles, or nothing."""
    known = picture.beside.find((x, y), f"{text} {more:.0f}")
    if known is not None:
        return known
    part, room = _looked_for(picture, x, y, text, words, more)
    picture.beside.keep((x, y), f"{text} {more:.0f}", part, room)
    return part, room


def _looked_for(
    picture: Picture, x: float, y: float, text: str, words: Words, more: float
) -> tuple[str, Room]:
    parts = shorter(text)
    wide = {part: words.width(part, EDGE_PIXELS) + more for part in parts}
    for lower, part in itertools.product((0.0, WORDS_HIGH, 2 * WORDS_HIGH), parts):
        for left in (x + AWAY, x - AWAY - wide[part]):
            room = (left, y + lower, left + wide[part], y + lower + WORDS_HIGH)
            if picture.beside.meets((x, y), room) or picture.line_through(room):
                continue
            if _over_title(picture, room, words):
                continue
            if not len(picture.boxes_in((left - AWAY, room[1], room[2] + AWAY, room[3]))):
                return part, room
    for part in parts:
        room = (x + AWAY, y, x + AWAY + wide[part], y + WORDS_HIGH)
        if not len(picture.boxes_in(room)) and not _over_title(picture, room, words):
            return part, room
    return "", (x, y, x, y)


def _over_title(picture: Picture, room: Room, words: Words) -> bool:
    """Whether a room meets the title of an open group."""
    groups = picture.folded.groups
    return any(
        room[0] < begins + AWAY + words.width(title_of(groups, group)) + AWAY
        for begins, group in picture.titles_in(room)
    )
