"""Widths of words from a table of single characters, which may be asked in any thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFont, QFontMetricsF

from explorer.model.graph.faces import Measure

_KNOWN = [chr(code) for code in range(32, 127)] + list("·…▸▾↑↓∂−×²³⁰¹⁴⁵⁶⁷⁸⁹→≥≤≠äöüß")
WIDE_FROM = 0x1100
"""From this code on a character is taken for a wide one, as Chinese is."""


MOST_KNOWN = 50_000
"""Words whose widths are remembered, for each font."""

_MEASURES: dict[str, Measure] = {}


def measure(font: QFont) -> Measure:
    """A function that measures words in a font; make it on the UI thread."""
    found = _MEASURES.get(font.key())
    if found is None:
        found = _MEASURES[font.key()] = _measure(QFontMetricsF(font))
    return found


def _measure(metrics: QFontMetricsF) -> Measure:
    table = {character: metrics.horizontalAdvance(character) for character in _KNOWN}
    narrow, wide = metrics.averageCharWidth() * 1.2, metrics.height()

    @lru_cache(MOST_KNOWN)
    def width(word: str) -> float:
        return sum(table.get(c) or (wide if ord(c) >= WIDE_FROM else narrow) for c in word)

    def widths(words: Sequence[str]) -> NDArray[np.float64]:
        return np.array([width(word) for word in words], np.float64)

    return widths
