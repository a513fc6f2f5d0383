"""The dots of a timeline and what stands under them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from explorer.ui.theme import theme, ui_font
from explorer.ui.widgets.laid_out import LaidOut
from explorer.ui.widgets.timeline_band import TimelineSource

LINE_Y = 26
LABELS_FROM = 30.0  # pixels between dots
STATEMENT_RADIUS, NODE_RADIUS = 7.0, 4.5
RING = 6.0  # around the current one, with its pen
LABEL_PIXELS = 11
FEWEST_LETTERS = 3
"""Of a name; with fewer it tells nothing."""


@dataclass(frozen=True)
class Stretch:
    """The steps in view: the x of step 0, pixels from one step to the next, the current one."""

    first: int
    last: int
    origin: float
    pace: float
    spacing: float
    current: int

    def x(self, step: int) -> float:
        """Where the dot of a step stands."""
        return self.origin + self.pace * step

    @property
    def every(self) -> int:
        """Each so manieth step has a label."""
        return max(1, ceil(LABELS_FROM / self.spacing))

    @property
    def label_width(self) -> float:
        """Room for one label."""
        return max(self.spacing * self.every - 6, LABELS_FROM - 4)

    def touched(self, before: int) -> tuple[float, float]:
        """From where to where it looks otherwise than with another step as the current one."""
        ends = sorted((self.x(before), self.x(self.current)))
        more = LABELS_FROM + self.label_width
        return ends[0] - more, ends[1] + more


class TimelineDots:
    """Asks of a step what is to be told of it only once."""

    def __init__(self, source: TimelineSource) -> None:
        self._source = source
        self._words = LaidOut(ui_font(LABEL_PIXELS))
        self._labels: dict[int, str] = {}
        self._shortened: dict[tuple[int, float], str] = {}
        self._in_place: dict[int, bool] = {}

    def forget(self, kept: int) -> None:
        """Steps from ``kept`` on may be others."""
        self._labels = {step: label for step, label in self._labels.items() if step < kept}
        self._in_place = {step: does for step, does in self._in_place.items() if step < kept}
        self._shortened.clear()

    def paint(self, painter: QPainter, stretch: Stretch, exposed: QRectF) -> None:
        """Dots and labels, as far as they reach into what is exposed."""
        nodes = self._source.nodes()
        errors, dropped = set(self._source.errors()), self._source.dropped()
        scale = min(1.0, stretch.spacing / (2 * STATEMENT_RADIUS + 3))
        reach = STATEMENT_RADIUS + RING
        colours, ground = _Colours(), theme().background
        for step in range(stretch.first, stretch.last + 1):
            x = stretch.x(step)
            if not exposed.left() - reach <= x <= exposed.right() + reach:
                continue
            node = bool(nodes[step])
            radius = (NODE_RADIUS if node else STATEMENT_RADIUS) * max(scale, 0.35)
            middle = QPointF(x, LINE_Y)
            role = "error" if step in errors else "node" if node else self._role(step)
            colour = colours.of(role, step - stretch.current)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)  # so that the line does not shine through
            painter.drawEllipse(middle, radius, radius)
            if dropped[step]:
                painter.setPen(QPen(colour, 1.4))
                painter.drawEllipse(middle, radius - 0.7, radius - 0.7)
            else:
                painter.setBrush(colour)
                painter.drawEllipse(middle, radius, radius)
            if step == stretch.current:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour, 1.8))
                painter.drawEllipse(middle, radius + 3.5, radius + 3.5)
        self._paint_labels(painter, stretch, exposed)

    def _role(self, step: int) -> str:
        found = self._in_place.get(step)
        if found is None:
            found = self._in_place[step] = self._source.writes_in_place(step)
        return "in place" if found else "statement"

    def _paint_labels(self, painter: QPainter, stretch: Stretch, exposed: QRectF) -> None:
        first, last, current = stretch.first, stretch.last, stretch.current
        every, width = stretch.every, stretch.label_width
        shown = list(range(first + -first % every, last + 1, every))
        if first <= current <= last and current not in shown:
            shown = [s for s in shown if abs(s - current) * stretch.spacing >= LABELS_FROM]
            shown.append(current)
        strong, quiet = theme().text, theme().muted
        for step in shown:
            room = QRectF(stretch.x(step) - width / 2, LINE_Y + 12, width, 18)
            if room.left() <= exposed.right() and room.right() >= exposed.left():
                painter.setPen(strong if step == current else quiet)
                self._words.draw(painter, room, self._label(step, width), centred=True)

    def _label(self, step: int, width: float) -> str:
        found = self._shortened.get((step, width))
        if found is None:
            label = self._labels.get(step)
            if label is None:
                label = self._labels[step] = self._source.label(step)
            found = self._shortened[step, width] = shortened(label, self._words.metrics, width)
        return found


class _Colours:
    """Of dots: paler behind the current step, and for nodes before it."""

    def __init__(self) -> None:
        colours = theme()
        self._full = {
            "error": colours.error,
            "node": colours.current,
            "in place": colours.storage_colour("B"),
            "statement": colours.accent,
        }
        self._known: dict[tuple[str, float], QColor] = {}

    def of(self, role: str, ahead: int) -> QColor:
        alpha = 0.32 if ahead > 0 else 0.6 if role == "node" and ahead else 1.0
        known = self._known.get((role, alpha))
        if known is None:
            known = self._known[role, alpha] = QColor(self._full[role])
            known.setAlphaF(alpha)
        return known


def shortened(label: str, metrics: QFontMetricsF, width: float) -> str:
    """A label cut to a width; of ``121 name`` the number alone where hardly a letter of the name
    has room."""
    number, _, name = label.partition(" ")
    cut = metrics.elidedText(label, Qt.TextElideMode.ElideRight, width)
    shown = len(cut) - len(number) - 2
    return number if name and cut != label and shown < FEWEST_LETTERS else cut
