"""The colours of a graph's nodes: derivatives of a chosen cell, or how large gradients are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.model.graph.drawing import DrawnGraph
from explorer.model.recording import Recording
from explorer.model.troubles.evidence import Search, gather, strength
from explorer.protocol.recording import NodeStep
from explorer.ui.sensitivity import SensitivityDesk
from explorer.ui.session import Session
from explorer.ui.tensors.row_words import number_text
from explorer.ui.troubles.search_thread import SearchThread

SPAN = 4
"""Powers of ten above and below the middle at which a colour is full."""


@dataclass(frozen=True)
class Sizes:
    """How large the gradient into each node was, by node id, in the pass over one graph."""

    root: int
    by_node: Mapping[int, float]

    def unit(self, node: int) -> float:
        """−1 (vanished) to 1 (exploded), 0 for the size in the middle of all; NaN: not known."""
        size = self.by_node.get(node)
        if size is None:
            return math.nan
        if not size or not self.middle:
            return -1.0
        if not math.isfinite(size):
            return 1.0
        return max(-1.0, min(1.0, math.log10(size / self.middle) / SPAN))

    @cached_property
    def middle(self) -> float:
        """The median of the sizes that are neither zero nor infinite."""
        usual = [size for size in self.by_node.values() if 0 < size < math.inf]
        return float(np.median(usual)) if usual else 0.0


def gradient_sizes(recording: Recording, root: int, steps: tuple[int, ...]) -> Search[Sizes]:
    """Sizes (largest number, by absolute value) of the gradients of a pass; of ``steps`` when
    these are known, else of the last recorded pass that began at the node ``root``."""
    evidence = yield from gather(recording)
    ran: list[NodeStep] = [evidence.recording.steps.nodes[step] for step in steps]
    if not ran:
        passes = [one for one in evidence.passes if root in one.roots]
        ran = next((found for one in reversed(passes) if (found := evidence.node_steps(one))), [])
    flat = [(step, grad) for step in ran for grad in step.grads_in if grad]
    briefs = yield from evidence.briefs(evidence.numbers(step.step, grad) for step, grad in flat)
    sizes: dict[int, float] = {}
    for (step, _), brief in zip(flat, briefs, strict=True):
        if not brief.sentence:
            size = math.inf if brief.nan or brief.inf else strength(brief)
            sizes[step.node] = max(size, sizes.get(step.node, 0.0))
    return Sizes(root, sizes)


class GraphTints(QObject):
    """Knows by which numbers nodes are coloured, and asks for those that it lacks."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._key: tuple[object, ...] = ()
        self._sizes: Sizes | None = None
        self._made: tuple[DrawnGraph, object, NDArray[np.float64]] | None = None
        self.by_size = False
        """Whether nodes are coloured by the size of their gradients."""
        self.desk = SensitivityDesk.of(session)
        self.desk.changed.connect(self.changed)
        self._thread = SearchThread(session, self)
        self._thread.found.connect(self._take)

    def set_by_size(self, on: bool) -> None:
        """Colour by the size of gradients, or no longer."""
        self.by_size = on
        self.changed.emit()

    def tint(
        self, drawn: DrawnGraph, root: int, steps: tuple[int, ...]
    ) -> tuple[NDArray[np.float64] | None, str]:
        """A number for each row (−1 … 1, NaN for none), and what the colours mean in words."""
        found = self.desk.found
        if found is not None and found.nodes:
            of = "depends on" if found.upstream else "flows to"
            top = number_text(max(found.nodes.values()))
            words = f"Coloured by how much {found.of} {of} each, at most {top} a cell."
            return self._column(drawn, found, found.strength), words
        if not self.by_size:
            return None, ""
        sizes = self._sizes_of(root, steps)
        if sizes is None:
            return None, "The sizes of the gradients are being asked for."
        if not sizes.by_node:
            return None, "No backward pass over this graph was recorded, so there are no gradients."
        low, high = min(sizes.by_node.values()), max(sizes.by_node.values())
        words = (
            f"Coloured by the size of the gradients, from {number_text(low)} (blue) to"
            f" {number_text(high)} (orange)."
        )
        return self._column(drawn, sizes, sizes.unit), words

    def _column(
        self, drawn: DrawnGraph, source: object, number: Callable[[int], float]
    ) -> NDArray[np.float64]:
        """The column made last, as long as graph and numbers are the same: it is asked for at
        every step."""
        if self._made is None or self._made[0] is not drawn or self._made[1] is not source:
            self._made = drawn, source, _of_rows(drawn, number)
        return self._made[2]

    def _sizes_of(self, root: int, steps: tuple[int, ...]) -> Sizes | None:
        recording = self._session.recording
        key = (self._session.run.serial, root, steps, len(recording))
        if key != self._key:
            self._key, self._sizes = key, None
            self._thread.start(gradient_sizes(recording, root, steps))
        return self._sizes

    def _take(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self.changed.emit()


def _of_rows(drawn: DrawnGraph, number: Callable[[int], float]) -> NDArray[np.float64]:
    """The numbers of nodes as a column for all rows; cuts keep their own colour."""
    of_node = np.array([number(node) for node in drawn.autograd.node.tolist()], np.float64)
    made = of_node[drawn.autograd_row]
    made[list(drawn.cuts)] = np.nan
    return made
