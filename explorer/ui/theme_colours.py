"""The two sets of named colours, and the colours of numbers that are made from them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from explorer.ui.layout.storage_colours import readable_on, storage_colour

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Theme:
    """Named colours, given as codes. ``dark`` tells which of the two it is."""

    dark: bool
    background: QColor  # of panes and of the editor
    panel: QColor  # of what lies above or beside: headers, empty grid cells, tool tips
    line: QColor  # between panes, around buttons
    text: QColor
    muted: QColor  # text of second rank
    faint: QColor  # line numbers, what has not run yet
    accent: QColor  # the one accent: Run, the chosen tab, statement dots
    on_accent: QColor
    selection: QColor  # a chosen row
    text_selection: QColor  # chosen text
    current_line: QColor  # tint of the line, row or node that executes
    current: QColor  # its text and its frame
    changed: QColor  # fill of what this step changed
    warning: QColor
    error: QColor
    good: QColor
    breakpoint: QColor
    negative: QColor  # fill of the most negative cell; text stays readable on it
    neutral: QColor  # fill of zero
    positive: QColor
    negative_strong: QColor  # the same for pictures that carry no text
    neutral_strong: QColor
    positive_strong: QColor
    nan: QColor
    inf: QColor
    dropped: QColor
    keyword: QColor
    number: QColor
    string: QColor
    comment: QColor
    definition: QColor  # names after def and class, decorators

    def __init__(self, *, dark: bool, **codes: str) -> None:
        if codes.keys() != Theme.__annotations__.keys() - {"dark"}:
            raise TypeError("A theme has a code for each of its colours, and no other.")
        self.dark = dark
        self.__dict__.update((name, QColor(code)) for name, code in codes.items())

    def named(self) -> dict[str, QColor]:
        """All its colours."""
        return {name: value for name, value in vars(self).items() if name != "dark"}

    def storage_colour(self, letter: str) -> QColor:
        """Colour of a storage letter, the same in both themes."""
        return storage_colour(letter)

    def on_storage(self, letter: str) -> QColor:
        """Text colour that can be read on ``storage_colour(letter)``."""
        return readable_on(storage_colour(letter))

    def diverging_rgb(
        self, values: NDArray[np.floating], *, strong: bool = False
    ) -> NDArray[np.uint8]:
        """Colours of values in -1 ... 1 (clipped), zero neutral; NaN in its own colour.

        Args:
            values: any shape.
            strong: full colours, for pictures on which no text is drawn.

        Returns:
            shape ``values.shape + (3,)``, red green blue.
        """
        import numpy as np  # not before the window stands there

        ends = (
            (self.negative_strong, self.neutral_strong, self.positive_strong)
            if strong
            else (self.negative, self.neutral, self.positive)
        )
        table = np.array([_rgb(colour) for colour in ends], dtype=np.float32)
        t = np.clip(np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=-1.0), -1, 1)
        weight = np.abs(t)[..., None].astype(np.float32)
        end = np.where((t < 0)[..., None], table[0], table[2])
        colours: NDArray[np.uint8] = (table[1] + (end - table[1]) * weight + 0.5).astype(np.uint8)
        colours[np.isnan(values)] = _rgb(self.nan)
        colours[np.isinf(values)] = _rgb(self.inf)
        return colours

    def diverging(self, value: float, *, strong: bool = False) -> QColor:
        """``diverging_rgb`` of one value."""
        return QColor(_diverging(self, value, strong))


@lru_cache(maxsize=4096)
def _diverging(theme: Theme, value: float, strong: bool) -> QColor:
    """Painting asks for the same few colours at every moment."""
    import numpy as np

    red, green, blue = theme.diverging_rgb(np.array(value, dtype=np.float64), strong=strong)
    return QColor(int(red), int(green), int(blue))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


LIGHT = Theme(
    dark=False,
    background="#ffffff",
    panel="#f6f7f9",
    line="#dfe3e8",
    text="#1d2530",
    muted="#626d7a",
    faint="#9aa5b1",
    accent="#2457d6",
    on_accent="#ffffff",
    selection="#e8eefc",
    text_selection="#cfdcf8",
    current_line="#fff4df",
    current="#a86200",
    changed="#f3b98f",
    warning="#a86200",
    error="#c62828",
    good="#00795a",
    breakpoint="#d43a3a",
    negative="#8fbfe3",
    neutral="#eef3f8",
    positive="#f3b98f",
    negative_strong="#0072b2",
    neutral_strong="#f4f5f7",
    positive_strong="#d55e00",
    nan="#d48ad6",
    inf="#f0dc52",
    dropped="#dfe3e8",
    keyword="#8a2fc0",
    number="#0a6fd0",
    string="#2a7a2a",
    comment="#7b8794",
    definition="#a03c00",
)

DARK = Theme(
    dark=True,
    background="#15181d",
    panel="#1d2127",
    line="#31373f",
    text="#e2e7ed",
    muted="#9aa5b3",
    faint="#697482",
    accent="#5b8dff",
    on_accent="#0b1430",
    selection="#22304f",
    text_selection="#2f4675",
    current_line="#33290f",
    current="#f0ad43",
    changed="#84461a",
    warning="#f0ad43",
    error="#ff7b72",
    good="#4cc79e",
    breakpoint="#f0625c",
    negative="#2a5f8f",
    neutral="#232931",
    positive="#84461a",
    negative_strong="#4aa8e8",
    neutral_strong="#1d2127",
    positive_strong="#f0792a",
    nan="#8e4891",
    inf="#6e610a",
    dropped="#31373f",
    keyword="#c99af2",
    number="#7db8ff",
    string="#8fd08a",
    comment="#828d9b",
    definition="#f2a86b",
)
