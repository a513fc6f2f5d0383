"""A tensor as a picture that fits beside a line of words: how its numbers are spread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

BAR, HIGH = 3.0, 11.0
"""Width of a bar, and the height of the longest."""

BEFORE = 5.0
"""Between the words and the picture."""


def bars_width(bars: Sequence[int]) -> float:
    """How much room the picture takes behind some words."""
    return BEFORE + BAR * len(bars) if bars else 0.0


def paint_bars(
    painter: QPainter, x: float, middle: float, bars: Sequence[int], colour: QColor
) -> None:
    """Counts as bars from the smallest number to the largest, behind words that end at x."""
    most = max(bars, default=0)
    if most <= 0:
        return
    left, bottom = x + BEFORE, middle + HIGH / 2
    faint = QColor(colour)
    faint.setAlphaF(0.35)
    painter.fillRect(QRectF(left, bottom, BAR * len(bars), 1.0), faint)
    for place, count in enumerate(bars):
        if count > 0:
            high = max(HIGH * count / most, 1.0)
            painter.fillRect(QRectF(left + place * BAR, bottom - high, BAR - 0.6, high), colour)
