"""Answers what a cell depends on, or where it flows, where the graph is gone: the program runs
again up to there."""

from __future__ import annotations

import threading
from array import array
from types import FrameType
from typing import Any

import torch
from torch import Tensor

from explorer.protocol.derivatives_again import (
    MOST_BYTES,
    DerivativesAgain,
    DifferentiateAgain,
    FlowAgain,
    ShapedNumbers,
)
from explorer.worker.autograd.rerun import CannotRerun, Enough, Rerun, tensor_at
from explorer.worker.autograd.sensitivity import Gradients, HeldGraph, NotWithoutRerun
from explorer.worker.recording.packing import little_endian

Found = tuple[list[Any], dict[Any, Gradients]]
"""All nodes, nearest first, and the derivatives at those that were reached."""
Kept = tuple[int, int, Tensor]
"""(place, slot, derivatives)."""


class Revisit(Rerun):
    """Runs the program once, up to the statement that computed a tensor, and looks at it there."""

    def __init__(self, request: DifferentiateAgain) -> None:
        super().__init__(request.path, request.arguments, request.seed, request.result)
        self._request = request
        self._found: Found | None = None

    def derivatives(self) -> Found:
        """Derivatives of the cell, by node.

        Raises:
            CannotRerun: when the program came out differently, or raised before.
        """
        self._count = {self._move_at: 0}
        self.run()
        if self._found is None:
            raise CannotRerun("Run again, the program did not come past the same statements.")
        return self._found

    def _passed(self, statement: int, frame: FrameType) -> None:
        self._count[statement] += 1
        if self._count[statement] == self._moved.times:
            self._found = self._look(tensor_at(frame, self._moved.name))
            raise Enough

    def _look(self, root: Tensor) -> Found:
        request = self._request
        check_repeated(root, request.result.name, request.cell, request.expected)
        graph = HeldGraph(root, own_code=True)
        names = [_short(node.name()) for node in graph.nodes]
        if names != [_short(name) for name in request.nodes]:
            raise CannotRerun("Run again, the program built another graph than before.")
        return graph.nodes, graph.at_cell(request.cell)


class Follow(Rerun):
    """Runs the program once and sees, at each result that it passes, how much of a cell of an
    earlier tensor came there."""

    def __init__(self, request: FlowAgain) -> None:
        super().__init__(request.path, request.arguments, request.seed, request.start)
        self._request = request
        self._waiting: dict[int, list[int]] = {}
        for place, result in enumerate(request.results):
            self._waiting.setdefault(self._mark(result).id, []).append(place)
        self._start: Tensor | None = None
        self._found: dict[int, Tensor] = {}
        self._left = len(request.results)

    def columns(self) -> dict[int, Tensor]:
        """By place of the result: the derivative of each of its cells with respect to the cell.

        Raises:
            CannotRerun: when the program came out differently, or raised before.
        """
        self._count = dict.fromkeys([self._move_at, *self._waiting], 0)
        self.run()
        if self._start is None or self._left:
            raise CannotRerun("Run again, the program did not come past the same statements.")
        return self._found

    def _passed(self, statement: int, frame: FrameType) -> None:
        request, times = self._request, self._count[statement] + 1
        self._count[statement] = times
        if statement == self._move_at and times == request.start.times:
            self._start = tensor_at(frame, request.start.name)
            check_repeated(self._start, request.start.name, request.cell, request.expected)
        for place in self._waiting.get(statement, ()):
            result = request.results[place]
            if times == result.times and self._start is not None:
                self._follow(self._start, tensor_at(frame, result.name), place)
                self._left -= 1
        if not self._left:
            raise Enough

    def _follow(self, start: Tensor, result: Tensor, place: int) -> None:
        try:
            column = HeldGraph(result, own_code=True).flow(start, self._request.cell)
        except NotWithoutRerun:
            return  # nothing flows there
        self._found[place] = column.detach()


def check_repeated(tensor: Tensor, name: str, cell: tuple[int, ...], expected: float) -> None:
    """See that a run gives the number that the run before gave.

    Raises:
        CannotRerun: when it does not.
    """
    value = float(tensor.detach()[cell].item())
    if value != expected and not (value != value and expected != expected):
        raise CannotRerun(
            f"Run again, {name} came out as {value:.9g} in place of {expected:.9g}: the program"
            " does not repeat itself. Give it a seed."
        )


class Revisits:
    """One at a time."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    def differentiate_again(self, request: DifferentiateAgain) -> DerivativesAgain:
        """Answer `DifferentiateAgain`.

        Raises:
            CannotRerun: when the program cannot be run again, or is not repeatable.
        """
        with self._one_at_a_time:
            nodes, found = Revisit(request).derivatives()
        strongest = array("d", [float("nan")]) * len(nodes)
        kept: list[Kept] = []
        for place, node in enumerate(nodes):
            for slot, grad in enumerate(found.get(node, ())):
                if grad is None or not grad.numel():
                    continue
                size = float(grad.abs().max())
                before = strongest[place]
                strongest[place] = size if before != before else max(size, before)
                kept.append((place, slot, grad))
        return _packed(strongest, kept)

    def flow_again(self, request: FlowAgain) -> DerivativesAgain:
        """Answer `FlowAgain`.

        Raises:
            CannotRerun: when the program cannot be run again, or is not repeatable.
        """
        with self._one_at_a_time:
            found = Follow(request).columns()
        return _packed(array("d"), [(place, 0, column) for place, column in found.items()])


def _short(name: str) -> str:
    """Without the C++ namespace."""
    return name.rpartition("::")[2]


def _packed(strongest: array[float], kept: list[Kept]) -> DerivativesAgain:
    room, told = MOST_BYTES, []
    for place, slot, grad in sorted(kept, key=lambda one: one[2].numel()):
        room -= grad.numel() * grad.element_size()
        if room >= 0:
            told.append((place, slot, grad))
    pieces = [_bytes_of(grad) for _, _, grad in told]
    shapes = tuple(
        ShapedNumbers(
            place, slot, str(grad.dtype).removeprefix("torch."), tuple(grad.shape), len(piece)
        )
        for (place, slot, grad), piece in zip(told, pieces, strict=True)
    )
    return DerivativesAgain(shapes, len(strongest), little_endian((strongest,)) + b"".join(pieces))


def _bytes_of(grad: Tensor) -> bytes:
    """The numbers row by row, as they lie in memory."""
    flat = grad.detach().to("cpu").to_dense() if grad.is_sparse else grad.detach().to("cpu")
    return bytes(flat.contiguous().reshape(-1).view(torch.uint8).numpy())
