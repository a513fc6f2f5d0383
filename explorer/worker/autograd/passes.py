"""Makes node steps of what autograd's hooks report, and keeps graph and recorder in step."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from torch import Tensor

from explorer.worker.backward import BackwardPass, BackwardRecorder, Grads
from explorer.worker.graph import GraphRecorder
from explorer.worker.recorder import Recorder


class Passes:
    """Writes node steps into the recording; of each place in the program that calls backward,
    only the first passes with every node."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._most = 3
        self._wanted: frozenset[int] = frozenset()
        self._seen: Counter[tuple[int, int]] = Counter()
        self.graph = GraphRecorder(recorder.tensor_id, recorder.log.next_step)
        self.backward = BackwardRecorder(self.graph, self)
        recorder.follow_graph(self.graph)

    def keep(self, first: int, more: Iterable[int] = ()) -> None:
        """Of each place that calls backward, keep every node of so many passes; and of those
        with these numbers, counted over the whole run."""
        self._most = self.graph.detailed_rounds = first
        self._wanted = frozenset(more)

    def wants(self, begun: BackwardPass) -> bool:
        """Whether every node of a pass that has just begun is to be recorded."""
        place = self._recorder.frames.recorded_above(sys._getframe(1))
        begun.frame = self._recorder.frame_of_caller()
        if begun.inside or begun.number in self._wanted:
            return True
        if place is None:
            return self._most > 0
        key = (id(place.f_code), place.f_lasti)
        self._seen[key] += 1
        return self._seen[key] <= self._most

    def node_ran(
        self, during: BackwardPass, node: int, name: str, grads_in: Grads, grads_out: Grads
    ) -> None:
        """A node got ``grads_in``, one for each of its outputs, and gave ``grads_out``."""
        self._recorder.node_ran(node, name, grads_in, grads_out, during.frame)

    def accumulating(self, during: BackwardPass, leaf: Tensor) -> None:
        """A gradient is about to be added to ``leaf.grad``: nothing to note yet."""

    def accumulated(
        self, during: BackwardPass, node: int, leaf: Tensor, added: Tensor | None
    ) -> None:
        """``added`` was added to ``leaf.grad``."""
        self._recorder.node_ran(node, "AccumulateGrad", (added,), (), during.frame, leaf)

    def pass_ended(self, ended: BackwardPass, error: BaseException | None) -> None:
        """A pass is over: its node steps are written already."""
        self._recorder.pass_ended(ended.number, ended.frame, ended.began, ended.recorded)
