"""A scene made ready to be painted and hit: arrays in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from explorer.model.graph.folded import FoldedGraph
from explorer.model.graph.folding import GroupKind
from explorer.model.graph.scene import Role, Scene
from explorer.model.graph.texts import GraphTexts
from explorer.ui.widgets.graph.beside import WordsBeside
from explorer.ui.widgets.graph.density import Density
from explorer.ui.widgets.graph.index import TallIndex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORDS_BESIDE, WORDS_HIGH = 205.0, 13.0
"""Room for words such as `f32[16] = -0.031373 … 0.0226` and a small histogram, in width and
height."""

FEW_LINES = 200
"""In pictures of more lines nobody reads words before looking closer."""


@dataclass(frozen=True)
class Picture:
    """A folded graph, the scene made of it, and its words. ``cards`` tells which of the two
    styles it is laid out for."""

    folded: FoldedGraph
    scene: Scene
    texts: GraphTexts
    cards: bool
    beside: WordsBeside = field(default_factory=WordsBeside, compare=False, repr=False)
    """What was found room for beside lines: kept, for a picture does not change."""

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all there is to see: where no group is open, the words
        that gradients put beside the outermost lines have their room, on the right, and on the left
        of lines on whose right boxes stand."""
        scene = self.scene
        left, top, right, bottom = scene.bounds
        if len(scene.points) and not len(scene.frame):
            right = max(right, float(scene.points[:, 0].max()) + WORDS_BESIDE)
            if not self.cards and len(scene.first) <= FEW_LINES:
                left = min([left, *(self._beset_lines() - WORDS_BESIDE)])
        return left, top, right, bottom

    def _beset_lines(self) -> Floats:
        """Where lines begin on whose right boxes leave no room for words."""
        scene, box = self.scene, self.scene.box
        begins = scene.points[scene.first[1:] - 1 if scene.upwards else scene.first[:-1]]
        x, y = begins[:, :1] + 1, begins[:, 1:] + 1
        beside = (box[:, 0] < x + WORDS_BESIDE) & (box[:, 0] + box[:, 2] > x)
        level = (box[:, 1] < y + WORDS_HIGH) & (box[:, 1] + box[:, 3] > y)
        return begins[(beside & level).any(axis=1), 0]

    def make_ready(self) -> None:
        """Work out now, in whatever thread this is, what painting will ask for."""
        _ = self.segment_index, self.box_index, self.link_index, self.density, self._by_tensor

    @cached_property
    def segments(self) -> tuple[Floats, Ints]:
        """Pieces (s, 4) of the lines between two points, and the line each belongs to."""
        scene = self.scene
        line = np.repeat(np.arange(len(scene.first) - 1), np.diff(scene.first))
        same = line[1:] == line[:-1]
        pieces = np.concatenate([scene.points[:-1][same], scene.points[1:][same]], axis=1)
        return pieces, line[:-1][same]

    @cached_property
    def segment_index(self) -> TallIndex:
        """Finds pieces of lines by where they are."""
        pieces, _ = self.segments
        left, right = np.minimum(pieces[:, 0], pieces[:, 2]), np.maximum(pieces[:, 0], pieces[:, 2])
        top, bottom = np.minimum(pieces[:, 1], pieces[:, 3]), np.maximum(pieces[:, 1], pieces[:, 3])
        return TallIndex(left, top, right, bottom)

    @cached_property
    def box_index(self) -> TallIndex:
        """Finds boxes by where they are."""
        box = self.scene.box
        return TallIndex(box[:, 0], box[:, 1], box[:, 0] + box[:, 2], box[:, 1] + box[:, 3])

    @cached_property
    def link_index(self) -> TallIndex:
        """Finds the short lines to what hangs at boxes by where they are."""
        links = self.scene.links
        left, right = np.minimum(links[:, 0], links[:, 2]), np.maximum(links[:, 0], links[:, 2])
        return TallIndex(left, links[:, 1], right, links[:, 1])

    @cached_property
    def density(self) -> Density:
        """The boxes summed up, for pictures from far away."""
        return Density(self.scene.box)

    def boxes_in(self, view: tuple[float, float, float, float]) -> Ints:
        """Rows of the boxes that lie at least partly in a part of the picture."""
        return self.box_index.touching(view)

    def segments_in(self, view: tuple[float, float, float, float]) -> Ints:
        """Rows of the pieces that lie at least partly in a part of the picture."""
        return self.segment_index.touching(view)

    @cached_property
    def _by_tensor(self) -> tuple[Ints, Ints, list[int]]:
        """The number of the tensor that each line carries, all lines sorted by that, and where
        those of each tensor begin."""
        graph, edge = self.folded.skeleton.graph, self.scene.line_edge
        key = graph.source[edge] * (int(graph.source_slot.max(initial=0)) + 1)
        _, tensor = np.unique(key + graph.source_slot[edge], return_inverse=True)
        tensor = tensor.reshape(-1)
        starts = np.concatenate([[0], np.cumsum(np.bincount(tensor))])
        return tensor, np.argsort(tensor, kind="stable"), starts.tolist()

    def lines_with(self, lines: Ints) -> Ints:
        """Some lines, and all others that carry one of their tensors."""
        tensor, order, starts = self._by_tensor
        some = np.unique(tensor[lines]).tolist()
        return np.concatenate([lines[:0], *(order[starts[t] : starts[t + 1]] for t in some)])

    def line_through(self, room: tuple[float, float, float, float]) -> bool:
        """Whether a line may pass through a part of the picture, or the border of a group."""
        left, top, right, bottom = room
        frame = self.scene.frame
        high = (frame[:, 1] < bottom) & (frame[:, 1] + frame[:, 3] > top)
        for border in (frame[high, 0], frame[high, 0] + frame[high, 2]):
            if ((left - 2 < border) & (border < right + 2)).any():
                return True
        return len(self.segments_in(room)) > 0

    def box_at(self, x: float, y: float, slack: float = 0.0) -> int:
        """The box at a point (-1: none); the nearest to its middle if there are several."""
        found = self.boxes_in((x - slack, y - slack, x + slack, y + slack))
        if len(found) == 0:
            return -1
        middle = self.scene.box[found, :2] + self.scene.box[found, 2:] / 2
        return int(found[np.argmin(((middle - (x, y)) ** 2).sum(axis=1))])

    def frame_title_at(self, x: float, y: float) -> int:
        """The open group whose title bar is at a point (-1: none); the innermost."""
        frame = self.scene.frame
        high = self.folded.faces.spacing.title_height
        hit = (
            (frame[:, 0] <= x)
            & (x <= frame[:, 0] + frame[:, 2])
            & (frame[:, 1] <= y)
            & (y <= frame[:, 1] + high)
        )
        rows = np.flatnonzero(hit)
        return int(self.scene.frame_group[rows[-1]]) if len(rows) else -1

    def titles_in(self, room: tuple[float, float, float, float]) -> list[tuple[float, int]]:
        """Where the titles of open groups begin whose bars meet a part of the picture, and the
        groups."""
        left, top, right, bottom = room
        frame, high = self.scene.frame, self.folded.faces.spacing.title_height
        hit = (
            (frame[:, 0] < right)
            & (left < frame[:, 0] + frame[:, 2])
            & (frame[:, 1] < bottom)
            & (top < frame[:, 1] + high)
        )
        rows = np.flatnonzero(hit).tolist()
        return [(float(frame[row, 0]), int(self.scene.frame_group[row])) for row in rows]

    def line_at(self, x: float, y: float, slack: float) -> int:
        """The line within ``slack`` of a point (-1: none)."""
        pieces, line = self.segments
        near = self.segments_in((x - slack, y - slack, x + slack, y + slack))
        if len(near) == 0:
            return -1
        away = _distance_to_curves(pieces[near], x, y)
        best = int(np.argmin(away))
        return int(line[near[best]]) if away[best] <= slack else -1

    def middle(self, box: int) -> tuple[float, float]:
        """The middle of a box."""
        left, top, width, height = self.scene.box[box].tolist()
        return left + width / 2, top + height / 2

    def upper_edge(self, node: int) -> tuple[float, float] | None:
        """The middle of the upper edge of a node's box, None when it has none; without a node
        (-1) the origin of the picture."""
        if node < 0:
            return 0.0, 0.0
        if node >= len(self.scene.shown) or self.scene.shown[node] < 0:
            return None
        left, top, width, _ = self.scene.box[self.scene.shown[node]].tolist()
        return left + width / 2, top

    def lines(self, box: int) -> list[str]:
        """All that is written in a box."""
        node, texts = int(self.scene.node[box]), self.texts
        if node < 0 or not self.cards:
            return [self.label(box)]
        saved = self.scene.role[box] == Role.SAVED
        rows = texts.saved[node] if saved else (texts.title[node], texts.line[node])
        return [row for row in rows if row]

    def label(self, box: int) -> str:
        """What is written on a box."""
        scene = self.scene
        group, node, edge = int(scene.group[box]), int(scene.node[box]), int(scene.edge[box])
        if group >= 0:
            return f"▸ {self.folded.groups.title(group)}"
        if edge >= 0:
            graph = self.folded.skeleton.graph
            to = scene.role[box] == Role.TO
            other = int((graph.target if to else graph.source)[edge])
            inside = int(scene.group[scene.shown[other]])
            name = self.folded.groups.label[inside] if inside >= 0 else self.texts.title[other]
            return ("↓ " if to else "↑ ") + name
        return self.texts.title[node]

    def other_end(self, box: int) -> int:
        """The box at the other end of the edge that a reference stands for."""
        scene, graph = self.scene, self.folded.skeleton.graph
        ends = graph.target if scene.role[box] == Role.TO else graph.source
        return int(scene.shown[ends[scene.edge[box]]])

    def told(self, box: int, line: int, title: int) -> tuple[int, int, int]:
        """Node, edge and group (-1: not that) of what is under a pointer."""
        scene = self.scene
        node = int(scene.node[box]) if box >= 0 else -1
        edge = int(scene.line_edge[line]) if line >= 0 else -1
        if box >= 0 and scene.edge[box] >= 0:
            edge = int(scene.edge[box])
        return node, edge, int(scene.group[box]) if box >= 0 else title

    def group_around(self, node: int) -> int:
        """The innermost open group around a node; 0 when there is none but the whole graph."""
        skeleton, groups = self.folded.skeleton, self.folded.groups
        place = int(skeleton.place[node])
        if place < 0:
            users = skeleton.docks.user[(skeleton.docks.boxes == node).any(axis=1)]
            place = int(skeleton.place[users[0]]) if len(users) else -1
        if place < 0:
            return 0
        return [group for group in groups.holders(place) if group in self.folded.open][-1]

    def is_pass(self, group: int) -> bool:
        """Whether a group is a pass of a loop or a chunk of such."""
        groups = self.folded.groups
        return groups.kind[group] == GroupKind.PASS or groups.label[group].startswith("pass ")


def sampled(pieces: Floats, parts: int) -> Floats:
    """Curves with vertical tangents as straight pieces: shape (n, parts, 4)."""
    along, across = _curve(parts)
    x = pieces[:, :1] + (pieces[:, 2:3] - pieces[:, :1]) * across
    y = pieces[:, 1:2] + (pieces[:, 3:] - pieces[:, 1:2]) * along
    return np.stack([x[:, :-1], y[:, :-1], x[:, 1:], y[:, 1:]], axis=2)


@lru_cache(maxsize=4)
def _curve(parts: int) -> tuple[Floats, Floats]:
    """How far along and across its way a curve has come after each of its parts."""
    t = np.linspace(0, 1, parts + 1)
    along = 1.5 * (1 - t) ** 2 * t + 1.5 * (1 - t) * t**2 + t**3
    return along, 3 * (1 - t) * t**2 + t**3


def _distance_to_curves(pieces: Floats, x: float, y: float) -> Floats:
    """How far a point is from each curve."""
    parts = sampled(pieces, 12)
    start, way = parts[..., :2], parts[..., 2:] - parts[..., :2]
    length = np.maximum((way**2).sum(axis=2), 1e-9)
    share = np.clip((((x, y) - start) * way).sum(axis=2) / length, 0, 1)
    nearest = start + way * share[..., None]
    away: Floats = np.sqrt(((nearest - (x, y)) ** 2).sum(axis=2)).min(axis=1)
    return away
