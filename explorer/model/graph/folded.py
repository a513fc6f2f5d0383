"""A graph with what is open in it: makes plans when they are needed and pictures from them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from explorer.model.graph.blocks import Block, compose, padding
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.docking import Skeleton, skeleton
from explorer.model.graph.faces import Faces
from explorer.model.graph.folding import Groups, flat_groups, fold, open_at_first
from explorer.model.graph.level import LevelLayout
from explorer.model.graph.plan import Plan, make_plan
from explorer.model.graph.references import MOST_FAR
from explorer.model.graph.scene import Scene, flatten
from explorer.model.graph.wiring import Tensors, Wiring, wire

GroupPath = tuple[str, ...]
"""The labels of a group and of those around it, from the outermost inwards."""


@dataclass(frozen=True)
class Choices:
    """Groups that are open or closed other than a graph is first shown."""

    opened: frozenset[GroupPath] = frozenset()
    closed: frozenset[GroupPath] = frozenset()


NO_CHOICES = Choices()


@dataclass
class FoldedGraph:
    """Draws one graph; ``open`` are the rows of the open groups, always with row 0.

    Plans and blocks are kept, so opening a group costs its own layout and the sums above it.
    """

    skeleton: Skeleton
    groups: Groups
    faces: Faces
    upwards: bool = False
    most_far: int = MOST_FAR
    open: set[int] = field(default_factory=lambda: {0})
    _wiring: Wiring | None = None
    _plans: dict[int, Plan] = field(default_factory=dict)
    _blocks: dict[int, Block] = field(default_factory=dict)
    _known: dict[bytes, LevelLayout] = field(default_factory=dict)

    def turned(self, *, upwards: bool) -> FoldedGraph:
        """The same graph with the users above (or below); plans are shared."""
        return replace(self, upwards=upwards, open=set(self.open), _blocks={})

    def set_open(self, group: int, is_open: bool) -> None:
        """Open or close one group; what is open inside it stays so for the next time."""
        if group == 0 or (group in self.open) == is_open:
            return
        (self.open.add if is_open else self.open.discard)(group)
        while group >= 0:
            self._blocks.pop(group, None)
            group = self.groups.parent[group]

    def reveal(self, place: int) -> None:
        """Open every group that holds a place of the skeleton."""
        for group in self.groups.holders(place):
            self.set_open(group, True)

    def unfold(self, label: str) -> bool:
        """Open the group of this name and those around it; whether there is one."""
        if label not in self.groups.label:
            return False
        group = self.groups.label.index(label)
        while group > 0:
            self.set_open(group, True)
            group = self.groups.parent[group]
        return True

    def choices(self) -> Choices:
        """What was opened and closed since the graph was first shown."""
        first, path = open_at_first(self.groups), self.groups.path
        opened = frozenset(map(path, self.open - first))
        return Choices(opened, frozenset(map(path, first - self.open)))

    def choose(self, choices: Choices) -> None:
        """Open and close the groups that are called as those of another graph."""
        if choices == NO_CHOICES:
            return
        for group in range(1, len(self.groups)):
            path = self.groups.path(group)
            if path in choices.opened or path in choices.closed:
                self.set_open(group, path in choices.opened)

    def scene(self) -> Scene:
        """The picture as it is folded now."""
        if self._wiring is None:
            self._wiring = wire(self.skeleton)
        root = self._block(0, [], [])
        made = flatten(self.skeleton, root, self._blocks, upwards=self.upwards)
        self._note_hidden(made)
        return made

    def _block(self, group: int, entering: list[Tensors], leaving: list[Tensors]) -> Block:
        block = self._blocks.get(group)
        if block is not None:
            return block
        plan = self._plans.get(group)
        if plan is None:
            assert self._wiring is not None
            crossing = (entering, leaving)
            plan = make_plan(
                self._wiring, self.groups, group, self.faces, *crossing, self.most_far, self._known
            )
            self._plans[group] = plan
        inside = {}
        for item in (plan.group >= 0).nonzero()[0].tolist():
            child = int(plan.group[item])
            if child in self.open:
                inside[item] = self._block(child, plan.order_in(item), plan.order_out(item))
        room = padding(self.faces.spacing, group == 0, self.upwards)
        block = compose(plan, inside, self.faces.spacing, room, self._width_of_title(group))
        self._blocks[group] = block
        return block

    def _width_of_title(self, group: int) -> float:
        """What the title of an open group needs, with its margins."""
        if group == 0:
            return 0.0
        title = [f"▾ {self.groups.title(group)}"]
        return float(self.faces.measure(title)[0]) + 2 * self.faces.spacing.box_padding

    def _note_hidden(self, scene: Scene) -> None:
        """Fill in the boxes of what is inside closed groups and of docks without a box."""
        closed = (scene.group >= 0).nonzero()[0]
        if len(closed) == 0:
            return
        places = np.full(len(self.skeleton), -1, np.int64)
        for box in closed.tolist():
            group = int(scene.group[box])
            places[self.groups.start[group] : self.groups.end[group]] = box
        hidden = np.flatnonzero(places >= 0)
        scene.shown[self.skeleton.order[hidden]] = places[hidden]
        docks = self.skeleton.docks
        for depth in range(docks.boxes.shape[1]):
            node = docks.boxes[:, depth]
            some = np.flatnonzero(node >= 0)
            some = some[scene.shown[node[some]] < 0]
            scene.shown[node[some]] = scene.shown[docks.user[some]]


def folded_graph(
    graph: GraphColumns,
    faces: Faces,
    *,
    flat: bool = False,
    dock: bool = True,
    upwards: bool = False,
    most_far: int = MOST_FAR,
) -> FoldedGraph:
    """A graph ready to be drawn, folded as it is first shown.

    Raises:
        NotAGraph: when its edges run in a circle.
    """
    bare = skeleton(graph, dock=dock)
    groups = flat_groups(bare) if flat else fold(bare)
    return FoldedGraph(bare, groups, faces, upwards, most_far, open_at_first(groups))
