"""Shape, stride, offset, dtype, storage and autograd fields of tensors, as rows of numbers."""

from __future__ import annotations

from typing import Any

import torch

from explorer.protocol.recording import CardKind
from explorer.worker.recording.whole import has_plain_storage

Row = tuple[int, int, int, int, int, int, int]
"""(tensor, kind, storage, version, grad_fn node, tensor of .grad, tensor of ._base)."""

PLAIN = (torch.Tensor, torch.nn.Parameter)
"""Types whose attributes no code of the program answers for."""

_C: Any = torch._C  # what is private there has no types
_shape_of: Any = _C.TensorBase.shape.__get__

UNKNOWN_HISTORY = object()
"""Stands for the grad_fn of a view about which torch raises instead of telling: one of several
that one function made, whose base was written into."""


class CardKinds:
    """The kinds of cards met in a run; their ids count from 1."""

    def __init__(self) -> None:
        self.kinds: list[CardKind] = []
        self._ids: dict[Any, int] = {}
        self._results: dict[Any, int] = {}

    def kind_of(
        self, tensor: torch.Tensor, grad_fn: Any, has_base: bool, marks: tuple[str, ...]
    ) -> int:
        """The kind id of a tensor as it is now; ``marks`` are flags that its storage gives it."""
        dtype = tensor.dtype
        key: Any
        if type(tensor) in PLAIN and tensor.layout is torch.strided and not tensor.is_nested:
            key = (
                type(tensor),
                dtype,
                tensor.shape,
                tensor.stride(),
                tensor.storage_offset(),
                tensor.device,
                tensor.requires_grad,
                type(grad_fn),
                has_base and tensor.is_neg(),
                has_base,
                dtype.is_complex and tensor.is_conj(),
                grad_fn is not None and tensor.retains_grad,
                tensor.is_inference(),
                marks,
            )
        else:
            key = _described(tensor, grad_fn, has_base, marks)
        known = self._ids.get(key)
        if known is None:
            self.kinds.append(_described(tensor, grad_fn, has_base, marks))
            known = self._ids[key] = len(self.kinds)
        return known

    def kind_of_result(self, tensor: torch.Tensor) -> int:
        """The same for the result of an operator outside autograd; 0 when it is no exact Tensor
        on plain memory of the CPU."""
        try:
            key = (
                tensor.dtype,
                tensor.shape,
                tensor.stride(),
                tensor.storage_offset(),
                tensor.device,
            )
        except RuntimeError:
            return 0  # a nested tensor has no shape
        known = self._results.get(key)
        if known is None:
            plain = is_plain(tensor)
            known = self._results[key] = self.kind_of(tensor, None, False, ()) if plain else 0
        return known


def is_plain(tensor: torch.Tensor) -> bool:
    """Whether a tensor's numbers are what lies in plain memory of the CPU."""
    return (
        has_plain_storage(tensor)
        and tensor.device.type == "cpu"
        and not (tensor.is_inference() or tensor.is_conj() or tensor.is_neg())
    )


def history_of(tensor: torch.Tensor) -> Any:
    """The grad_fn of a tensor, or `UNKNOWN_HISTORY`."""
    try:
        return tensor.grad_fn
    except RuntimeError:
        return UNKNOWN_HISTORY


def node_name(grad_fn: Any) -> str:
    """The name of a node without its C++ namespace: ``AddBackward0``, ``AccumulateGrad``."""
    if grad_fn is None or grad_fn is UNKNOWN_HISTORY:
        return ""
    name: str = grad_fn.name()
    return name.rpartition("::")[2]


def version_of(tensor: torch.Tensor) -> int:
    """How often the tensor's memory was written in place; 0 where torch does not count."""
    try:
        return tensor._version
    except RuntimeError:
        return 0  # an inference tensor


def _described(
    tensor: torch.Tensor, grad_fn: Any, has_base: bool, marks: tuple[str, ...]
) -> CardKind:
    strided = tensor.layout is torch.strided and not tensor.is_nested
    names = getattr(tensor, "names", ())  # torch 2.13 has no named tensors any more
    return CardKind(
        type=type(tensor).__name__,
        dtype=str(tensor.dtype).removeprefix("torch."),
        shape=tuple(sizes_of(tensor)),
        stride=tuple(tensor.stride()) if strided else (),
        offset=int(tensor.storage_offset()) if strided else 0,
        itemsize=tensor.element_size(),
        device=str(tensor.device),
        layout=str(tensor.layout).removeprefix("torch."),
        requires_grad=tensor.requires_grad,
        is_leaf=grad_fn is None,
        grad_fn=node_name(grad_fn),
        flags=(*_flags(tensor, grad_fn, has_base), *marks),
        dim_names=tuple(map(str, names)) if any(names) else (),
    )


def sizes_of(tensor: torch.Tensor) -> list[int]:
    """The shape; of a nested tensor -1 where rows differ in length.

    It is read past properties of the same name that a subclass has.
    """
    if tensor.is_nested and tensor.layout is torch.strided:
        rows = tensor._nested_tensor_size().t().tolist()
        return [tensor.size(0), *(row[0] if len(set(row)) == 1 else -1 for row in rows)]
    shape: Any = _shape_of(tensor)
    return [int(size) if isinstance(size, int) else -1 for size in shape]


def _flags(tensor: torch.Tensor, grad_fn: Any, has_base: bool) -> list[str]:
    tests = (
        ("view", has_base),
        ("conj", tensor.is_conj()),
        ("neg", tensor.is_neg()),
        ("inference", tensor.is_inference()),
        ("retains_grad", grad_fn is not UNKNOWN_HISTORY and tensor.retains_grad),
        ("quantized", tensor.is_quantized),
        ("subclass", type(tensor) not in PLAIN),
    )
    return [name for name, present in tests if present]
