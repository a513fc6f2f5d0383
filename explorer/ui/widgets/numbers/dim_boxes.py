"""The dimensions of a tensor as boxes to drag; neighbours that cannot merge are marked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.model.layout.contiguity import Straddle
from explorer.model.strides import Layout
from explorer.ui.theme import mono_font, theme, ui_font

WIDTH, GAP, TOP, HEIGHT, FOOT = 64.0, 18.0, 4.0, 40.0, 18.0
_MIDDLE = Qt.AlignmentFlag.AlignCenter


class DimBoxes(QWidget):
    """Left and right choose a dimension; with Ctrl they move it, with Shift they merge it."""

    order_wanted = Signal(object)
    """A tuple: the dimensions in the order in which they were put."""
    merge_wanted = Signal(int)
    """Merge this dimension with the one to its right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = Layout((), (), 0)
        self._straddle: Straddle | None = None
        self._chosen = 0
        self._dragged: int | None = None
        self._pointer = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Dimensions")

    def sizeHint(self) -> QSize:
        return QSize(int(8 * (WIDTH + GAP)), int(TOP + HEIGHT + FOOT))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, int(TOP + HEIGHT + FOOT))

    def show_layout(self, layout: Layout, straddle: Straddle | None = None) -> None:
        """Show the dimensions of a layout, and between which two a view is impossible."""
        self._layout, self._straddle = layout, straddle
        self._chosen = max(0, min(self._chosen, layout.ndim - 1))
        self._dragged = None
        self.setAccessibleDescription(self.sentence())
        self.update()

    def sentence(self) -> str:
        """The boxes in words."""
        if not self._layout.ndim:
            return "No dimensions: a single number."
        told = ", ".join(
            f"dimension {dim}: size {size}, stride {stride}"
            for dim, (size, stride) in enumerate(
                zip(self._layout.shape, self._layout.stride, strict=True)
            )
        )
        if self._straddle is not None:
            told += f"; dimensions {self._straddle.left} and {self._straddle.right} cannot merge"
        return told + "."

    # Gestures.

    def _pitch(self) -> float:
        """From box to box; narrower when there are too many for the width."""
        return min(WIDTH + GAP, max(self.width() / max(self._layout.ndim, 1), 34.0))

    def _rect(self, dim: int) -> QRectF:
        return QRectF(2 + dim * self._pitch(), TOP, self._pitch() - GAP, HEIGHT)

    def dim_at(self, position: QPointF) -> int | None:
        """The box under a point."""
        for dim in range(self._layout.ndim):
            if self._rect(dim).contains(position):
                return dim
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = self.dim_at(event.position())
        if self._dragged is not None:
            self._chosen = self._dragged
            self._pointer = event.position()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._pointer = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._dragged = self._dragged, None
        self.update()
        if dragged is None:
            return
        onto = self.dim_at(event.position())
        if onto == dragged:
            return
        if onto is not None and abs(onto - dragged) == 1:
            self.merge_wanted.emit(min(onto, dragged))
            return
        gap = round((event.position().x() - 2 + GAP / 2) / self._pitch())
        self._move(dragged, gap if gap <= dragged else gap - 1)

    def _move(self, dim: int, place: int) -> None:
        order = [other for other in range(self._layout.ndim) if other != dim]
        order.insert(max(0, min(place, len(order))), dim)
        if order != sorted(order):
            self._chosen = order.index(dim)
            self.order_wanted.emit(tuple(order))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._layout.ndim:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if 0 <= self._chosen + step < self._layout.ndim:
                self._move(self._chosen, self._chosen + step)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            left = self._chosen if step > 0 else self._chosen - 1
            if 0 <= left < self._layout.ndim - 1:
                self.merge_wanted.emit(left)
        else:
            self._chosen = max(0, min(self._chosen + step, self._layout.ndim - 1))
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().background)
        if not self._layout.ndim:
            painter.setFont(ui_font(12))
            painter.setPen(theme().muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, "no dimensions")
        for dim in range(self._layout.ndim):
            self._paint_box(painter, dim, self._rect(dim))
        for left in range(self._layout.ndim - 1):
            self._paint_link(painter, left)
        if self._dragged is not None:
            moved = self._rect(self._dragged)
            moved.moveCenter(QPointF(self._pointer.x(), moved.center().y() + 3))
            painter.setOpacity(0.75)
            self._paint_box(painter, self._dragged, moved)

    def _paint_box(self, painter: QPainter, dim: int, rect: QRectF) -> None:
        chosen = dim == self._chosen and self.hasFocus()
        painter.setPen(QPen(theme().accent if chosen else theme().line, 1.5 if chosen else 1))
        painter.setBrush(theme().panel)
        painter.drawRoundedRect(rect, 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(mono_font(14, bold=True))
        painter.setPen(theme().text)
        upper = QRectF(rect.left(), rect.top() + 2, rect.width(), 21)
        painter.drawText(upper, _MIDDLE, str(self._layout.shape[dim]))
        painter.setFont(mono_font(10))
        painter.setPen(theme().muted)
        lower = QRectF(rect.left(), rect.top() + 21, rect.width(), 15)
        painter.drawText(lower, _MIDDLE, f"stride {self._layout.stride[dim]}")
        painter.setPen(theme().faint)
        foot = QRectF(rect.left(), rect.bottom() + 1, rect.width(), 14)
        painter.drawText(foot, _MIDDLE, f"dim {dim}")

    def _paint_link(self, painter: QPainter, left: int) -> None:
        """A joint between neighbours that merge; a gap where a view would have to cross one."""
        start, stop = self._rect(left).right(), self._rect(left + 1).left()
        y = TOP + HEIGHT / 2
        broken = self._straddle is not None and self._straddle.left == left
        if broken:
            painter.setPen(QPen(theme().error, 2))
            middle = (start + stop) / 2
            painter.drawLine(QPointF(middle - 4, y - 6), QPointF(middle + 4, y + 6))
            painter.drawLine(QPointF(middle - 4, y + 6), QPointF(middle + 4, y - 6))
            self._paint_needed(painter, left)
        elif self._merges(left):
            painter.setPen(QPen(theme().good, 2))
            painter.drawLine(QPointF(start + 2, y), QPointF(stop - 2, y))

    def _merges(self, left: int) -> bool:
        layout = self._layout
        right = left + 1
        even = layout.shape[right] * layout.stride[right]
        return layout.shape[left] == 1 or layout.stride[left] == even

    def _paint_needed(self, painter: QPainter, left: int) -> None:
        assert self._straddle is not None
        painter.setFont(mono_font(10))
        painter.setPen(QColor(theme().error))
        rect = self._rect(left)
        foot = QRectF(rect.left() - 20, rect.bottom() + 1, rect.width() + 40, 14)
        painter.fillRect(foot.adjusted(10, 0, -10, 2), theme().background)
        painter.drawText(foot, _MIDDLE, f"needs {self._straddle.needed}")
