"""A graph to look at: one widget that paints what is in view and nothing else.

It knows pictures, not programs. Nodes and edges are rows of the graph's columns; what is chosen,
hovered and opened is told by signals, and who owns the widget hands in the next picture.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.model.graph.texts import GraphMarks
from explorer.model.graph.walk import Paths, all_paths
from explorer.ui.theme import theme
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.keys import GraphKeys
from explorer.ui.widgets.graph.layer import Layer
from explorer.ui.widgets.graph.mouse import GraphMouse
from explorer.ui.widgets.graph.painting import GraphPainter, Looked, paint_choice
from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.stage import GraphStage
from explorer.ui.widgets.graph.steps import Walker

Describe = Callable[[int, int, int], str]
"""Words for the node, edge or group (rows; -1: not that) under the pointer."""


class GraphView(GraphStage):
    """Pan with the mouse or the wheel, zoom with Ctrl and the wheel, walk with the arrow keys."""

    node_chosen = Signal(int)
    edge_chosen = Signal(int)
    fold_wanted = Signal(int, bool)
    """A group, and whether it should be open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Every frame is filled whole, so nothing needs to be filled before it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Graph")
        self.marks = GraphMarks()
        self.paths: Paths | None = None
        self.wheel_zooms = False
        self.describe: Describe | None = None
        self._painter = GraphPainter()
        self._layer = Layer()
        self._is_panned = False
        self._walker: Walker | None = None
        self._hovered = -1
        self._mouse = GraphMouse(self)
        self._keys = GraphKeys(self)

    # -- what is shown ---------------------------------------------------------------------------

    def show_picture(
        self, picture: Picture | None, *, anchor: tuple[int, int] = (-1, -1), fit: bool = False
    ) -> None:
        """Show another picture.

        ``anchor`` is a node of the old picture and the same node in the new one: its box stays
        where it is in the widget; without one the origin of the picture does. ``fit`` shows the
        picture as it is first shown.
        """
        at = self.picture.upper_edge(anchor[0]) if self.picture is not None else None
        before = None if at is None else self.camera.to_screen(*at)
        chosen = self.chosen_node() if anchor[0] == anchor[1] else -1
        self.picture = picture
        self._hovered, self._walker, self.paths = -1, None, None
        self.chosen = -1
        if picture is not None:
            if chosen >= 0 and chosen < len(picture.scene.shown):
                self.chosen = int(picture.scene.shown[chosen])
            if not fit and before is not None:
                self.restore(anchor[1], before)
            self.map_picture(picture, fit=fit or before is None)
        else:
            self.moved()

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
        if show and self.chosen >= 0 and self.camera.show(*self.picture.middle(self.chosen)):
            self.place_minimap()
        self.moved()

    def bring_into_view(self, node: int) -> None:
        """Move the picture so that the box of a node can be seen; it is not chosen."""
        if self.picture is None or not 0 <= node < len(self.picture.scene.shown):
            return
        box = int(self.picture.scene.shown[node])
        if box >= 0:
            self.camera.show(*self.picture.middle(box))
            self.moved()

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

    # -- events ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """What is in view."""
        painter = QPainter(self)
        ratio, camera = self.devicePixelRatioF(), self.camera
        shown = (self.picture, self.marks, self.paths, theme())
        if self._is_panned or self._layer.holds(camera, ratio, shown):
            self._layer.paint(painter, camera, ratio, shown, self._draw)
        else:
            self._layer.forget()
            self._draw(painter, camera)
        self._is_panned = False
        if self.picture is not None and len(self.picture.scene.box):
            paint_choice(painter, camera, self.picture, self._looked)
        if self.hasFocus():
            painter.setPen(theme().accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _draw(self, painter: QPainter, camera: Camera) -> None:
        painter.fillRect(self.rect(), theme().background)
        if self.picture is not None and len(self.picture.scene.box):
            self._painter.paint(painter, camera, self.picture, self._looked)

    @property
    def _looked(self) -> Looked:
        return Looked(self.marks, self._hovered, self.chosen, self.paths)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many pixels; what stays in view is not painted again."""
        # A card may grow far over its place, and a frame of cards is soon painted.
        cards = self.picture is not None and self.picture.cards
        self._is_panned = self.devicePixelRatioF().is_integer() and not cards
        super().pan(dx, dy)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll or zoom; see `graph_mouse`."""
        self._mouse.turn(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click or a drag begins."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture, or say what is under the pointer."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked."""
        self._mouse.release(event)

    def event(self, event: QEvent) -> bool:
        """Tool tips."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, open and close, zoom; see `graph_keys`."""
        if not self._keys.press(event):
            super().keyPressEvent(event)

    # -- choosing ----------------------------------------------------------------------------------

    def hover(self, box: int) -> None:
        """Another box is under the pointer (-1: none)."""
        if box != self._hovered:
            self._hovered = box
            self.update()

    def forget_choice(self) -> None:
        """Choose nothing."""
        self.chosen = -1
        self.forget_highlight()

    @property
    def walker(self) -> Walker | None:
        """Where the arrow keys lead."""
        if self._walker is None and self.picture is not None:
            self._walker = Walker(self.picture)
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
        self.moved()
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

    def _follow_reference(self, box: int) -> None:
        """Jump to the other end of the edge that a reference stands for."""
        assert self.picture is not None
        self.chosen = self.picture.other_end(box)
        self.camera.centre(*self.picture.middle(self.chosen))
        self.moved()
        node = int(self.picture.scene.node[self.chosen])
        if node >= 0:
            self.node_chosen.emit(node)

    def _show_tip(self, place: QPoint, where: QPoint) -> None:
        if self.picture is None or self.describe is None:
            return
        box, line, title = self.under(QPointF(place))
        node, edge, group = self.picture.told(box, line, title)
        words = self.describe(node, edge, group) if max(node, edge, group) >= 0 else ""
        QToolTip.showText(where, words, self)
