"""A graph to look at: one widget that paints what is in view and nothing else.

It knows pictures, not programs. Nodes and edges are rows of the graph's columns; what is chosen,
hovered and opened is told by signals, and who owns the widget hands in the next picture.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.model.graph_scene import Role
from explorer.model.graph_texts import GraphMarks
from explorer.model.graph_walk import Paths, all_paths
from explorer.ui.widgets.graph_camera import Camera
from explorer.ui.widgets.graph_minimap import GraphMinimap
from explorer.ui.widgets.graph_painting import GraphPainter
from explorer.ui.widgets.graph_picture import Picture
from explorer.ui.widgets.graph_steps import Walker

READABLE = 0.62
"""Least scale at which a graph is first shown; what does not fit then is scrolled to."""

DRAG_FROM = 4
Describe = Callable[[int, int, int], str]
"""Words for the node, edge or group (rows; -1: not that) under the pointer."""


class GraphView(QWidget):
    """Pan with the mouse or the wheel, zoom with Ctrl and the wheel, walk with the arrow keys."""

    node_chosen = Signal(int)
    edge_chosen = Signal(int)
    fold_wanted = Signal(int, bool)
    """A group, and whether it should be open."""
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Graph")
        self.camera = Camera()
        self.picture: Picture | None = None
        self.marks = GraphMarks()
        self.chosen = -1
        self.paths: Paths | None = None
        self.wheel_zooms = False
        self.describe: Describe | None = None
        self._painter = GraphPainter()
        self._walker: Walker | None = None
        self._hovered = -1
        self._pressed: QPointF | None = None
        self._dragged = False
        self._minimap = GraphMinimap(self)
        self._minimap.looked.connect(self._look_at)

    # -- what is shown ---------------------------------------------------------------------------

    def show_picture(self, picture: Picture | None, *, anchor: int = -1, fit: bool = False) -> None:
        """Show another picture.

        The box of node ``anchor`` stays where it is in the widget, if it was in view; ``fit``
        shows the picture as it is first shown.
        """
        before = self._anchor_place(anchor)
        chosen = self.chosen_node()
        self.picture = picture
        self._hovered, self._walker, self.paths = -1, None, None
        self.chosen = -1
        if picture is not None:
            self._walker = Walker(picture)
            self._minimap.show_picture(picture)
            if chosen >= 0 and chosen < len(picture.scene.shown):
                self.chosen = int(picture.scene.shown[chosen])
            if fit or before is None:
                self.fit_first()
            else:
                self._restore(anchor, before)
        self._moved()

    def set_marks(self, marks: GraphMarks) -> None:
        """Show another moment on the same picture."""
        self.marks = marks
        self.update()

    def chosen_node(self) -> int:
        """The node of the chosen box (-1: none); of a closed group its first node."""
        if self.picture is None or self.chosen < 0:
            return -1
        scene = self.picture.scene
        group = int(scene.group[self.chosen])
        if group >= 0:
            folded = self.picture.folded
            return int(folded.skeleton.order[folded.groups.start[group]])
        return int(scene.node[self.chosen])

    def choose_node(self, node: int, *, show: bool = True) -> None:
        """Mark the box of a node and bring it into view; nothing is emitted."""
        if self.picture is None:
            return
        self.chosen = int(self.picture.scene.shown[node]) if node >= 0 else -1
        if show and self.chosen >= 0:
            self.camera.show(*self.picture.middle(self.chosen))
        self._moved()

    def highlight(self, one: int, other: int) -> bool:
        """Light up all paths between two nodes; tells whether there is one."""
        if self.picture is None:
            return False
        paths = all_paths(self.picture.folded.skeleton.graph, one, other)
        self.paths = paths if paths.found else None
        self.update()
        return paths.found

    def forget_highlight(self) -> None:
        """Take the lit paths away."""
        self.paths = None
        self.update()

    # -- where to look ---------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all of the picture."""
        if self.picture is not None:
            self.camera.fit(self.picture.scene.bounds)
            self._moved()

    def fit_first(self) -> None:
        """Show all of the picture, or its top where it would be too small to be read."""
        if self.picture is not None:
            self.camera.fit_width(self.picture.scene.bounds, READABLE)
            self._moved()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a place, or around what is chosen, or the middle."""
        if at is None:
            at = QPointF(self.width() / 2, self.height() / 2)
            if self.picture is not None and self.chosen >= 0:
                place = QPointF(*self.camera.to_screen(*self.picture.middle(self.chosen)))
                at = place if self.rect().contains(place.toPoint()) else at
        self.camera.zoom(factor, at.x(), at.y())
        self._moved()

    def _look_at(self, x: float, y: float) -> None:
        self.camera.centre(x, y)
        self._moved()

    def _moved(self) -> None:
        self._minimap.show_view(self.camera.view())
        self.update()
        self.view_changed.emit()

    def _anchor_place(self, node: int) -> tuple[float, float] | None:
        """Where the box or frame of a node is in the widget."""
        if self.picture is None:
            return None
        at = self._place_of(node)
        return None if at is None else self.camera.to_screen(*at)

    def _place_of(self, node: int) -> tuple[float, float] | None:
        """The middle of the upper edge of a node's box; without a node the picture's origin."""
        assert self.picture is not None
        scene = self.picture.scene
        if node < 0:
            return 0.0, 0.0
        if node >= len(scene.shown) or scene.shown[node] < 0:
            return None
        left, top, width, _ = scene.box[scene.shown[node]].tolist()
        return left + width / 2, top

    def _restore(self, node: int, before: tuple[float, float]) -> None:
        at = self._place_of(node)
        if at is not None:
            now = self.camera.to_screen(*at)
            self.camera.move(before[0] - now[0], before[1] - now[1])

    # -- events ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is in view."""
        self._painter.paint(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle of the upper edge where it is."""
        camera = self.camera
        first = camera.width <= 1
        camera.x -= (self.width() - camera.width) / 2 / camera.scale
        camera.width, camera.height = float(self.width()), float(self.height())
        self._minimap.move(self.width() - self._minimap.width() - 10, 10)
        if first:
            self.fit_first()
        self._moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom with Ctrl; the other way round with ``wheel_zooms``."""
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        if held != self.wheel_zooms:
            self.zoom(1.0015 ** float(event.angleDelta().y()), event.position())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.camera.move(delta.y() or delta.x(), 0)
            self._moved()
        else:
            self.camera.move(delta.x(), delta.y())
            self._moved()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture, or say what is under the pointer."""
        if self._pressed is not None:
            way = event.position() - self._pressed
            if self._dragged or way.manhattanLength() >= DRAG_FROM:
                self._dragged = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.camera.move(way.x(), way.y())
                self._pressed = event.position()
                self._moved()
            return
        box, line, title = self.under(event.position())
        over = box if box >= 0 else -1
        if over != self._hovered:
            self._hovered = over
            self.update()
        hand = box >= 0 or line >= 0 or title >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked; a click on a group opens or closes it."""
        pressed, self._pressed = self._pressed, None
        self.unsetCursor()
        if pressed is None or self._dragged or self.picture is None:
            return
        box, line, title = self.under(event.position())
        if box >= 0:
            add = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.choose_box(box, to_path=add)
            if self.picture.scene.group[box] >= 0 and not add:
                self.toggle(box)
        elif title >= 0:
            self.fold_wanted.emit(title, False)
        elif line >= 0:
            self.edge_chosen.emit(int(self.picture.scene.line_edge[line]))
        else:
            self.chosen = -1
            self.forget_highlight()

    def event(self, event: QEvent) -> bool:
        """Tool tips."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, open and close, zoom; see `graph_keys`."""
        from explorer.ui.widgets.graph_keys import press

        if not press(self, event):
            super().keyPressEvent(event)

    # -- choosing ----------------------------------------------------------------------------------

    @property
    def hovered(self) -> int:
        """The box under the pointer (-1: none)."""
        return self._hovered

    @property
    def walker(self) -> Walker | None:
        """Where the arrow keys lead."""
        return self._walker

    def under(self, place: QPointF) -> tuple[int, int, int]:
        """Box, line and open group's title under a place of the widget (-1: none)."""
        if self.picture is None:
            return -1, -1, -1
        x, y = self.camera.to_picture(place.x(), place.y())
        slack = 3 / self.camera.scale
        box = self.picture.box_at(x, y, slack if self.camera.scale < 0.3 else 0.0)
        if box >= 0:
            return box, -1, -1
        title = self.picture.frame_title_at(x, y)
        line = self.picture.line_at(x, y, slack * 1.5) if self.camera.scale > 0.15 else -1
        return -1, line, title if line < 0 else -1

    def choose_box(self, box: int, *, to_path: bool = False) -> None:
        """Choose a box; ``to_path`` lights up the paths from what was chosen before instead."""
        assert self.picture is not None
        before = self.chosen_node()
        if to_path and before >= 0:
            kept, self.chosen = self.chosen, box
            now = self.chosen_node()
            self.chosen = kept
            if now >= 0:
                self.highlight(before, now)
            return
        self.chosen = box
        self.paths = None
        self.camera.show(*self.picture.middle(box))
        self._moved()
        scene = self.picture.scene
        if scene.edge[box] >= 0:
            self._follow_reference(box)
        elif scene.node[box] >= 0:
            self.node_chosen.emit(int(scene.node[box]))

    def toggle(self, box: int) -> None:
        """Ask to open the closed group that a box is."""
        assert self.picture is not None
        group = int(self.picture.scene.group[box])
        if group >= 0:
            self.fold_wanted.emit(group, True)

    def fold_around(self) -> None:
        """Ask to close the innermost open group around what is chosen."""
        node = self.chosen_node()
        if self.picture is None or node < 0:
            return
        folded = self.picture.folded
        place = int(folded.skeleton.place[node])
        if place < 0:
            users = folded.skeleton.docks.user[(folded.skeleton.docks.boxes == node).any(axis=1)]
            place = int(folded.skeleton.place[users[0]]) if len(users) else -1
        open_ones = (
            [g for g in folded.groups.holders(place) if g in folded.open] if place >= 0 else []
        )
        if len(open_ones) > 1:
            self.fold_wanted.emit(open_ones[-1], False)

    def _follow_reference(self, box: int) -> None:
        """Jump to the other end of the edge that a reference stands for."""
        assert self.picture is not None
        scene, graph = self.picture.scene, self.picture.folded.skeleton.graph
        edge = int(scene.edge[box])
        ends = graph.target if scene.role[box] == Role.TO else graph.source
        other = int(scene.shown[ends[edge]])
        self.chosen = other
        self.camera.centre(*self.picture.middle(other))
        self._moved()
        if scene.node[other] >= 0:
            self.node_chosen.emit(int(scene.node[other]))

    def _show_tip(self, place: QPoint, where: QPoint) -> None:
        box, line, title = self.under(QPointF(place))
        if self.picture is None or self.describe is None:
            return
        scene = self.picture.scene
        node = int(scene.node[box]) if box >= 0 else -1
        edge = int(scene.line_edge[line]) if line >= 0 else -1
        if box >= 0 and scene.edge[box] >= 0:
            edge = int(scene.edge[box])
        group = int(scene.group[box]) if box >= 0 else title
        words = self.describe(node, edge, group) if np.max([node, edge, group]) >= 0 else ""
        QToolTip.showText(where, words, self)
