"""Which of many rectangles lie in a view, without asking them all.

Pictures of graphs are tall: rectangles are kept in the order of their tops, and a view asks only
those that can reach into it. The few that are very high are asked each time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
View = tuple[float, float, float, float]
"""Left, top, right and bottom."""

SHARE_OF_HIGH = 256
"""One in so many rectangles may be higher than what is searched above a view."""


class TallIndex:
    """Rectangles given as four columns of ``n`` rows, in units of the picture."""

    def __init__(self, left: Floats, top: Floats, right: Floats, bottom: Floats) -> None:
        height = bottom - top
        high = len(height) // SHARE_OF_HIGH
        self._reach = float(np.partition(height, -high - 1)[-high - 1]) if len(height) else 0.0
        order = np.argsort(top, kind="stable")
        is_high = height[order] > self._reach
        self._low = _Sorted(order[~is_high], left, top, right, bottom)
        self._high = _Sorted(order[is_high], left, top, right, bottom)

    def touching(self, view: View) -> Ints:
        """Rows that lie at least partly in a view, in the order of their tops, high ones last."""
        first = int(np.searchsorted(self._low.top, view[1] - self._reach, side="left"))
        past = int(np.searchsorted(self._low.top, view[3], side="right"))
        low = self._low.touching(slice(first, past), view)
        high = self._high.touching(slice(None), view)
        return np.concatenate([low, high]) if len(high) else low


class _Sorted:
    """Rectangles in the order of their tops."""

    def __init__(
        self, rows: Ints, left: Floats, top: Floats, right: Floats, bottom: Floats
    ) -> None:
        self.rows, self.top = rows, top[rows]
        self.left, self.right, self.bottom = left[rows], right[rows], bottom[rows]

    def touching(self, part: slice, view: View) -> Ints:
        keep = (self.bottom[part] >= view[1]) & (self.top[part] <= view[3])
        keep &= (self.right[part] >= view[0]) & (self.left[part] <= view[2])
        return self.rows[part][keep]
