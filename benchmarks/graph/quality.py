"""Counts what makes a picture of a graph hard to read: crossings, overlaps, lines over boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.model.graph.scene import Role, Scene

PIECES = 10
"""Straight pieces that a curve is cut into."""

SAME_PLACE = 4.0
"""Two crossings of the same two tensors nearer than this are one."""


@dataclass(frozen=True)
class Strokes:
    """Straight pieces (s, 4) of lines: x, y, x, y; ``line`` tells of which line each is, and
    ``tensor`` which lines carry the same tensor."""

    piece: np.ndarray
    line: np.ndarray
    tensor: np.ndarray


@dataclass(frozen=True)
class Quality:
    """What was counted."""

    crossings: int
    overlaps: int
    through_boxes: int


def strokes_of(scene: Scene, tensor: np.ndarray) -> Strokes:
    """The pieces of a scene's lines; ``tensor`` has a row for each line."""
    line = np.repeat(np.arange(len(scene.first) - 1), np.diff(scene.first))
    same = line[1:] == line[:-1]
    a, b, line = scene.points[:-1][same], scene.points[1:][same], line[:-1][same]
    t = np.linspace(0, 1, PIECES + 1)
    # A cubic with vertical tangents and its two control points at half the height.
    y = 3 * (1 - t) ** 2 * t * 0.5 + 3 * (1 - t) * t**2 * 0.5 + t**3
    x = 3 * (1 - t) * t**2 + t**3
    px = a[:, :1] + (b[:, :1] - a[:, :1]) * x
    py = a[:, 1:] + (b[:, 1:] - a[:, 1:]) * y
    pieces = np.stack([px[:, :-1], py[:, :-1], px[:, 1:], py[:, 1:]], axis=2)
    straight = a[:, 0] == b[:, 0]
    whole = np.concatenate([a[straight], b[straight]], axis=1)
    curved = pieces[~straight].reshape(-1, 4)
    return Strokes(
        np.concatenate([whole, curved]),
        np.concatenate([line[straight], np.repeat(line[~straight], PIECES)]),
        tensor,
    )


def crossings(strokes: Strokes) -> int:
    """Pairs of lines of different tensors that cross, each crossing counted once."""
    pairs = _pairs(strokes.piece)
    one, other = strokes.line[pairs[:, 0]], strokes.line[pairs[:, 1]]
    pairs = pairs[strokes.tensor[one] != strokes.tensor[other]]
    a, b = strokes.piece[pairs[:, 0]], strokes.piece[pairs[:, 1]]
    hit = _proper(a, b)
    # Lines of one tensor lie upon each other in its lane: to the eye that is one crossing.
    tensors = np.sort(
        np.stack([strokes.tensor[strokes.line[pairs[hit, n]]] for n in (0, 1)], axis=1), axis=1
    )
    where = np.round((a[hit, :2] + a[hit, 2:]) / 2 / SAME_PLACE)
    return len(np.unique(np.concatenate([tensors, where], axis=1), axis=0))


def _pairs(piece: np.ndarray) -> np.ndarray:
    """Pairs of pieces whose boxes touch."""
    low, high = np.minimum(piece[:, 1], piece[:, 3]), np.maximum(piece[:, 1], piece[:, 3])
    left, right = np.minimum(piece[:, 0], piece[:, 2]), np.maximum(piece[:, 0], piece[:, 2])
    order = np.argsort(low, kind="stable")
    end = np.searchsorted(low[order], high[order], side="right")
    found = []
    step = 2000
    for at in range(0, len(order), step):
        rows = np.arange(at, min(at + step, len(order)))
        count = np.maximum(end[rows] - rows - 1, 0)
        one = np.repeat(rows, count)
        other = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count) + one + 1
        i, j = order[one], order[other]
        near = (left[i] <= right[j]) & (left[j] <= right[i])
        found.append(np.stack([i[near], j[near]], axis=1))
    return np.concatenate(found) if found else np.zeros((0, 2), np.int64)


def _proper(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Which pairs of pieces cross in their insides."""

    def side(p: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        area = (p[:, 2] - p[:, 0]) * (y - p[:, 1]) - (p[:, 3] - p[:, 1]) * (x - p[:, 0])
        return np.where(np.abs(area) < 1e-6, 0, np.sign(area))

    first = side(a, b[:, 0], b[:, 1]) * side(a, b[:, 2], b[:, 3])
    second = side(b, a[:, 0], a[:, 1]) * side(b, a[:, 2], a[:, 3])
    return (first < 0) & (second < 0)


def overlaps(box: np.ndarray) -> int:
    """Pairs of boxes (left, top, width, height) that share more than a border."""
    edges = np.stack([box[:, 0], box[:, 1], box[:, 0] + box[:, 2], box[:, 1] + box[:, 3]], axis=1)
    edges = edges + np.array([0.01, 0.01, -0.01, -0.01])
    return len(_pairs(edges))


def through_boxes(strokes: Strokes, box: np.ndarray) -> int:
    """Pieces of lines that run through the inside of a box."""
    shrunk = np.stack(
        [box[:, 0] + 1, box[:, 1] + 1, box[:, 0] + box[:, 2] - 1, box[:, 1] + box[:, 3] - 1], axis=1
    )
    both = np.concatenate([strokes.piece, shrunk])
    pairs = _pairs(both)
    count = len(strokes.piece)
    one, other = pairs.min(axis=1), pairs.max(axis=1)
    mixed = (one < count) & (other >= count)
    piece, inside = strokes.piece[one[mixed]], shrunk[other[mixed] - count]
    return int(_cut(piece, inside).sum())


def _cut(piece: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Which pieces have a part inside their box (Liang and Barsky, 1984)."""
    start, way = piece[:, :2], piece[:, 2:] - piece[:, :2]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (box[:, :2] - start) / way, (box[:, 2:] - start) / way
    flat = way == 0
    inside = (start > box[:, :2]) & (start < box[:, 2:])
    first = np.where(flat, np.where(inside, -np.inf, np.inf), np.minimum(low, high)).max(axis=1)
    last = np.where(flat, np.where(inside, np.inf, -np.inf), np.maximum(low, high)).min(axis=1)
    return np.maximum(first, 0) < np.minimum(last, 1)


def quality(scene: Scene, tensor: np.ndarray) -> Quality:
    """Everything counted for one scene."""
    strokes = strokes_of(scene, tensor)
    box = scene.box[scene.role != Role.SAVED]
    return Quality(crossings(strokes), overlaps(box), through_boxes(strokes, box))
