"""Which of a few looks each box of a graph has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from explorer.model.graph.columns import NodeKind
from explorer.model.graph.scene import Role
from explorer.ui.widgets.graph.colours import GraphColours
from explorer.ui.widgets.graph.picture import Ints, Picture


@dataclass(frozen=True)
class Look:
    """Fill and line of a box, and the radius of its corners (None: half its height)."""

    fill: QColor
    line: QColor
    corner: float | None


OPERATION, LEAF, RESULT, CUT, GROUP, PASS, REFERENCE = range(7)
"""Rows of what `looks` returns."""

_OF_ROLE = np.full(len(Role), OPERATION, np.int64)
_OF_ROLE[[Role.LEAF, Role.RESULT, Role.CUT, Role.GROUP]] = (LEAF, RESULT, CUT, GROUP)
_OF_ROLE[[Role.FROM, Role.TO, Role.SAVED]] = REFERENCE
_GROUP, _DOCKED, _LEAF = int(Role.GROUP), int(Role.DOCKED), int(NodeKind.LEAF)


def looks(ink: GraphColours) -> list[Look]:
    """The looks, in the order of the rows above."""
    return [
        Look(ink.operation, ink.operation_line, 3),
        Look(ink.leaf, ink.leaf_line, None),
        Look(ink.result, ink.result_line, 5),
        Look(ink.cut, ink.cut_line, 3),
        Look(ink.group, ink.group_line, 4),
        Look(ink.repeated, ink.repeated_line, 4),
        Look(ink.reference, ink.reference_line, None),
    ]


def looks_of(picture: Picture, boxes: Ints) -> Ints:
    """For each box the row of its look."""
    scene = picture.scene
    role = scene.role[boxes]
    found = _OF_ROLE[role]
    leaves = picture.folded.skeleton.graph.kind[np.maximum(scene.node[boxes], 0)] == _LEAF
    found[(role == _DOCKED) & leaves] = LEAF
    for place in np.flatnonzero(role == _GROUP).tolist():
        if picture.is_pass(int(scene.group[boxes[place]])):
            found[place] = PASS
    return found
