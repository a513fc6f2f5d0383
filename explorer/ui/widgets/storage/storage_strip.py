"""A storage as a row of cells in the order of their addresses, wrapped where it is long."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from explorer.ui.widgets.storage.strip_geometry import moved
from explorer.ui.widgets.storage.strip_view import StripView


class StorageStrip(StripView):
    """Arrow keys, Home, End and the page keys move the current place; + and - zoom, B shows bytes.

    A double click zooms in.
    """

    place_chosen = Signal(object)
    """A place, in cells, that was clicked or reached by key; int of any size."""
    place_hovered = Signal(object)
    """The place under the pointer, None when there is none."""

    def cell_at(self, position: QPointF) -> int | None:
        """The cell under a point of the viewport."""
        geometry, first = self.geometry_now(), self.verticalScrollBar().value()
        if position.y() >= self.rows_in_view(geometry) * geometry.row_height:
            return None
        return geometry.cell_at(position.x(), position.y(), first)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.cell_at(event.position())
        if place != self.hovered:
            self.set_hovered(place)
            self.place_hovered.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        self.set_hovered(None)
        self.place_hovered.emit(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.cell_at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.place_chosen.emit(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.cell_at(event.position())
        if place is not None and not self.zoom.text:
            self.place_chosen.emit(place)
            self.zoom_by(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(-1 if event.angleDelta().y() > 0 else 1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        page = self.verticalScrollBar().pageStep()
        wanted = moved(self.geometry_now(), self.current or 0, key, page)
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom_by(1 if event.key() == Qt.Key.Key_Minus else -1)
        elif event.key() == Qt.Key.Key_B:
            self.set_bytes_shown(not self.bytes_shown)
        elif wanted is not None:
            self.place_chosen.emit(wanted)
        else:
            super().keyPressEvent(event)
