"""The whole picture in a corner, with the part in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from explorer.ui.theme import theme
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.colours import graph_colours
from explorer.ui.widgets.graph.paint_far import paint_density, paint_plain_lines, paint_rectangles
from explorer.ui.widgets.graph.picture import Picture

WIDEST, TALLEST, SLIMMEST = 150.0, 260.0, 46.0
SHARE_WIDE, SHARE_HIGH = 0.28, 0.5
"""Most of the widget around it that it covers."""
ENOUGH = 0.65
"""With so much of the picture in view nobody needs a map of it."""


class GraphMinimap(QWidget):
    """Painted once for each picture; a click or a drag asks to look elsewhere."""

    looked = Signal(float, float)
    """A point of the picture that should come into the middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setAccessibleName("Minimap of the graph")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture: Picture | None = None
        self._camera = Camera()
        self._view = QRectF()
        self._painted: QPixmap | None = None
        self.hide()

    def show_picture(self, picture: Picture) -> None:
        """Show another picture, in a size that suits its shape."""
        self._picture, self._painted = picture, None
        left, top, right, bottom = picture.scene.bounds
        wide, high = max(right - left, 1.0), max(bottom - top, 1.0)
        room = self._around.size()
        widest, tallest = room.width() * SHARE_WIDE, room.height() * SHARE_HIGH
        scale = max(min(WIDEST, widest) / wide, 1e-6)
        scale = min(scale, max(min(TALLEST, tallest), 40.0) / high)
        self.resize(round(max(wide * scale, SLIMMEST)) + 8, round(max(high * scale, 40)) + 8)
        camera = self._camera
        camera.width, camera.height = self.width(), self.height()
        camera.scale = scale
        camera.x = (left + right) / 2 - camera.width / 2 / scale
        camera.y = (top + bottom) / 2 - camera.height / 2 / scale

    def show_view(self, view: tuple[float, float, float, float]) -> None:
        """Mark the part in view; hidden while that is nearly everything."""
        left, top = self._camera.to_screen(view[0], view[1])
        right, bottom = self._camera.to_screen(view[2], view[3])
        self._view = QRectF(left, top, right - left, bottom - top)
        bounds = self._picture.scene.bounds if self._picture is not None else (0, 0, 0, 0)
        wide = min(bounds[2], view[2]) - max(bounds[0], view[0])
        high = min(bounds[3], view[3]) - max(bounds[1], view[1])
        whole = max((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]), 1.0)
        inside = max(wide, 0.0) * max(high, 0.0) >= ENOUGH * whole
        self.setVisible(not inside and self._picture is not None)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew in the colours of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._painted = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and a frame around what is in view."""
        look = theme()
        painter = QPainter(self)
        if self._painted is None or self._painted.size() != self.size() * self.devicePixelRatio():
            self._painted = self._paint_picture()
        painter.drawPixmap(0, 0, self._painted)
        seen = self._view.intersected(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        if seen.height() < 4:
            seen.adjust(0, -2, 0, 2)
        tint = look.accent.toRgb()
        tint.setAlpha(36)
        painter.setPen(QPen(look.accent, 1.4))
        painter.setBrush(tint)
        painter.drawRect(seen)
        painter.end()

    def _paint_picture(self) -> QPixmap:
        look, ink = theme(), graph_colours()
        pixmap = QPixmap(self.size() * self.devicePixelRatio())
        pixmap.setDevicePixelRatio(self.devicePixelRatio())
        pixmap.fill(look.panel)
        painter = QPainter(pixmap)
        if self._picture is not None:
            if self._camera.scale * self._picture.folded.faces.spacing.box_height < 1.5:
                paint_density(painter, self._camera, self._picture, ink)
            else:
                boxes = self._picture.boxes_in(self._camera.view())
                pieces = self._picture.segments_in(self._camera.view())
                paint_plain_lines(painter, self._camera, self._picture, pieces, ink)
                paint_rectangles(painter, self._camera, self._picture, boxes, ink)
        painter.setPen(QPen(look.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
        return pixmap

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at what was clicked."""
        self._look(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look(event)

    def _look(self, event: QMouseEvent) -> None:
        x, y = self._camera.to_picture(event.position().x(), event.position().y())
        self.looked.emit(x, y)
        event.accept()
