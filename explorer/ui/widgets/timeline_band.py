"""What a timeline asks about its steps, and the band that stands for more than it can dot."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

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
    first, last = view.visible(source.count())
    shares = column_shares(source.nodes()[first : last + 1], width)
    lost = column_shares(source.dropped()[first : last + 1], width)
    made = QPixmap.fromImage(_columns(shares, lost))
    painter = QPainter(made)
    for step in source.errors()[:width]:
        if first <= step <= last:
            painter.fillRect(round(view.share(step) * (width - 1)), 0, 2, 2 * BAND, theme().error)
    painter.end()
    return made


def _columns(shares: NDArray[np.float64], lost: NDArray[np.float64]) -> QImage:
    """A column for each share of nodes, paler by how much is lost; all of them in one go."""
    colours = theme()
    accent, node, ground = map(_bgr, (colours.accent, colours.current, colours.background))
    heights = np.rint(2 * BAND * shares)
    is_node = np.arange(2 * BAND)[:, None] >= 2 * BAND - heights
    pixels = np.where(is_node[:, :, None], node, accent)
    veil = 0.75 * np.clip(lost, 0, 1)[:, None]
    pixels = pixels * (1 - veil) + ground * veil
    whole = np.full((2 * BAND, len(shares), 4), 255, dtype=np.uint8)
    whole[:, :, :3] = np.rint(pixels)
    raw = whole.tobytes()
    made = QImage(raw, len(shares), 2 * BAND, 4 * len(shares), QImage.Format.Format_RGB32)
    return made.copy()  # whose pixels outlive these bytes


def _bgr(colour: QColor) -> NDArray[np.float64]:
    """Blue, green, red, as Qt keeps them in a picture."""
    return np.array([colour.blue(), colour.green(), colour.red()], dtype=np.float64)


def column_shares(nodes: NDArray[np.bool_], width: int) -> NDArray[np.float64]:
    """For each of ``width`` columns over the steps, the share of nodes among its steps, 0 ... 1."""
    edges = np.linspace(0, len(nodes), width + 1).astype(np.int64)
    starts = np.minimum(edges[:-1], len(nodes) - 1)
    sums = np.add.reduceat(nodes.view(np.int8), starts, dtype=np.int64)
    lengths = np.maximum(np.diff(edges), 1)
    return np.asarray(np.clip(sums / lengths, 0.0, 1.0))
