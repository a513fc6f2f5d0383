"""A small graph as cards: names, formulas and numbers, gradients beside the lines."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from explorer.model.graph.columns import NodeKind
from explorer.model.graph.scene import Role
from explorer.model.graph.texts import GraphMarks
from explorer.ui.theme import theme, ui_font
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.colours import GraphColours, graph_colours
from explorer.ui.widgets.graph.paint_bars import bars_width, paint_bars
from explorer.ui.widgets.graph.paint_near import Words, shorter
from explorer.ui.widgets.graph.picture import Floats, Picture

TITLE, LINE, WORDS = 13, 11, 12
BAND = 12.0
UNDER_CURVE = 15.0
"""The height of words beside the end of a curve, which passes above them."""
BESIDE = 9.0
"""Between an arrow and the words beside it."""
ARROW = 6.5
GROWN = 8.0
"""How far the card of the running node grows for each line of numbers."""


def paint_cards(
    painter: QPainter,
    camera: Camera,
    picture: Picture,
    marks: GraphMarks,
    ink: GraphColours,
    words: Words,
) -> None:
    """Everything; the painter works in units of the picture."""
    _paint_lines(painter, picture, marks, words)
    scene = picture.scene
    for box in picture.boxes_in(camera.seen()).tolist():
        node = int(scene.node[box])
        rect = QRectF(*scene.box[box].tolist())
        if scene.role[box] == Role.SAVED:
            _paint_saved(painter, rect, picture.texts.saved[node], _is_faded(node, marks), words)
        elif node >= 0:
            _paint_card(painter, picture, rect, node, marks, ink, words)


def _grown(picture: Picture, node: int, marks: GraphMarks) -> float:
    """How far a card grows upwards and downwards for its lines of numbers."""
    lines = len(marks.numbers.get(node, "").splitlines())
    return GROWN * lines if picture.texts.line[node] else GROWN * max(lines - 1, 0)


def _is_faded(node: int, marks: GraphMarks) -> bool:
    return marks.ran is not None and node != marks.running and not bool(marks.ran[node])


def _paint_card(
    painter: QPainter,
    picture: Picture,
    rect: QRectF,
    node: int,
    marks: GraphMarks,
    ink: GraphColours,
    words: Words,
) -> None:
    """The card of one node."""
    look, texts = theme(), picture.texts
    kind = int(picture.folded.skeleton.graph.kind[node])
    faded = kind != NodeKind.LEAF and _is_faded(node, marks)
    running = node == marks.running
    number = marks.numbers.get(node, "")
    grown = _grown(picture, node, marks)
    wider = max((words.width(line, LINE) for line in number.splitlines()), default=0.0) + 16
    wider = max((wider - rect.width()) / 2, 0.0)
    rect = rect.adjusted(-wider, -grown, wider, grown)
    fill, line, width = _card_look(kind, texts.letter[node], ink, faded)
    if running:
        fill, line, width = look.current_line, look.current, 2.0
    elif marks.tint is not None and np.isfinite(marks.tint[node]):
        fill = look.diverging(float(marks.tint[node]))
    painter.setPen(QPen(line, width))
    painter.setBrush(fill)
    corner = rect.height() / 2 if kind == NodeKind.LEAF else 7.0
    painter.drawRoundedRect(rect, corner, corner)
    title = marks.title.get(node, texts.title[node])
    rows = [(title, look.faint if faded else look.text, TITLE, True)]
    if texts.line[node]:
        second = words.fitting(marks.line.get(node, texts.line[node]), rect.width() - 12, LINE)
        rows.append((second, look.faint if faded else look.muted, LINE, False))
    rows += [(line, look.current, LINE, False) for line in number.splitlines()]
    _write(painter, rect, rows, words)


def _card_look(
    kind: int, letter: str, ink: GraphColours, faded: bool
) -> tuple[QColor, QColor, float]:
    """Fill, line and its width."""
    look = theme()
    if kind == NodeKind.RESULT:
        return ink.result, ink.result_line, 1.2
    if kind == NodeKind.CUT:
        return ink.cut, ink.cut_line, 1.2
    if kind == NodeKind.LEAF:
        line = look.storage_colour(letter) if letter else ink.leaf_line
        fill = QColor(line)
        fill.setAlpha(70 if look.dark else 36)
        return fill, line, 1.2
    return look.background, look.line if faded else look.faint, 1.2


def _write(
    painter: QPainter, rect: QRectF, rows: list[tuple[str, QColor, int, bool]], words: Words
) -> None:
    """Lines of text below each other in the middle of a rectangle."""
    heights = [QFontMetricsF(ui_font(size)).height() for _, _, size, _ in rows]
    y = rect.center().y() - sum(heights) / 2
    for (text, colour, size, bold), height in zip(rows, heights, strict=True):
        room = QRectF(rect.left(), y, rect.width(), height)
        words.paint(painter, room, text, colour, pixels=size, bold=bold)
        y += height


def _paint_saved(
    painter: QPainter, rect: QRectF, lines: tuple[str, str], faded: bool, words: Words
) -> None:
    """The box of what a node saved, and the dashed arrow to it."""
    look = theme()
    painter.setPen(QPen(look.line, 1.0))
    painter.setBrush(look.panel)
    painter.drawRoundedRect(rect, 6, 6)
    tone = look.faint if faded else look.muted
    rows = [(lines[0], tone, LINE, False)]
    if lines[1]:
        rows.append((lines[1], look.faint if faded else look.text, LINE, False))
    _write(painter, rect, rows, words)


def _paint_lines(painter: QPainter, picture: Picture, marks: GraphMarks, words: Words) -> None:
    """The lines with arrow heads in the direction of the picture and the words beside them."""
    scene = picture.scene
    tips = _tips(picture)
    arriving = Counter(_scene_tip(picture, row) for row in range(len(scene.first) - 1))
    for row in range(len(scene.first) - 1):
        edge = int(scene.line_edge[row])
        points = scene.points[scene.first[row] : scene.first[row + 1]]
        points = points[::-1] if scene.upwards else points
        points = _to_grown_cards(picture, edge, points.copy(), marks)
        if _is_cut(picture, edge):
            _paint_cut_line(painter, points)
            continue
        colour, width = _line_look(edge, marks)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tip = points[-1].copy()
        points[-1, 1] -= ARROW
        painter.drawPath(_path(points))
        _arrow_head(painter, QPointF(*tip.tolist()), colour)
        if marks.edge_text.get(edge, ""):
            x, at = float(tip[0]) + BESIDE, _scene_tip(picture, row)
            above = float(tip[1]) - UNDER_CURVE
            if points[0, 0] == tip[0]:  # where others arrive too, theirs stand below
                above = float(points[0, 1]) - (UNDER_CURVE if arriving[at] > 1 else 0.0)
            space = min(_next_tip(tips, *at) - x, _next_box(picture, *at))
            room = QRectF(x, above, space, float(tip[1]) - above - 3)
            tone = colour if _is_carried(edge, marks) else theme().faint
            _paint_said(painter, room, edge, marks, tone, words)
    _paint_links(painter, picture)


def _paint_said(
    painter: QPainter, room: QRectF, edge: int, marks: GraphMarks, tone: QColor, words: Words
) -> None:
    """The words beside a line, as many as fit into a room, and the picture behind them."""
    bars = marks.edge_bars.get(edge, ())
    text = _fitting(marks.edge_text[edge], room.width() - bars_width(bars), words)
    words.paint(painter, room, text, tone, pixels=WORDS, left=True)
    if text and bars:
        end = room.left() + words.width(text, WORDS)
        paint_bars(painter, end, room.center().y(), bars, tone)


def _scene_tip(picture: Picture, row: int) -> tuple[float, float]:
    """Where the arrow head of a line is before cards grow."""
    scene = picture.scene
    at = scene.first[row] if scene.upwards else scene.first[row + 1] - 1
    return float(scene.points[at, 0]), float(scene.points[at, 1])


def _tips(picture: Picture) -> dict[int, list[float]]:
    """The places of all arrow heads from left to right, by their height in bands."""
    found: dict[int, list[float]] = {}
    for row in range(len(picture.scene.first) - 1):
        x, y = _scene_tip(picture, row)
        found.setdefault(int(y // BAND), []).append(x)
    return {y: sorted(set(xs)) for y, xs in found.items()}


def _next_tip(tips: dict[int, list[float]], x: float, y: float) -> float:
    """The next arrow head to the right at about this height; far away where there is none."""
    after = [x + 1000.0]
    for band in range(int(y // BAND) - 1, int(y // BAND) + 2):
        row = tips.get(band, [])
        place = bisect_right(row, x)
        after += row[place : place + 1]
    return min(after) - BESIDE


def _next_box(picture: Picture, x: float, y: float) -> float:
    """How far it is from beside an arrow head to the next box on the right."""
    left = x + BESIDE
    boxes = picture.boxes_in((left, y - 2 * UNDER_CURVE, left + 300.0, y - 6.0))
    return float(picture.scene.box[boxes, 0].min(initial=left + 1000.0)) - left


def _fitting(text: str, room: float, words: Words) -> str:
    """As much of it as there is room for."""
    return next((part for part in shorter(text) if words.width(part, WORDS) <= room), "")


def _is_cut(picture: Picture, edge: int) -> bool:
    graph = picture.folded.skeleton.graph
    return int(graph.kind[graph.target[edge]]) == NodeKind.CUT


def _paint_cut_line(painter: QPainter, points: Floats) -> None:
    """The line to a cut: broken, with two strokes across it and no head at either end."""
    ink = graph_colours().cut_line
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.2, Qt.PenStyle.DashLine))
    path = _path(points)
    painter.drawPath(path)
    painter.setPen(QPen(ink, 1.6))
    for part in (0.46, 0.54):
        at = path.pointAtPercent(part)
        painter.drawLine(at + QPointF(-3.5, 4.5), at + QPointF(3.5, -4.5))


def _to_grown_cards(picture: Picture, edge: int, points: Floats, marks: GraphMarks) -> Floats:
    """Shorten a line at the ends where the card has grown by its line of numbers."""
    graph = picture.folded.skeleton.graph
    ends = (int(graph.source[edge]), int(graph.target[edge]))
    first, last = ends[::-1] if picture.scene.upwards else ends
    for node, place, way in ((first, 0, 1), (last, -1, -1)):
        points[place, 1] += way * _grown(picture, node, marks)
    return points


def _path(points: Floats) -> QPainterPath:
    """A line through points with a vertical tangent each."""
    path = QPainterPath(QPointF(*points[0].tolist()))
    for (x0, y0), (x1, y1) in itertools.pairwise(points.tolist()):
        if x0 == x1:
            path.lineTo(x1, y1)
        else:
            path.cubicTo(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1)
    return path


def _is_carried(edge: int, marks: GraphMarks) -> bool:
    return marks.carried is not None and bool(marks.carried[edge])


def _line_look(edge: int, marks: GraphMarks) -> tuple[QColor, float]:
    look = theme()
    if _is_carried(edge, marks):
        return look.current, 2.0
    return (look.faint, 1.4)


def _arrow_head(painter: QPainter, tip: QPointF, colour: QColor) -> None:
    """A filled triangle that points down at a box."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    back = -2 * ARROW
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-ARROW, back), tip + QPointF(ARROW, back)]))


def _paint_links(painter: QPainter, picture: Picture) -> None:
    """Lines to docked boxes, and dashed arrows to what was saved."""
    look = theme()
    scene = picture.scene
    for (x0, y0, x1, y1), saved in zip(scene.links.tolist(), scene.link_dashed, strict=True):
        pen = QPen(look.faint, 1.2)
        if saved:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))
        if saved:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.faint)
            tip = QPointF(x1, y1)
            painter.drawPolygon(QPolygonF([tip, tip + QPointF(-8, -4), tip + QPointF(-8, 4)]))
