"""The last frame of a picture that is panned: moved, and painted only where something came in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from explorer.ui.widgets.graph.camera import Camera, Rect

Draw = Callable[[QPainter, Camera], None]
"""Paints what a camera sees, background and all; the painter is clipped to that."""

Shown = tuple[object, ...]
"""All that a frame depends on besides the camera; the very same objects make the same frame."""


class Layer:
    """Holds a frame while the picture is only moved by whole pixels."""

    def __init__(self) -> None:
        self._frame: QPixmap | None = None
        self._shown: Shown = ()
        self._camera = Camera()
        self._ratio = 1.0

    def forget(self) -> None:
        """Hold nothing."""
        self._frame, self._shown = None, ()

    def holds(self, camera: Camera, ratio: float, shown: Shown) -> bool:
        """Whether the frame held is the one wanted, not even moved."""
        return self._way(camera, ratio, shown) == (0, 0)

    def paint(
        self, painter: QPainter, camera: Camera, ratio: float, shown: Shown, draw: Draw
    ) -> None:
        """Paint what a camera sees on a screen with ``ratio`` device pixels for one, a whole
        number."""
        way = self._way(camera, ratio, shown)
        if way is None or self._frame is None:
            way = None
            self._frame = QPixmap(int(camera.width * ratio), int(camera.height * ratio))
            self._frame.setDevicePixelRatio(ratio)
        parts = [camera.whole] if way is None else _come_in(camera.whole, *way)
        if way is not None and parts:
            across, down = (int(pixels * ratio) for pixels in way)
            self._frame.scroll(across, down, self._frame.rect())
        for part in parts:
            inside = QPainter(self._frame)
            inside.setClipRect(QRectF(part[0], part[1], part[2] - part[0], part[3] - part[1]))
            draw(inside, camera.part(part))
            inside.end()
        self._camera, self._ratio, self._shown = camera.part(camera.whole), ratio, shown
        painter.drawPixmap(0, 0, self._frame)

    def _way(self, camera: Camera, ratio: float, shown: Shown) -> tuple[int, int] | None:
        """By how many pixels the frame held is to be moved, None where that does not do."""
        before = self._camera
        if self._frame is None or ratio != self._ratio or camera.scale != before.scale:
            return None
        if camera.whole != before.whole or len(shown) != len(self._shown):
            return None
        if any(one is not other for one, other in zip(shown, self._shown, strict=True)):
            return None
        across = (before.x - camera.x) * camera.scale
        down = (before.y - camera.y) * camera.scale
        near = abs(across - round(across)) < 1e-3 and abs(down - round(down)) < 1e-3
        inside = abs(across) < camera.width and abs(down) < camera.height
        return (round(across), round(down)) if near and inside else None


def _come_in(whole: Rect, across: int, down: int) -> list[Rect]:
    """The parts of a widget that a picture moved by so much leaves to be painted."""
    left, top, right, bottom = whole
    parts = []
    if down > 0:
        parts.append((left, top, right, top + down))
    elif down < 0:
        parts.append((left, bottom + down, right, bottom))
    if across > 0:
        parts.append((left, top, left + across, bottom))
    elif across < 0:
        parts.append((right + across, top, right, bottom))
    return parts
