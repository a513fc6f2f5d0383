"""Answers how a cell depends on everything upstream, and where a cell flows."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from explorer.protocol.autograd import (
    Flow,
    ReadFlow,
    ReadSensitivity,
    Sensitivity,
    TensorDerivative,
)
from explorer.protocol.derivatives_again import DerivativesKept, KeepDerivatives
from explorer.protocol.numbers import NumbersOf
from explorer.worker.autograd.sensitivity import HeldGraph, NotWithoutRerun, upstream_gradients
from explorer.worker.quiet import quiet
from explorer.worker.recording.packing import little_endian

if TYPE_CHECKING:
    from explorer.worker.graph import GraphRecorder
    from explorer.worker.recorder import Recorder

BY_RERUN = "rerun"
"""Reason of a `Failed` that an exact re-run of the program could mend."""


class SensitivityRefused(ValueError):
    """Cannot be told from what is held; the text says why in one sentence."""

    reason = BY_RERUN


class SensitivityAnswers:
    """Derivatives over the graph that the program holds now.

    The derivatives of the last question are kept as contents that no storage has; the next
    question drops them.
    """

    def __init__(self, recorder: Recorder, graph: GraphRecorder) -> None:
        self._recorder = recorder
        self._graph = graph
        self._kept: list[int] = []
        self._one_at_a_time = threading.Lock()

    def read_sensitivity(self, request: ReadSensitivity) -> Sensitivity:
        """Answer `ReadSensitivity`.

        Raises:
            SensitivityRefused: when it cannot be told without running the program again.
            IndexError: when the tensor has no such cell.
        """
        with self._one_at_a_time, quiet():
            root = self._as_it_was(request)
            try:
                found = HeldGraph(root, own_code=request.own_code).at_cell(request.cell)
            except NotWithoutRerun as refusal:
                raise SensitivityRefused(str(refusal)) from refusal
            alive = list(self._alive())
            numbers = {id(tensor): number for number, tensor in alive}
            pairs = upstream_gradients(found, (tensor for _, tensor in alive))
            self._drop()
            derivatives = tuple(self._derivative(numbers[id(one)], grad) for one, grad in pairs)
            nodes = self._strongest(found)
        return Sensitivity(
            derivatives, len(nodes), little_endian((array("q", nodes), array("d", nodes.values())))
        )

    def read_flow(self, request: ReadFlow) -> Flow:
        """Answer `ReadFlow`.

        Raises:
            SensitivityRefused: when nothing at all can be told.
        """
        with self._one_at_a_time, quiet():
            upstream = self._alive_tensor(request.tensor)
            self._drop()
            derivatives, refused = [], ""
            for number in request.downstream:
                try:
                    root = self._alive_tensor(number)
                    graph = HeldGraph(root, own_code=request.own_code)
                    column = graph.flow(upstream, request.cell)
                except (NotWithoutRerun, SensitivityRefused) as refusal:
                    refused = str(refusal)
                    continue
                derivatives.append(self._derivative(number, column))
        if not derivatives and refused:
            raise SensitivityRefused(refused)
        return Flow(tuple(derivatives), refused)

    def keep_derivatives(self, request: KeepDerivatives) -> DerivativesKept:
        """Answer `KeepDerivatives`."""
        with self._one_at_a_time, quiet():
            self._drop()
            kept, at = [], 0
            for one in request.derivatives:
                piece = bytearray(request.tail[at : at + one.nbytes])
                at += one.nbytes
                dtype = getattr(torch, one.dtype)
                kept.append(
                    self._derivative(0, torch.frombuffer(piece, dtype=dtype).view(one.shape))
                )
        return DerivativesKept(tuple(one.numbers for one in kept))

    def _as_it_was(self, request: ReadSensitivity) -> Tensor:
        root = self._alive_tensor(request.tensor)
        version = 0 if root.is_inference() else root._version
        node = self._graph.find(root.grad_fn)
        if (node, version) != (request.node, request.version):
            raise SensitivityRefused(
                "The program has since changed this tensor; its graph of that step is gone."
            )
        return root

    def _alive_tensor(self, number: int) -> Tensor:
        refs = self._recorder.tensors.refs
        ref = refs[number] if 0 < number < len(refs) else None
        tensor = ref() if ref is not None else None
        if tensor is None:
            raise SensitivityRefused("The program has let go of this tensor, and of its graph.")
        return tensor  # type: ignore[no-any-return]

    def _alive(self) -> Iterable[tuple[int, Tensor]]:
        for number, ref in enumerate(list(self._recorder.tensors.refs)):
            tensor = ref() if ref is not None else None
            if tensor is not None and tensor.requires_grad:
                yield number, tensor

    def _strongest(self, found: dict[Any, list[Tensor | None]]) -> dict[int, float]:
        """Node id -> the derivative furthest from zero that was found there."""
        strongest = {}
        for node, grads in found.items():
            number = self._graph.find(node)
            sizes = [float(g.abs().max()) for g in grads if g is not None and g.numel()]
            if number and sizes:
                strongest[number] = max(sizes)
        return strongest

    def _derivative(self, tensor: int, grad: Tensor) -> TensorDerivative:
        whole = grad.detach().contiguous()
        contents = self._recorder.snapshots.contents
        with self._recorder.log.lock:
            content = len(contents)
            contents.append(whole)
        self._kept.append(content)
        dtype = str(whole.dtype).removeprefix("torch.")
        offset = int(whole.storage_offset())
        shape, stride = tuple(whole.shape), tuple(whole.stride())
        return TensorDerivative(tensor, NumbersOf(content, dtype, shape, stride, offset))

    def _drop(self) -> None:
        contents = self._recorder.snapshots.contents
        for content in self._kept:
            contents[content] = None
        self._kept.clear()
