"""The bar beside a picture that says which colour is which number."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.values.colour_scale import DECADES, ColourScale, tick_text, ticks
from explorer.ui.theme import appearance, mono_font, theme
from explorer.ui.widgets.numbers.colour_maps import colour_table

WIDTH = 74
BAR = 12
EDGE = 10
TEXT = 14
"""Pixels from one tick's text to the next."""


class ColourBar(QWidget):
    """Draws a scale from its highest number down to its lowest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = ColourScale("symmetric", -1.0, 1.0)
        self._marked: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Colour scale")
        appearance().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 120)

    def set_scale(self, scale: ColourScale) -> None:
        """Show another scale."""
        if scale != self._scale:
            self._scale = scale
            low, high = tick_text(scale.low), tick_text(scale.high)
            self.setAccessibleDescription(f"Colours run from {low} to {high}, {scale.kind}.")
            self.update()

    def mark(self, number: float | None) -> None:
        """Point at the place of a number."""
        if number != self._marked:
            self._marked = number
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale = self._scale
        bar = QRectF(6, EDGE, BAR, self.height() - 2 * EDGE)
        table = colour_table(theme(), diverging=scale.diverging)
        steps = max(int(bar.height()), 1)
        for at in range(steps):
            place = round((1 - at / steps) * 255)
            painter.fillRect(QRectF(bar.left(), bar.top() + at, BAR, 1.5), int(table[place]))
        painter.setFont(mono_font(11))
        for number, y in self._places(bar):
            painter.setPen(theme().line)
            painter.drawLine(int(bar.right()), round(y), int(bar.right()) + 4, round(y))
            painter.setPen(theme().muted)
            box = QRectF(bar.right() + 7, y - 8, self.width() - bar.right() - 7, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, tick_text(number))
        if self._marked is not None and np.isfinite(self._marked):
            y = self._height_of(self._marked, bar)
            painter.setPen(theme().current)
            painter.drawRect(QRectF(bar.left() - 2, y - 2, BAR + 4, 4))

    def _places(self, bar: QRectF) -> list[tuple[float, float]]:
        """Ticks and their heights; of those that would overlap, zero and the largest stay."""
        found: list[tuple[float, float]] = []
        for number in sorted(self._ticks(), key=lambda n: (n != 0, -abs(n))):
            y = self._height_of(number, bar)
            if all(abs(y - other) >= TEXT for _, other in found):
                found.append((number, y))
        return found

    def _ticks(self) -> list[float]:
        scale = self._scale
        if scale.kind == "log":
            top = max(abs(scale.low), abs(scale.high)) or 1.0
            first = math.floor(math.log10(top))
            up = [10.0**power for power in range(first, first - DECADES, -1)]
            return [*up, 0.0, *(-number for number in reversed(up))] if scale.diverging else up
        return ticks(scale.low, scale.high, max(self.height() // 60, 2))

    def _height_of(self, number: float, bar: QRectF) -> float:
        unit = float(self._scale.unit(np.array([number]))[0])
        share = (unit + 1) / 2 if self._scale.diverging else unit
        return bar.bottom() - share * bar.height()
