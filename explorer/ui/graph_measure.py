"""Widths of words from a table of single characters, which may be asked in any thread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QFont, QFontMetricsF

from explorer.model.graph_faces import Measure

_KNOWN = [chr(code) for code in range(32, 127)] + list("·…▸▾↑↓∂−×²³⁰¹⁴⁵⁶⁷⁸⁹→≥≤≠äöüß")
WIDE_FROM = 0x1100
"""From this code on a character is taken for a wide one, as Chinese is."""


def measure(font: QFont) -> Measure:
    """A function that measures words in a font; make it on the UI thread."""
    metrics = QFontMetricsF(font)
    table = {character: metrics.horizontalAdvance(character) for character in _KNOWN}
    narrow, wide = metrics.averageCharWidth() * 1.2, metrics.height()

    def widths(words: Sequence[str]) -> NDArray[np.float64]:
        return np.array(
            [
                sum(table.get(c) or (wide if ord(c) >= WIDE_FROM else narrow) for c in word)
                for word in words
            ],
            np.float64,
        )

    return widths
