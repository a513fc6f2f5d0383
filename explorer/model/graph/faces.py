"""How big everything is: the sizes that a picture is laid out with.

The model does not know any font. Whoever draws gives a function that measures words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.model.graph.columns import LEAF, Floats, GraphColumns, numbered

Measure = Callable[[Sequence[str]], Floats]
"""Widths of words."""


@dataclass(frozen=True)
class Spacing:
    """Distances, in the units of the picture (device-independent pixels at scale 1)."""

    row_gap: float = 18.0
    lane_gap: float = 13.0
    box_height: float = 24.0
    box_padding: float = 9.0
    pill_height: float = 18.0
    pill_pitch: float = 22.0
    dock_gap: float = 12.0
    frame_padding: float = 14.0
    title_height: float = 26.0
    side_gap: float = 46.0


COMPACT = Spacing()
CARDS = Spacing(
    row_gap=38.0, lane_gap=22.0, box_height=44.0, box_padding=14.0, pill_height=30.0,
    pill_pitch=36.0, dock_gap=22.0, frame_padding=18.0, title_height=30.0,
)  # fmt: skip


@dataclass(frozen=True)
class Faces:
    """Width and height of each node's own box, and the width of what is saved at its side
    (0: nothing), which hangs ``spacing.side_gap`` right of it."""

    width: Floats
    height: Floats
    side: Floats
    spacing: Spacing
    measure: Measure


def plain_measure(words: Sequence[str]) -> Floats:
    """Widths where no font is known: 6.6 for each character, the mean of a 12-pixel face."""
    widths: Floats = 6.6 * np.fromiter(map(len, words), np.float64, len(words))
    return widths


@lru_cache(4096)
def short_name(name: str) -> str:
    """``AddmmBackward0`` -> ``Addmm``; names of other kinds stay."""
    stem, found, digits = name.rpartition("Backward")
    return stem if found and stem and (digits == "" or digits.isdigit()) else name


def compact_faces(
    graph: GraphColumns,
    measure: Measure = plain_measure,
    spacing: Spacing = COMPACT,
    words: Sequence[str] | None = None,
) -> Faces:
    """One line for each node: ``words``, or the short name of its operation or leaf."""
    shown, which = graph.numbered_names if words is None else numbered(words)
    if words is None:
        # Most names are those of parameters, which are shown as they are.
        shown = [short_name(name) if "Backward" in name else name for name in shown]
    width = (measure(shown) + 2 * spacing.box_padding)[which] if shown else np.zeros(0)
    height = np.full(len(graph), spacing.box_height)
    height[graph.kind == LEAF] = spacing.pill_height
    return Faces(width, height, np.zeros(len(graph)), spacing, measure)
