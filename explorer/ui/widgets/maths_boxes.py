"""Formulas laid out as boxes that know their size and paint themselves on a base line."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.model.maths import (
    SPACED,
    Cases,
    Fence,
    Fraction,
    Line,
    Maths,
    Root,
    Scripts,
    Word,
)
from explorer.ui.theme import ui_font

SMALLER = 0.74
COMMA = Word(",")
SMALLEST = 8
BRACKETS = {"(": ")", "[": "]", "|": "|", "{": "}"}


@dataclass
class Box:
    """``draw`` are pieces of text and paths, relative to the left end of the base line."""

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    texts: list[tuple[float, float, str, QFont]] = field(default_factory=list)
    strokes: list[tuple[QPainterPath, float]] = field(default_factory=list)

    def put(self, other: Box, x: float, y: float) -> None:
        """Take in another box whose base line begins at ``x``, ``y`` (downwards)."""
        self.texts += [(x + a, y + b, text, font) for a, b, text, font in other.texts]
        self.strokes += [(path.translated(x, y), pen) for path, pen in other.strokes]
        self.width = max(self.width, x + other.width)
        self.ascent = max(self.ascent, other.ascent - y)
        self.descent = max(self.descent, other.descent + y)

    def stroke(self, *points: tuple[float, float], pen: float = 1.0) -> None:
        """Draw a line through points."""
        path = QPainterPath(QPointF(*points[0]))
        for point in points[1:]:
            path.lineTo(QPointF(*point))
        self.strokes.append((path, pen))

    def paint(self, painter: QPainter, x: float, y: float, ink: QColor) -> None:
        """Paint it with its base line at ``y``."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for left, down, text, font in self.texts:
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(QPointF(x + left, y + down), text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path, width in self.strokes:
            painter.setPen(QPen(ink, width))
            painter.drawPath(path.translated(x, y))


def box_of(maths: Maths, size: float) -> Box:
    """Lay a formula out in letters of so many pixels."""
    if isinstance(maths, Word):
        return _word(maths, size)
    if isinstance(maths, Line):
        return _line(maths, size)
    if isinstance(maths, Fraction):
        return _fraction(maths, size)
    if isinstance(maths, Root):
        return _root(maths, size)
    if isinstance(maths, Scripts):
        return _scripts(maths, size)
    if isinstance(maths, Fence):
        return _fence(maths, size)
    return _cases(maths, size)


def _font(size: float, *, slanted: bool = False) -> QFont:
    font = ui_font(max(round(size), SMALLEST))
    font.setItalic(slanted)
    return font


def _word(word: Word, size: float) -> Box:
    font = _font(size, slanted=word.slanted)
    metrics = QFontMetricsF(font)
    box = Box(
        metrics.horizontalAdvance(word.text), metrics.ascent() * 0.82, metrics.descent() * 0.8
    )
    box.texts.append((0.0, 0.0, word.text, font))
    return box


def _line(line: Line, size: float) -> Box:
    box = Box()
    x = 0.0
    before: Maths | None = None
    for part in line.parts:
        sign = isinstance(part, Word) and part.text in SPACED
        between = sign and before is not None and not _is_sign(before)
        worded = isinstance(part, Word) and isinstance(before, Word) and not sign
        worded = worded and part != COMMA
        air = size * (0.26 if between else 0.2 if worded and not _is_sign(before) else 0.04)
        made = box_of(part, size)
        box.put(made, x + (air if before is not None else 0.0), 0.0)
        x = box.width + (size * 0.26 if between else 0.0)
        box.width = x
        before = part
    return box


def _is_sign(maths: Maths | None) -> bool:
    return isinstance(maths, Word) and maths.text in SPACED


def _fraction(fraction: Fraction, size: float) -> Box:
    top, bottom = box_of(fraction.top, size * 0.92), box_of(fraction.bottom, size * 0.92)
    axis, gap, side = size * 0.27, size * 0.18, size * 0.12
    width = max(top.width, bottom.width) + 2 * side
    box = Box(width)
    box.put(top, (width - top.width) / 2, -axis - gap - top.descent)
    box.put(bottom, (width - bottom.width) / 2, -axis + gap + bottom.ascent)
    box.stroke((side / 3, -axis), (width - side / 3, -axis))
    box.width = width
    return box


def _root(root: Root, size: float) -> Box:
    inside = box_of(root.inside, size)
    lead, roof = size * 0.55, inside.ascent + size * 0.16
    box = Box()
    box.put(inside, lead, 0.0)
    box.ascent = roof + 1
    box.width += size * 0.08
    box.stroke(
        (0, -size * 0.2),
        (lead * 0.3, -size * 0.28),
        (lead * 0.6, inside.descent),
        (lead * 0.9, -roof),
        (box.width, -roof),
    )
    return box


def _scripts(scripts: Scripts, size: float) -> Box:
    box = Box()
    box.put(box_of(scripts.base, size), 0.0, 0.0)
    x = box.width + size * 0.04
    if scripts.raised is not None:
        raised = box_of(scripts.raised, size * SMALLER)
        box.put(raised, x, -max(size * 0.38, box.ascent - size * 0.4))
    if scripts.lowered is not None:
        box.put(box_of(scripts.lowered, size * SMALLER), x, size * 0.24)
    return box


def _fence(fence: Fence, size: float) -> Box:
    inside = box_of(fence.inside, size)
    bracket, box = size * 0.28, Box()
    top, bottom = inside.ascent + 1, inside.descent + 1
    box.put(inside, bracket + 1, 0.0)
    box.ascent, box.descent = top, bottom
    box.strokes.append((_bracket(fence.left, 0.0, bracket, -top, bottom, 1), 1.1))
    right = box.width + bracket + 1
    box.strokes.append((_bracket(fence.right, right, bracket, -top, bottom, -1), 1.1))
    box.width = right + size * 0.06
    return box


def _bracket(kind: str, x: float, wide: float, top: float, bottom: float, way: int) -> QPainterPath:
    """A bracket whose back is at ``x``; ``way`` is 1 for one that opens to the right."""
    tip = x + way * wide * 0.85
    if kind == "|":
        path = QPainterPath(QPointF(x + way * wide / 2, top))
        path.lineTo(x + way * wide / 2, bottom)
        return path
    path = QPainterPath(QPointF(tip, top))
    if kind in "[]":
        path.lineTo(x + way * 2, top)
        path.lineTo(x + way * 2, bottom)
        path.lineTo(tip, bottom)
    else:
        back = x - way * wide * 0.25
        path.cubicTo(back, top + (bottom - top) / 3, back, bottom - (bottom - top) / 3, tip, bottom)
    return path


def _cases(cases: Cases, size: float) -> Box:
    rows = [[box_of(cell, size * 0.9) for cell in row] for row in cases.rows]
    gap, brace = size * 0.35, size * 0.5
    first = max((row[0].width for row in rows if row), default=0.0)
    heights = [max(cell.ascent + cell.descent for cell in row) for row in rows]
    total = sum(heights) + gap * (len(rows) - 1)
    axis = size * 0.27
    box, y = Box(), -axis - total / 2
    for row, height in zip(rows, heights, strict=True):
        line = y + max(cell.ascent for cell in row)
        box.put(row[0], brace + 2, line)
        for cell in row[1:]:
            box.put(cell, brace + first + size * 0.7, line)
        y += height + gap
    top, bottom, middle = -axis - total / 2, -axis + total / 2, -axis
    path = QPainterPath(QPointF(brace, top))
    path.cubicTo(brace * 0.3, top, brace * 0.7, middle, 0.0, middle)
    path.cubicTo(brace * 0.7, middle, brace * 0.3, bottom, brace, bottom)
    box.strokes.append((path, 1.1))
    return box


def outline(box: Box) -> QRectF:
    """The rectangle that a box fills, with its base line at 0."""
    return QRectF(0, -box.ascent, box.width, box.ascent + box.descent)
