"""The part of a graph's widget that knows where one looks: camera, minimap, fit and zoom."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from explorer.ui.widgets.graph.camera import Camera, Place
from explorer.ui.widgets.graph.minimap import GraphMinimap
from explorer.ui.widgets.graph.picture import Picture

READABLE = 0.62
"""Least scale at which a graph is first shown; what does not fit then is scrolled to."""

EDGE = 10
"""Pixels between the minimap and the borders."""


class GraphStage(QWidget):
    """Holds a picture and shows a part of it."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = Camera()
        self.picture: Picture | None = None
        self.chosen = -1
        self._fitted: tuple[Callable[[], None], Place] | None = None
        self._minimap = GraphMinimap(self)
        self._minimap.looked.connect(self._look_at)

    def fit(self) -> None:
        """Show all of the picture."""
        if self.picture is not None:
            self.camera.fit(self.picture.bounds)
            self.place_minimap()
            self.moved()
            self._fitted = self.fit, self.camera.place

    def fit_first(self) -> None:
        """Show all of the picture, or its top where it would be too small to be read."""
        if self.picture is not None:
            self.camera.fit_width(self.picture.bounds, READABLE)
            self.moved()
            right = self.camera.to_screen(self.picture.bounds[2], 0)[0]
            taken = self._minimap.width() + EDGE
            if self._minimap.isVisibleTo(self) and right > self.width() - taken:
                self.camera.width -= taken
                self.camera.fit_width(self.picture.bounds, READABLE)
                self.camera.width += taken
            self.place_minimap()
            self.moved()
            self._fitted = self.fit_first, self.camera.place

    def fit_if_hidden(self) -> None:
        """Show all of the picture if some of it is out of view."""
        if self.picture is None:
            return
        left, top, right, bottom = self.camera.view()
        bounds = self.picture.bounds
        if bounds[0] < left or bounds[1] < top or bounds[2] > right or bounds[3] > bottom:
            self.fit_first()

    def fit_if_lost(self) -> None:
        """Show the picture as it is first shown if none of its boxes is in view."""
        if self.picture is not None and not len(self.picture.boxes_in(self.camera.view())):
            self.fit_first()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a place, or around what is chosen, or the middle."""
        if at is None:
            at = QPointF(self.width() / 2, self.height() / 2)
            if self.picture is not None and self.chosen >= 0:
                place = QPointF(*self.camera.to_screen(*self.picture.middle(self.chosen)))
                at = place if self.rect().contains(place.toPoint()) else at
        self.camera.zoom(factor, at.x(), at.y())
        self.moved()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many pixels."""
        self.camera.move(dx, dy)
        self.moved()

    def _look_at(self, x: float, y: float) -> None:
        self.camera.centre(x, y)
        self.moved()

    def map_picture(self, picture: Picture, *, fit: bool = False) -> None:
        """Show another picture in the minimap; ``fit`` looks at it as it is first shown."""
        self._minimap.show_picture(picture)
        if fit:
            self.fit_first()
        else:
            self.place_minimap()
            self.moved()

    def place_minimap(self) -> None:
        """In the corner where it covers the fewest boxes."""
        right = self.width() - self._minimap.width() - EDGE
        below = self.height() - self._minimap.height() - EDGE
        corners = [(right, EDGE), (EDGE, EDGE), (right, below), (EDGE, below)]
        best, fewest = corners[0], self._covered(corners[0])
        for corner in corners[1:]:
            if fewest and (covered := self._covered(corner)) < fewest:
                best, fewest = corner, covered
        self._minimap.move(*best)

    def _covered(self, corner: tuple[int, int]) -> int:
        if self.picture is None:
            return 0
        size = self._minimap.size()
        left, top = self.camera.to_picture(*corner)
        right, bottom = self.camera.to_picture(corner[0] + size.width(), corner[1] + size.height())
        return len(self.picture.boxes_in((left, top, right, bottom)))

    def moved(self) -> None:
        """Another part is in view."""
        self._minimap.show_view(self.camera.view())
        self.update()
        self.view_changed.emit()

    def restore(self, node: int, before: tuple[float, float]) -> None:
        """Bring a node back to its old place in the widget."""
        at = self.picture.upper_edge(node) if self.picture is not None else None
        if at is not None:
            now = self.camera.to_screen(*at)
            self.camera.move(before[0] - now[0], before[1] - now[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit anew what is as it was fitted; else keep the middle of the upper edge where it is."""
        camera = self.camera
        first = camera.width <= 1
        fitted = self._fitted is not None and self._fitted[1] == camera.place
        camera.x -= (self.width() - camera.width) / 2 / camera.scale
        camera.width, camera.height = float(self.width()), float(self.height())
        if self.picture is None:
            self.moved()
            return
        self.map_picture(self.picture, fit=first)
        if fitted and not first and self._fitted is not None:
            self._fitted[0]()
