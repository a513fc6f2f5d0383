"""One letter and one colour for each storage, the same everywhere in the window.

Colours: Okabe and Ito, "Color Universal Design" (2008), eight colours that people with any
common form of colour blindness can tell apart. After the eighth storage they repeat; the letter
goes on.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon, QPixmap

SWATCH = 10
"""Pixels of a side."""

_OKABE_ITO = (
    "#0072B2",  # blue
    "#D55E00",  # vermillion
    "#009E73",  # bluish green
    "#CC79A7",  # reddish purple
    "#E69F00",  # orange
    "#56B4E9",  # sky blue
    "#F0E442",  # yellow
    "#7A7A7A",  # grey, where the set has black, which is the text's colour here
)

_LOWEST_CONTRAST = 3.4  # of white on a chip's bold letter; below that the text is dark


def letter_index(letter: str) -> int:
    """``A`` is 0, ``Z`` 25, ``AA`` 26: the order of appearance that the letter stands for."""
    index = 0
    for character in letter:
        index = index * 26 + ord(character) - ord("A") + 1
    return index - 1


def storage_colour(letter: str) -> QColor:
    """The colour of the storage with this letter (grey for an unknown storage, ``""``)."""
    if not letter or not letter.isascii() or not letter.isupper():
        return QColor(_OKABE_ITO[-1])
    return QColor(_OKABE_ITO[letter_index(letter) % len(_OKABE_ITO)])


def swatch(colour: QColor) -> QIcon:
    """A square of a colour for a row of a table, the same when the row is chosen."""
    square = QPixmap(SWATCH, SWATCH)
    square.fill(colour)
    made = QIcon(square)
    made.addPixmap(square, QIcon.Mode.Selected)
    return made


def readable_on(colour: QColor) -> QColor:
    """White, or nearly black where white could not be read on ``colour``."""
    white = QColor("#ffffff")
    return white if contrast(white, colour) >= _LOWEST_CONTRAST else QColor("#101418")


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio 1 ... 21, as WCAG 2.1 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
