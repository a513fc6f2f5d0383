"""The mouse on a graph."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from explorer.ui.widgets.graph.hand import Handled

DRAG_FROM = 4
"""Pixels from which a press is a drag, not a click."""

WHEEL_ZOOM = 1.0015
"""Zoom for each eighth of a degree that the wheel is turned."""


class GraphMouse:
    """Dragging pans; a click chooses, opens or closes; the wheel scrolls, with Ctrl it zooms."""

    def __init__(self, view: Handled) -> None:
        self._view = view
        self._pressed: QPointF | None = None
        self._dragged = False

    def turn(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with Ctrl; the other way round with ``wheel_zooms``."""
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        if held != self._view.wheel_zooms:
            self._view.zoom(WHEEL_ZOOM ** float(event.angleDelta().y()), event.position())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._view.pan(delta.y() or delta.x(), 0)
        else:
            self._view.pan(delta.x(), delta.y())
        event.accept()

    def press(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        self._pressed, self._dragged = event.position(), False

    def move(self, event: QMouseEvent) -> None:
        """Drag the picture, or say what is under the pointer."""
        if self._pressed is not None:
            way = event.position() - self._pressed
            if self._dragged or way.manhattanLength() >= DRAG_FROM:
                self._dragged = True
                self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._view.pan(way.x(), way.y())
                self._pressed = event.position()
            return
        box, line, title = self._view.under(event.position())
        self._view.hover(box)
        over = max(box, line, title) >= 0
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self._view.setCursor(shape)

    def release(self, event: QMouseEvent) -> None:
        """Choose what was clicked; a click on a group opens or closes it; Shift lights paths."""
        pressed, self._pressed = self._pressed, None
        self._view.unsetCursor()
        picture = self._view.picture
        if pressed is None or self._dragged or picture is None:
            return
        box, line, title = self._view.under(event.position())
        if box >= 0:
            to_path = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._view.choose_box(box, to_path=to_path)
            if not to_path:
                self._view.toggle(box)
        elif title >= 0:
            self._view.fold_wanted.emit(title, False)
        elif line >= 0:
            self._view.edge_chosen.emit(int(picture.scene.line_edge[line]))
        else:
            self._view.forget_choice()
