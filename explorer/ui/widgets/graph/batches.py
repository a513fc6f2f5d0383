"""Thousands of rectangles and lines in one call of the painter, without an object for each.

Qt's calls take an array in memory. One buffer of numbers for each kind of shape is wrapped once
and lives as long as the process: a wrapper must never outlive its memory, and Shiboken keeps one
wrapper for an address.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter

CAPACITY = 8192
"""Shapes handed over in one call."""

Shapes = NDArray[np.float64]
"""Rows of four numbers: left, top, width, height or x, y, x, y."""


class _Buffer:
    """Memory that Qt takes for an array of one of its classes."""

    def __init__(self, kind: type[Any]) -> None:
        self.kind = kind
        self.numbers = np.zeros((CAPACITY, 4))
        self.wrapped = shiboken6.wrapInstance(self.numbers.ctypes.data, kind)
        self.sound = self._is_sound()

    def _is_sound(self) -> bool:
        """Whether Qt reads the numbers that are in the buffer, in the order expected."""
        self.numbers[0] = (1.5, 2.5, 30.0, 40.0)
        found: Any = self.wrapped
        names = ("x", "y", "width", "height") if self.kind is QRectF else ("x1", "y1", "x2", "y2")
        return [getattr(found, name)() for name in names] == [1.5, 2.5, 30.0, 40.0]


_BUFFERS: dict[type[Any], _Buffer] = {}


def _buffer(kind: type[Any]) -> _Buffer:
    found = _BUFFERS.get(kind)
    if found is None:
        found = _BUFFERS[kind] = _Buffer(kind)
    return found


def draw_rects(painter: QPainter, rects: Shapes, *, one_by_one: bool = False) -> None:
    """Draw rectangles (n, 4) with the painter's pen and brush; ``one_by_one`` makes an object
    for each, as is done where Qt's memory layout is not the one expected."""
    _draw(painter.drawRects, QRectF, rects, one_by_one)


def draw_lines(painter: QPainter, lines: Shapes, *, one_by_one: bool = False) -> None:
    """Draw lines (n, 4) with the painter's pen; ``one_by_one`` as in `draw_rects`."""
    _draw(painter.drawLines, QLineF, lines, one_by_one)


def _draw(call: Any, kind: type[Any], shapes: Shapes, one_by_one: bool) -> None:
    if len(shapes) == 0:
        return
    buffer = _buffer(kind)
    if one_by_one or not buffer.sound:
        call([kind(*row) for row in shapes.tolist()])
        return
    for start in range(0, len(shapes), CAPACITY):
        part = shapes[start : start + CAPACITY]
        buffer.numbers[: len(part)] = part
        call(buffer.wrapped, len(part))
