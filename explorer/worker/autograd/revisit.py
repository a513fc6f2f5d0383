"""Answers what a cell depends on where the graph is gone: the program runs again up to there."""

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
    ShapedNumbers,
)
from explorer.worker.autograd.rerun import CannotRerun, Enough, Rerun, as_a_fresh_program, tensor_at
from explorer.worker.autograd.sensitivity import Gradients, HeldGraph, NotWithoutRerun
from explorer.worker.recording.packing import little_endian

Found = tuple[list[Any], dict[Any, Gradients]]
"""All nodes, nearest first, and the derivatives at those that were reached."""


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
        with as_a_fresh_program(self._path, self._arguments, self._seed) as names:
            try:
                exec(self._code, names)
            except (Enough, SystemExit):
                pass
            except (CannotRerun, NotWithoutRerun):
                raise
            except Exception as err:
                kind = type(err).__name__
                raise CannotRerun(f"Run again, the program raised {kind}: {err}") from err
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
        value = float(root.detach()[request.cell].item())
        if value != request.expected and not (value != value and request.expected != value):
            raise CannotRerun(
                f"Run again, {request.result.name} came out as {value:.9g} in place of"
                f" {request.expected:.9g}: the program does not repeat itself. Give it a seed."
            )
        graph = HeldGraph(root, own_code=True)
        names = [_short(node.name()) for node in graph.nodes]
        if names != [_short(name) for name in request.nodes]:
            raise CannotRerun("Run again, the program built another graph than before.")
        return graph.nodes, graph.at_cell(request.cell)


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
        return _packed(nodes, found)


def _short(name: str) -> str:
    """Without the C++ namespace."""
    return name.rpartition("::")[2]


def _packed(nodes: list[Any], found: dict[Any, Gradients]) -> DerivativesAgain:
    strongest = array("d", [float("nan")]) * len(nodes)
    kept: list[tuple[int, int, Tensor]] = []
    for place, node in enumerate(nodes):
        for slot, grad in enumerate(found.get(node, ())):
            if grad is None or not grad.numel():
                continue
            size = float(grad.abs().max())
            strongest[place] = (
                size if strongest[place] != strongest[place] else max(size, strongest[place])
            )
            kept.append((place, slot, grad))
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
    return DerivativesAgain(shapes, len(nodes), little_endian((strongest,)) + b"".join(pieces))


def _bytes_of(grad: Tensor) -> bytes:
    """The numbers row by row, as they lie in memory."""
    flat = grad.detach().to("cpu").to_dense() if grad.is_sparse else grad.detach().to("cpu")
    return bytes(flat.contiguous().reshape(-1).view(torch.uint8).numpy())
