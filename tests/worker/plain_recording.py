"""The least that graph and backward need of a recorder: ids, a clock, and clones of gradients."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from explorer.worker.autograd.saved import WATCH
from explorer.worker.backward import BackwardPass, BackwardRecorder, Grads
from explorer.worker.graph import GraphRecorder

Tensor = torch.Tensor


class Ids:
    """Tensor ids that hold no tensor: by address, checked with a weak reference."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, Any]] = {}
        self._count = 0

    def __call__(self, tensor: Tensor) -> int:
        known = self._known.get(id(tensor))
        if known is not None and known[1]() is tensor:
            return known[0]
        self._count += 1
        self._known[id(tensor)] = (self._count, weakref.ref(tensor))
        return self._count


class PlainRecording:
    """Records everything as clones."""

    def __init__(self, *, wanted: bool = True) -> None:
        self.clock = 0
        WATCH.used = False  # what an earlier test did concerns this one not
        self.tensor_id = Ids()
        self.graph = GraphRecorder(self.tensor_id, lambda: self.clock)
        self.backward = BackwardRecorder(self.graph, self)
        self.wanted = wanted
        self.nodes: list[tuple[int, str, list[Any], list[Any]]] = []
        self.leaves: list[tuple[int, Tensor | None, Any, Tensor | None]] = []
        self.ended: list[tuple[BackwardPass, BaseException | None]] = []
        self._before: Tensor | None = None

    def wants(self, begun: BackwardPass) -> bool:
        return self.wanted

    def node_ran(
        self, during: BackwardPass, node: int, name: str, grads_in: Grads, grads_out: Grads
    ) -> None:
        self.nodes.append((node, name, _clones(grads_in), _clones(grads_out)))

    def accumulating(self, during: BackwardPass, leaf: Tensor) -> None:
        self._before = None if leaf.grad is None else leaf.grad.detach().clone()

    def accumulated(
        self, during: BackwardPass, node: int, leaf: Tensor, added: Tensor | None
    ) -> None:
        after = None if leaf.grad is None else leaf.grad.detach().clone()
        self.leaves.append((node, self._before, _clones((added,))[0], after))

    def pass_ended(self, ended: BackwardPass, error: BaseException | None) -> None:
        self.ended.append((ended, error))

    @contextmanager
    def running(self) -> Iterator[PlainRecording]:
        """Watch backward passes."""
        self.backward.install()
        try:
            yield self
        finally:
            self.backward.remove()


def _clones(grads: Grads) -> list[Any]:
    return [None if grad is None else grad.detach().clone() for grad in grads]


def same(one: Any, other: Any) -> bool:
    """Equal tensors, NaN included, or both None."""
    if one is None or other is None:
        return one is other
    return torch.equal(torch.nan_to_num(one), torch.nan_to_num(other)) and one.dtype == other.dtype


def live(root: Any) -> list[Any]:
    """Every live node behind a root, nearest first."""
    found, seen = [root], {root}
    for node in found:
        for child, _ in node.next_functions:
            if child is not None and child not in seen:
                seen.add(child)
                found.append(child)
    return found
