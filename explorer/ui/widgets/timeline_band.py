"""What a timeline asks about its steps, and the band that stands for more than it can dot."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from explorer.ui.theme import theme
from explorer.ui.widgets.timeline_view import TimelineView

BAND = 9  # half its height


class TimelineSource(Protocol):
    """What the strip asks about the steps; they count from 0."""

    def count(self) -> int:
        """How many there are."""

    def nodes(self) -> NDArray[np.bool_]:
        """For each step whether it is a node of the graph."""

    def dropped(self) -> NDArray[np.bool_]:
        """For each step whether all values that it wrote have been dropped."""

    def errors(self) -> list[int]:
        """The steps that raised, in order."""

    def writes_in_place(self, step: int) -> bool:
        """Whether it changed memory that was there before."""

    def label(self, step: int) -> str:
        """What stands under its dot."""

    def tip(self, step: int) -> str:
        """What it did, in words."""


def band_picture(source: TimelineSource, view: TimelineView, width: int) -> QPixmap:
    """Statements in the accent, nodes in their own colour, errors as red lines; paler where the
    values have been dropped."""
    width = max(width, 1)
    made = QPixmap(width, 2 * BAND)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    first, last = view.visible(source.count())
    shares = column_shares(source.nodes()[first : last + 1], width)
    for column, share in enumerate(shares.tolist()):
        height = round(2 * BAND * share)
        painter.fillRect(column, 0, 1, 2 * BAND - height, theme().accent)
        painter.fillRect(column, 2 * BAND - height, 1, height, theme().current)
    lost = column_shares(source.dropped()[first : last + 1], width)
    veil = QColor(theme().background)
    for column in np.flatnonzero(lost > 0).tolist():
        veil.setAlphaF(0.75 * lost[column])
        painter.fillRect(column, 0, 1, 2 * BAND, veil)
    for step in source.errors()[:width]:
        if first <= step <= last:
            painter.fillRect(round(view.share(step) * (width - 1)), 0, 2, 2 * BAND, theme().error)
    painter.end()
    return made


def column_shares(nodes: NDArray[np.bool_], width: int) -> NDArray[np.float64]:
    """For each of ``width`` columns over the steps, the share of nodes among its steps, 0 ... 1."""
    edges = np.linspace(0, len(nodes), width + 1).astype(np.int64)
    starts = np.minimum(edges[:-1], len(nodes) - 1)
    sums = np.add.reduceat(nodes.view(np.int8), starts, dtype=np.int64)
    lengths = np.maximum(np.diff(edges), 1)
    return np.asarray(np.clip(sums / lengths, 0.0, 1.0))
