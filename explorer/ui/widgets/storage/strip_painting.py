"""Paints one row of a storage strip: index ruler, boxes, byte ruler and tracks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from explorer.ui.theme import Theme, mono_font, ui_font
from explorer.ui.widgets.storage.strip_content import Layer, NumberCache, StripContent
from explorer.ui.widgets.storage.strip_geometry import (
    BYTES_HEIGHT,
    GAP,
    INDEX_HEIGHT,
    TRACK_HEIGHT,
    StripGeometry,
)

_SMALL = 9
_FOOT = 4.0
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass
class StripLook:
    """All that a row is painted from."""

    content: StripContent
    geometry: StripGeometry
    numbers: NumberCache
    theme: Theme
    changed: list[tuple[int, int]] = field(default_factory=list)
    """Stretches of cells that this step wrote."""

    scale: float = 1.0
    """The size of number that gets the full colour."""

    def shades(self, cells: int, first_box: int, stop_box: int) -> NDArray[np.float64]:
        """Colours' places between -1 and 1; NaN and Inf stand for themselves."""
        with np.errstate(invalid="ignore"):
            found: NDArray[np.float64] = (
                self.numbers.values(cells, first_box, stop_box) / self.scale
            )
        return found


SHADES = (("text", 0.35), ("background", 0.45), ("text", 0.65), ("background", 0.6), ("muted", 0.5))
"""What the colour of a storage is mixed with for the tracks over it, and how much of that."""


def track_colour(colours: Theme, letter: str, number: int) -> QColor:
    """A shade of the storage's own colour for a track over it, another one for each of a few:
    any other colour would speak of another storage."""
    towards, share = SHADES[number % len(SHADES)]
    own, other = _rgb(colours.storage_colour(letter)), _rgb(getattr(colours, towards))
    mixed = (round(o * (1 - share) + t * share) for o, t in zip(own, other, strict=True))
    return QColor(*mixed)


def paint_row(painter: QPainter, look: StripLook, row: int, top: float) -> None:
    """Paint a row with its top at `top`."""
    geometry = look.geometry
    start, stop = geometry.cells_of_row(row)
    if geometry.zoom.text:
        _paint_number_boxes(painter, look, start, stop, top)
    else:
        _paint_small_boxes(painter, look, start, stop, top)
    _paint_rulers(painter, look, start, stop, top)
    for number, layer in enumerate(look.content.tracks):
        y = top + geometry.tracks_top + number * TRACK_HEIGHT
        colour = track_colour(look.theme, look.content.letter, number)
        _paint_track(painter, look, layer, colour, start, stop, y)


def _paint_number_boxes(
    painter: QPainter, look: StripLook, start: int, stop: int, top: float
) -> None:
    geometry, theme, chosen = look.geometry, look.theme, look.content.chosen
    counts = chosen.visits(look.content.unit, start, stop) if chosen is not None else None
    fills = theme.diverging_rgb(look.shades(1, start, stop))
    font = mono_font(11)
    metrics = QFontMetricsF(font)
    for place in range(start, stop):
        at = place - start
        lit = counts is None or bool(counts[at])
        rect = QRectF(geometry.rect_of(place, 0))
        rect.moveTop(top + INDEX_HEIGHT)
        text = look.numbers.text(place)
        if lit:
            fill = QColor(*map(int, fills[at])) if text is not None else theme.panel
            painter.fillRect(rect, fill)
        else:
            painter.setPen(QPen(theme.line, 1, Qt.PenStyle.DotLine))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setFont(font)
        painter.setPen(theme.text if lit else theme.faint)
        shown = text if text is not None else "…" if look.content.readable else ""
        painter.drawText(
            rect, _MIDDLE, metrics.elidedText(shown, Qt.TextElideMode.ElideRight, rect.width() - 2)
        )
        if counts is not None and counts[at] > 1:
            _paint_count(painter, theme, rect, int(counts[at]))
    _paint_changed(painter, look, start, stop, top)


def _paint_count(painter: QPainter, theme: Theme, rect: QRectF, count: int) -> None:
    """How often a cell is reached, in its corner."""
    painter.setFont(ui_font(_SMALL, bold=True))
    text = f"×{count}" if count < 1000 else "×999+"
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 4
    badge = QRectF(rect.right() - width, rect.bottom() - 8, width + 2, 11)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent)
    painter.drawRoundedRect(badge, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme.on_accent)
    painter.drawText(badge, _MIDDLE, text)


def _paint_changed(painter: QPainter, look: StripLook, start: int, stop: int, top: float) -> None:
    """A corner on every cell that this step wrote."""
    geometry = look.geometry
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.theme.current)
    for first, last in look.changed:
        for place in range(max(first, start), min(last, stop)):
            rect = QRectF(geometry.rect_of(place, 0))
            corner = QPointF(rect.left(), top + INDEX_HEIGHT)
            right, down = corner + QPointF(8, 0), corner + QPointF(0, 8)
            painter.drawPolygon(QPolygonF([corner, right, down]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_small_boxes(
    painter: QPainter, look: StripLook, start: int, stop: int, top: float
) -> None:
    """Boxes without numbers: values as one picture of a pixel a box, below it what is reached."""
    geometry, theme, content = look.geometry, look.theme, look.content
    cells = geometry.zoom.cells
    first_box = start // cells
    count = -(-(stop - start) // cells)
    edges = np.minimum(start + np.arange(count + 1) * cells, stop).astype(np.int64)
    chosen = content.chosen
    share = np.ones(count) if chosen is None else chosen.shares(content.unit, edges)
    shades = look.shades(cells, first_box, first_box + count)
    colours = theme.diverging_rgb(shades, strong=True).astype(np.float64)
    ground = np.array(_rgb(theme.background), dtype=np.float64)
    dim = ground * 0.55 + np.array(_rgb(theme.dropped), dtype=np.float64) * 0.45
    # A little of a box must still be seen: whatever is reached at all shows by a third.
    weight = np.where(share > 0, np.clip(share, 0.33, 1), 0.0)[:, None]
    own = np.array(_rgb(theme.storage_colour(content.letter)), dtype=np.float64)
    width = count * geometry.pitch
    rect = QRectF(geometry.gutter, top + INDEX_HEIGHT, width, geometry.box_height)
    painter.drawImage(rect, _image(dim * (1 - weight) + colours * weight))
    foot = QRectF(rect.left(), rect.bottom() - _FOOT, width, _FOOT)
    painter.drawImage(foot, _image(ground * (1 - weight) + own * weight))
    painter.setPen(theme.line)
    painter.drawRect(rect)
    painter.setPen(QPen(theme.accent, 2))
    for box in np.flatnonzero(share > 1.0001).tolist():
        left = geometry.gutter + box * geometry.pitch
        painter.drawLine(QPointF(left, rect.top()), QPointF(left + geometry.pitch, rect.top()))
    painter.setPen(QPen(theme.current, 2))
    for first, last in look.changed:
        low, high = max(first, start), min(last, stop)
        if low < high:
            left = geometry.gutter + (low - start) // cells * geometry.pitch
            right = geometry.gutter + -(-(high - start) // cells) * geometry.pitch
            painter.drawLine(QPointF(left, rect.bottom()), QPointF(right, rect.bottom()))


def _image(picture: NDArray[np.float64]) -> QImage:
    line = np.ascontiguousarray(picture.astype(np.uint8))
    image = QImage(line.tobytes(), len(line), 1, len(line) * 3, QImage.Format.Format_RGB888)
    return image.copy()


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _paint_rulers(painter: QPainter, look: StripLook, start: int, stop: int, top: float) -> None:
    geometry, theme = look.geometry, look.theme
    painter.setFont(mono_font(_SMALL))
    painter.setPen(theme.faint)
    metrics = QFontMetricsF(painter.font())
    cells = geometry.zoom.cells
    widest = metrics.horizontalAdvance(f"{stop:,}") + 8
    every = max(1, int(-(-widest // geometry.pitch)))
    if every > 1:
        every = 5 * -(-every // 5)
    unit = look.content.unit
    for column in range(0, -(-(stop - start) // cells), every):
        place = start + column * cells
        left = geometry.gutter + column * geometry.pitch
        wide = geometry.pitch * every
        ruler = QRectF(left, top, wide, INDEX_HEIGHT - 1)
        align = _MIDDLE if every == 1 else _LEFT
        painter.drawText(ruler.adjusted(0, 0, -GAP if every == 1 else 0, 0), align, f"{place:,}")
        if geometry.bytes_shown:
            below = QRectF(left, top + INDEX_HEIGHT + geometry.box_height, wide, BYTES_HEIGHT)
            painter.drawText(below, _LEFT, f"{place * unit:#x}" if place else "byte 0")


def _paint_track(
    painter: QPainter,
    look: StripLook,
    layer: Layer,
    colour: QColor,
    start: int,
    stop: int,
    y: float,
) -> None:
    """A thin line under the boxes that a tensor reaches, thicker where it does so repeatedly."""
    geometry, unit = look.geometry, look.content.unit
    cells = geometry.zoom.cells
    count = -(-(stop - start) // cells)
    if cells == 1:
        share = layer.visits(unit, start, stop).astype(np.float64)
    else:
        edges = np.minimum(start + np.arange(count + 1) * cells, stop).astype(np.int64)
        share = layer.shares(unit, edges)
    touched = np.concatenate(([0], (share > 0).astype(np.int8), [0]))
    firsts, lasts = np.flatnonzero(np.diff(touched) == 1), np.flatnonzero(np.diff(touched) == -1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    gap = GAP if geometry.zoom.text else 0
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        left = geometry.gutter + first * geometry.pitch
        right = geometry.gutter + last * geometry.pitch - gap
        thick = 6.0 if share[first:last].max() > 1.0001 else 3.5
        painter.drawRoundedRect(
            QRectF(left, y + TRACK_HEIGHT / 2 - thick / 2, right - left, thick), 1.5, 1.5
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(ui_font(10))
    painter.setPen(look.theme.muted)
    room = geometry.gutter - 8
    title = QFontMetricsF(painter.font()).elidedText(layer.title, Qt.TextElideMode.ElideLeft, room)
    painter.drawText(QRectF(0, y - 1, room, TRACK_HEIGHT + 2), _RIGHT, title)
