"""Where the arrow keys lead: from box to box along the lines, and to the boxes beside."""

from __future__ import annotations

import numpy as np

from explorer.ui.widgets.graph.picture import Ints, Picture


class Walker:
    """Finds the next box for a key; remembers the way, so that up undoes down.

    Down goes with the picture, from the top to the bottom, along the line that was last walked or
    the straightest; left and right go to the boxes beside: first the other ends of the same fork,
    then what stands left and right in the same height.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self._trail: list[tuple[int, int]] = []
        scene, graph = picture.scene, picture.folded.skeleton.graph
        ends = np.stack([graph.source, graph.target], axis=1)
        boxes = scene.shown[ends]
        real = (boxes[:, 0] >= 0) & (boxes[:, 1] >= 0) & (boxes[:, 0] != boxes[:, 1])
        boxes = boxes[real]
        self._above, self._below = (
            (boxes[:, 1], boxes[:, 0]) if scene.upwards else (boxes[:, 0], boxes[:, 1])
        )

    def down(self, box: int) -> int:
        """The next box below (-1: none)."""
        return self._along(box, self._above, self._below)

    def up(self, box: int) -> int:
        """The next box above (-1: none)."""
        return self._along(box, self._below, self._above)

    def beside(self, box: int, side: int) -> int:
        """The next box left (-1) or right (1) in about the same height (-1: none)."""
        place = self.picture.scene.box
        middle = place[:, :2] + place[:, 2:] / 2
        x, y = middle[box]
        near = np.abs(middle[:, 1] - y) <= place[box, 3] / 2 + place[:, 3] / 2 + 4
        way = (middle[:, 0] - x) * side
        found = np.flatnonzero(near & (way > 1))
        if len(found) == 0:
            return -1
        return int(found[np.lexsort((np.abs(middle[found, 1] - y), way[found]))[0]])

    def _along(self, box: int, here: Ints, there: Ints) -> int:
        ends = np.unique(there[here == box])
        if len(ends) == 0:
            return -1
        if self._trail and self._trail[-1][0] == box and self._trail[-1][1] in ends:
            return self._trail.pop()[1]
        scene = self.picture.scene
        middle = scene.box[:, :2] + scene.box[:, 2:] / 2
        away = np.abs(middle[ends] - middle[box])
        best = int(ends[np.lexsort((away[:, 1], away[:, 0]))[0]])
        self._trail.append((best, box))
        del self._trail[:-200]
        return best
