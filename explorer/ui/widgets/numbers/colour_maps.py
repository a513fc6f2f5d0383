"""Colour maps as tables, and pictures made with them."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from explorer.model.values.colour_scale import ColourScale
from explorer.ui.theme import Theme

SIZE = 256
NAN, INF = SIZE, SIZE + 1
"""Places of the two special colours behind the map."""

# Stops of the sequential map, from the lowest number to the highest. Light theme: paper to dark
# rust; dark theme: night to pale sand. Both grow steadily in lightness.
_LIGHT = ("#f4f5f7", "#fbd9b4", "#f0a05a", "#cf5a10", "#7d2a00")
_DARK = ("#1d2127", "#5a2c10", "#b4501a", "#f0903a", "#ffe6c0")

Table = NDArray[np.uint32]


@lru_cache(maxsize=4)
def colour_table(theme: Theme, *, diverging: bool) -> Table:
    """The map as `SIZE` colours, then those of NaN and Inf, each as 0xAARRGGBB."""
    if diverging:
        rgb = theme.diverging_rgb(np.linspace(-1, 1, SIZE), strong=True).astype(np.uint32)
        table = 0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    else:
        stops = [QColor(code) for code in (_DARK if theme.dark else _LIGHT)]
        at = np.linspace(0, len(stops) - 1, SIZE)
        parts = [
            np.interp(at, range(len(stops)), [part(stop) for stop in stops])
            .round()
            .astype(np.uint32)
            for part in (QColor.red, QColor.green, QColor.blue)
        ]
        table = 0xFF000000 | parts[0] << 16 | parts[1] << 8 | parts[2]
    # Nothing is written on these, so they may stand out more than as fills of cells.
    strong = 160 if theme.dark else 100
    special = [theme.nan.lighter(strong).rgba(), theme.inf.lighter(strong).rgba()]
    whole = np.concatenate([table.astype(np.uint32), np.array(special, dtype=np.uint32)])
    whole.flags.writeable = False  # all who ask are given the same one
    return whole


def places(values: NDArray[np.floating[Any]], scale: ColourScale) -> NDArray[np.uint16]:
    """Place of each number in a `colour_table`."""
    quick = _quick_places(values, scale)
    if quick is not None:
        return quick
    unit = scale.unit(values)
    finite = np.isfinite(unit)
    spread = (unit + 1) * ((SIZE - 1) / 2) if scale.diverging else unit * (SIZE - 1)
    found: NDArray[np.uint16] = np.where(finite, spread, 0).round().astype(np.uint16)
    if not finite.all():
        found[np.isnan(unit)] = NAN
        found[np.isinf(unit)] = INF
    return found


def _quick_places(
    values: NDArray[np.floating[Any]], scale: ColourScale
) -> NDArray[np.uint16] | None:
    """The same in a few passes, where all numbers are finite and of ordinary size."""
    low, high = (scale.number(-1.0 if scale.diverging else 0.0), scale.number(1.0))
    if scale.kind == "log" or not values.size or not max(abs(low), abs(high)) < 1e30:
        return None
    least, most = values.min(), values.max()
    ends = values.dtype.type(low), values.dtype.type(high)
    if not (ends[1] - ends[0] > 1e-30 and math.isfinite(float(least) - float(most))):
        return None
    if least < ends[0] or most > ends[1]:
        values = values.clip(*ends)
    spread = values - ends[0]
    spread *= (SIZE - 1) / (ends[1] - ends[0])
    spread += 0.5
    found: NDArray[np.uint16] = spread.astype(np.uint16)
    return found


def image_of(values: NDArray[np.floating[Any]], scale: ColourScale, table: Table) -> QImage:
    """A picture with one pixel per number, rows downwards."""
    pixels = np.ascontiguousarray(table.take(places(values, scale)))
    rows, columns = pixels.shape
    shared = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    return shared.copy()  # numpy's memory goes away


def colour_of(value: float, scale: ColourScale, table: Table) -> QColor:
    """The colour of one number."""
    place = int(places(np.array([value]), scale)[0])
    return QColor.fromRgba(int(table[place]))


def ink_on(colour: QColor) -> QColor:
    """Black or white, whichever can be read on a colour."""
    light = 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF()
    return QColor("#101418") if light > 0.5 or math.isnan(light) else QColor("#ffffff")
