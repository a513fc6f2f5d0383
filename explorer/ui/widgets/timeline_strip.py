"""A line with a dot for every step: drag along it, turn the wheel, or use the keys.

A step is a ring where all values that it wrote have been dropped. Where dots would touch, it paints
how the steps are spread instead, column by column, so that a million of them cost what a thousand
cost.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.ui.theme import appearance, theme, ui_font
from explorer.ui.widgets.timeline_band import BAND, TimelineSource, band_picture
from explorer.ui.widgets.timeline_dots import LABEL_PIXELS, LINE_Y, Stretch, TimelineDots
from explorer.ui.widgets.timeline_view import TimelineView

MARGIN = 34
DOTS_FROM = 5.0


class TimelineStrip(QWidget):
    """Emits what the user wants; moves only when `set_current` is called."""

    wanted = Signal(int)
    """A step by its index."""
    key_stepped = Signal(str)
    """A gesture by its name: ``forward``, ``back``, ``into``, ``back_into``, ``start``, ``end``."""

    def __init__(self, source: TimelineSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._current = -1
        self._view = TimelineView()
        self._band: QPixmap | None = None
        self._dots = TimelineDots(source)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline")
        self.setMinimumHeight(58)
        appearance().changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        return QSize(600, 66)

    def steps_changed(self, kept: int = 0) -> None:
        """There are more steps, or others; the first ``kept`` are what they were."""
        self._view.set_count(self._source.count())
        self._band = None
        self._dots.forget(kept)
        self.update()

    def _dress(self) -> None:
        self._band = None
        self.update()

    def set_current(self, step: int) -> None:
        """The step that is being looked at."""
        if step == self._current:
            return
        before, self._current = self._current, step
        moved = self._view.show(step)
        if moved:
            self._band = None
        self.setAccessibleDescription(self._source.tip(step) if step >= 0 else "")
        if moved or min(before, step) < 0 or self._spacing() < DOTS_FROM:
            self.update()
        else:
            left, right = self._stretch().touched(before)
            self.update(int(left), 0, int(right - left) + 2, self.height())

    def show_all(self) -> None:
        """All steps in view."""
        self._view.show_all()
        self._band = None
        self.update()

    # Geometry.

    def _line(self) -> tuple[float, float]:
        return float(MARGIN), float(max(self.width() - MARGIN, MARGIN + 1))

    def _x(self, step: float) -> float:
        left, right = self._line()
        return left + self._view.share(step) * (right - left)

    def _step_at(self, x: float) -> int:
        left, right = self._line()
        return self._view.step_at((x - left) / (right - left))

    def _spacing(self) -> float:
        left, right = self._line()
        return (right - left) / max(self._view.length - 1, 1)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().line, 2))
        painter.drawLine(QPointF(14, LINE_Y), QPointF(self.width() - 14, LINE_Y))
        if self._source.count():
            if self._spacing() >= DOTS_FROM:
                self._dots.paint(painter, self._stretch(), QRectF(event.rect()))
            else:
                self._paint_band(painter)
        else:
            painter.setPen(theme().faint)
            painter.setFont(ui_font(12))
            painter.drawText(
                QRectF(0, LINE_Y + 6, self.width(), 24),
                Qt.AlignmentFlag.AlignCenter,
                "Run a program: every step it takes appears here.",
            )
        painter.end()

    def _stretch(self) -> Stretch:
        first, last = self._view.visible(self._source.count())
        origin, spacing = self._x(0), self._spacing()
        return Stretch(first, last, origin, self._x(1) - origin, spacing, self._current)

    def _paint_band(self, painter: QPainter) -> None:
        left, right = self._line()
        if self._band is None or self._band.width() != round(self._band_width()):
            self._band = band_picture(self._source, self._view, round(self._band_width()))
        painter.drawPixmap(QPointF(left, LINE_Y - BAND), self._band)
        veil = QColor(theme().background)
        veil.setAlphaF(0.62)
        x = min(max(self._x(self._current), left), right)
        painter.fillRect(QRectF(x, LINE_Y - BAND - 1, right - x + 1, 2 * BAND + 2), veil)
        painter.setPen(QPen(theme().text, 2))
        painter.drawLine(QPointF(x, LINE_Y - BAND - 5), QPointF(x, LINE_Y + BAND + 5))
        first, last = self._view.visible(self._source.count())
        self._paint_band_labels(painter, (first, last), x)

    def _paint_band_labels(self, painter: QPainter, ends: tuple[int, int], x: float) -> None:
        painter.setFont(ui_font(LABEL_PIXELS))
        metrics = QFontMetricsF(painter.font())
        places = [(self._x(step), self._source.label(step), theme().muted) for step in ends]
        if self._current >= 0:
            here = (x, self._source.label(self._current), theme().text)
            places = [here, *(place for place in places if abs(place[0] - x) > 70)]
        for middle, text, colour in places:
            width = metrics.horizontalAdvance(text)
            start = min(max(middle - width / 2, 4), self.width() - width - 4)
            painter.setPen(colour)
            painter.drawText(QPointF(start, LINE_Y + BAND + 18), text)

    def _band_width(self) -> float:
        left, right = self._line()
        return right - left

    # Gestures.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._want(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._want(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_all()

    def _want(self, x: float) -> None:
        if self._source.count():
            self.wanted.emit(min(max(self._step_at(x), 0), self._source.count() - 1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            left, right = self._line()
            self._view.zoom(1.25 ** (turn / 120), (event.position().x() - left) / (right - left))
            self._band = None
            self.update()
        elif turn:
            self.key_stepped.emit("back_into" if turn > 0 else "into")
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        page = max(self._view.length // 10, 1)
        gestures = {
            Qt.Key.Key_Right: "forward" if shift else "into",
            Qt.Key.Key_Left: "back" if shift else "back_into",
            Qt.Key.Key_Home: "start",
            Qt.Key.Key_End: "end",
        }
        moves = {Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        key = Qt.Key(event.key())
        if key in gestures:
            self.key_stepped.emit(gestures[key])
        elif key in moves:
            last = self._source.count() - 1
            self.wanted.emit(min(max(self._current + moves[key], 0), last))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal):
            factor = 0.5 if key == Qt.Key.Key_Minus else 2.0
            self._view.zoom(factor, self._view.share(self._current))
            self._band = None
            self.update()
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if self._source.count():
                step = min(max(self._step_at(event.pos().x()), 0), self._source.count() - 1)
                QToolTip.showText(event.globalPos(), self._source.tip(step), self)
            return True
        return super().event(event)
