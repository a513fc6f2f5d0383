"""The derivative of one chosen cell with respect to everything upstream, on the held graph.

The graph is walked by calling its nodes one by one, not by the engine: hooks of the program do
not run, nothing is accumulated, nothing is freed. The program cannot tell.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from explorer.worker.autograd.saved import SavedState, is_python_function, saved_tensors
from explorer.worker.graph import NO_SEQUENCE

MOST_NODES = 400_000
MOST_ROWS = 1024
Gradients = list[Tensor | None]


class NotWithoutRerun(RuntimeError):
    """The derivative cannot be had from what is held; the text says why in one sentence."""


class HeldGraph:
    """The graph behind a tensor, as long as something holds it.

    Raises:
        NotWithoutRerun: when the tensor has no history, saved tensors are gone, or walking it
            would run code of the program (``own_code=True`` allows that).
    """

    def __init__(self, root: Tensor, *, own_code: bool = False) -> None:
        if not root.requires_grad:
            raise NotWithoutRerun("This tensor has no history: nothing was recorded for autograd.")
        if root.grad_fn is None:
            raise NotWithoutRerun("This tensor is a leaf: nothing stands upstream of it.")
        self.root = root
        self.nodes = reachable(root.grad_fn)
        for node in self.nodes:
            _check(node, own_code)

    def gradients(self, cell: Tensor) -> dict[Any, Gradients]:
        """Gradient of ``(root * cell).sum()`` by node, one for each output of the node.

        The gradient at a leaf is found under its AccumulateGrad.
        """
        waiting = _Waiting()
        waiting.add(self.root.grad_fn, self.root.output_nr, cell)
        reached: dict[Any, Gradients] = {}
        while (node := waiting.next()) is not None:
            grads = reached[node] = waiting.taken(node)
            if node._sequence_nr() == NO_SEQUENCE:
                continue
            for (child, slot), grad in zip(node.next_functions, _call(node, grads), strict=False):
                if child is not None and grad is not None:
                    waiting.add(child, slot, grad)
        return reached

    def at_cell(self, cell: tuple[int, ...]) -> dict[Any, Gradients]:
        """Derivatives of one cell of the root, by node.

        Raises:
            IndexError: when there is no such cell.
        """
        with torch.no_grad():
            seed = torch.zeros_like(self.root, memory_format=torch.contiguous_format)
            seed[cell] = 1
            return self.gradients(seed)

    def flow(self, upstream: Tensor, cell: tuple[int, ...]) -> Tensor:
        """Derivative of every cell of the root with respect to one cell of ``upstream``.

        Raises:
            NotWithoutRerun: when ``upstream`` has no part in the root, or when a derivative on
                the way cannot be differentiated and the root has too many cells to ask each.
        """
        try:
            return self._by_linearity(upstream, cell)
        except (RuntimeError, NotImplementedError) as err:
            if isinstance(err, NotWithoutRerun):
                raise
            if self.root.numel() > MOST_ROWS:
                raise NotWithoutRerun(f"This torch cannot follow the flow: {err}") from err
        return self._row_by_row(upstream, cell)

    def _by_linearity(self, upstream: Tensor, cell: tuple[int, ...]) -> Tensor:
        """A gradient is linear in what it starts from: differentiated once more, by its start,
        it gives a column of the Jacobian instead of a row."""
        node = _node_of(upstream)
        with torch.enable_grad():
            # Ones, not zeros: some formulas take the logarithm of the gradient.
            seed = torch.ones_like(self.root, memory_format=torch.contiguous_format)
            seed.requires_grad_()
            found = self.gradients(seed).get(node)
            into = found[_slot_of(upstream)] if found else None
            if into is None:
                raise NotWithoutRerun("Nothing flows from there to this tensor.")
            if not into.requires_grad:
                return torch.zeros_like(self.root)
            column = _unwatched_gradient(into[cell], seed)
        return torch.zeros_like(self.root) if column is None else column

    def _row_by_row(self, upstream: Tensor, cell: tuple[int, ...]) -> Tensor:
        node, slot = _node_of(upstream), _slot_of(upstream)
        with torch.no_grad():
            column = torch.zeros_like(self.root, memory_format=torch.contiguous_format)
            flat = column.view(-1)
            for row in range(column.numel()):
                seed = torch.zeros_like(flat)
                seed[row] = 1
                found = self.gradients(seed.view(column.shape)).get(node)
                into = found[slot] if found else None
                if into is not None:
                    flat[row] = into[cell]
        return column


def _unwatched_gradient(value: Tensor, start: Tensor) -> Tensor | None:
    """As ``torch.autograd.grad``, but straight from the engine: no door of the recorder sees it."""
    engine = torch.autograd.Variable._execution_engine
    found: tuple[Tensor | None, ...] = engine.run_backward(
        (value,), (torch.ones_like(value),), False, False, (start,), True, False
    )
    return found[0]


def upstream_gradients(
    found: dict[Any, Gradients], tensors: Iterable[Tensor]
) -> list[tuple[Tensor, Tensor]]:
    """The tensors among ``tensors`` that the chosen cell depends on, with their derivatives."""
    pairs = []
    for tensor in tensors:
        if not tensor.requires_grad:
            continue
        grads = found.get(_node_of(tensor))
        slot = _slot_of(tensor)
        grad = grads[slot] if grads is not None and slot < len(grads) else None
        if grad is not None and grad.shape == tensor.shape:
            pairs.append((tensor, grad))
    return pairs


class _Waiting:
    """Nodes that wait for gradients, the youngest first: all who feed a node are younger."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Any]] = []
        self._grads: dict[Any, Gradients] = {}
        self._count = itertools.count()

    def add(self, node: Any, slot: int, grad: Tensor) -> None:
        grads = self._grads.get(node)
        if grads is None:
            outputs = len(node._input_metadata)
            grads = self._grads[node] = [None] * max(outputs, slot + 1)
            heapq.heappush(self._heap, (-_age(node), next(self._count), node))
        grad = _as_engine_leaves_it(grad, node._input_metadata[slot])
        before = grads[slot]
        grads[slot] = grad if before is None else before + grad

    def next(self) -> Any:
        return heapq.heappop(self._heap)[2] if self._heap else None

    def taken(self, node: Any) -> Gradients:
        return self._grads.pop(node)


def _age(node: Any) -> int:
    """Order of creation; leaves come last of all."""
    sequence: int = node._sequence_nr()
    return -1 if sequence == NO_SEQUENCE else sequence


def _as_engine_leaves_it(grad: Tensor, metadata: Any) -> Tensor:
    """Summed over broadcast dimensions and cast, as the engine does with every gradient."""
    shape = tuple(metadata.shape)
    if tuple(grad.shape) != shape:
        grad = grad.sum_to_size(shape)
    if grad.is_complex() and not metadata.dtype.is_complex:
        grad = grad.real
    return grad if grad.dtype == metadata.dtype else grad.to(metadata.dtype)


def _call(node: Any, grads: Gradients) -> tuple[Tensor | None, ...]:
    call: Callable[..., Any] = node.apply if is_python_function(node) else node
    if is_python_function(node):
        grads = [
            torch.zeros(tuple(metadata.shape), dtype=metadata.dtype, device=metadata.device)
            if grad is None and node.materialize_grads is not False
            else grad
            for grad, metadata in zip(grads, node._input_metadata, strict=True)
        ]
    result = call(*grads)
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def reachable(root: Any) -> list[Any]:
    """All nodes behind one, nearest first."""
    seen = {root}
    nodes = [root]
    for node in nodes:
        for child, _ in node.next_functions:
            if child is not None and child not in seen:
                seen.add(child)
                nodes.append(child)
        if len(nodes) > MOST_NODES:
            raise NotWithoutRerun(f"The graph has more than {MOST_NODES:,} nodes.")
    return nodes


def _check(node: Any, own_code: bool) -> None:
    """Refuse a node that cannot be called without disturbing the program."""
    name = node.name().rpartition("::")[2]
    if is_python_function(node) and not own_code:
        owner = type(node)._forward_cls.__module__
        raise NotWithoutRerun(
            f"The way leads through {name}, whose backward is Python code (of {owner}) and would"
            " have to run again."
        )
    for saved in saved_tensors(node):
        if saved.state is SavedState.FREED:
            raise NotWithoutRerun(
                f"The tensors that {name} had saved were freed by an earlier backward."
            )
        if saved.state is SavedState.OVERWRITTEN:
            raise NotWithoutRerun(
                f"'{saved.argument}', which {name} had saved, was overwritten in place since."
            )
        if saved.state is SavedState.HOOKED and not own_code:
            raise NotWithoutRerun(
                f"{name} saved its tensors through a hook (checkpointing or offloading); reading"
                " them would run the program's code again."
            )


def _node_of(tensor: Tensor) -> Any:
    if tensor.grad_fn is not None:
        return tensor.grad_fn
    return torch.autograd.graph.get_gradient_edge(tensor).node


def _slot_of(tensor: Tensor) -> int:
    return int(tensor.output_nr) if tensor.grad_fn is not None else 0
