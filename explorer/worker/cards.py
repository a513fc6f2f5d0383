"""Shape, stride, offset, dtype, storage and autograd fields of tensors, as rows of numbers."""

from __future__ import annotations

from typing import Any

import torch

from explorer.protocol.recording import CardKind

Row = tuple[int, int, int, int, int, int, int]
"""(tensor, kind, storage, version, grad_fn node, tensor of .grad, tensor of ._base)."""


class CardKinds:
    """The kinds of cards met in a run; their ids count from 1."""

    def __init__(self) -> None:
        self.kinds: list[CardKind] = []
        self._ids: dict[Any, int] = {}

    def kind_of(self, tensor: torch.Tensor, marks: tuple[str, ...]) -> int:
        """The kind id of a tensor as it is now; ``marks`` are flags that its storage gives it."""
        grad_fn = tensor.grad_fn
        strided = tensor.layout is torch.strided
        key = (
            type(tensor),
            tensor.dtype,
            tensor.shape,
            tensor.stride() if strided else (),
            tensor.storage_offset() if strided else 0,
            tensor.device,
            tensor.layout,
            tensor.requires_grad,
            tensor.is_leaf,
            type(grad_fn),
            tensor._is_view() if strided else False,
            tensor.is_conj(),
            tensor.is_neg(),
            tensor.retains_grad,
            tensor.is_inference(),
            marks,
        )
        known = self._ids.get(key)
        if known is None:
            self.kinds.append(_described(tensor, marks))
            known = self._ids[key] = len(self.kinds)
        return known


def node_name(grad_fn: Any) -> str:
    """The name of a node without its C++ namespace: ``AddBackward0``, ``AccumulateGrad``."""
    if grad_fn is None:
        return ""
    name: str = grad_fn.name()
    return name.rpartition("::")[2]


def version_of(tensor: torch.Tensor) -> int:
    """How often the tensor's memory was written in place; 0 where torch does not count."""
    return 0 if tensor.is_inference() else tensor._version


def _described(tensor: torch.Tensor, marks: tuple[str, ...]) -> CardKind:
    strided = tensor.layout is torch.strided
    names = getattr(tensor, "names", ())  # torch 2.13 has no named tensors any more
    return CardKind(
        type=type(tensor).__name__,
        dtype=str(tensor.dtype).removeprefix("torch."),
        shape=tuple(_sizes(tensor)),
        stride=tuple(tensor.stride()) if strided else (),
        offset=int(tensor.storage_offset()) if strided else 0,
        itemsize=tensor.element_size(),
        device=str(tensor.device),
        layout=str(tensor.layout).removeprefix("torch."),
        requires_grad=tensor.requires_grad,
        is_leaf=tensor.is_leaf,
        grad_fn=node_name(tensor.grad_fn),
        flags=(*_flags(tensor), *marks),
        dim_names=tuple(map(str, names)) if any(names) else (),
    )


def _sizes(tensor: torch.Tensor) -> list[int]:
    """The shape; of a nested tensor -1 where rows differ in length."""
    if tensor.is_nested and tensor.layout is torch.strided:
        return [tensor.size(0), *[-1] * (tensor.dim() - 1)]
    return [int(size) if isinstance(size, int) else -1 for size in tensor.shape]


def _flags(tensor: torch.Tensor) -> list[str]:
    strided = tensor.layout is torch.strided
    tests = (
        ("view", strided and tensor._is_view()),
        ("conj", tensor.is_conj()),
        ("neg", tensor.is_neg()),
        ("inference", tensor.is_inference()),
        ("retains_grad", tensor.retains_grad),
        ("quantized", tensor.is_quantized),
        ("subclass", type(tensor) not in (torch.Tensor, torch.nn.Parameter)),
    )
    return [name for name, present in tests if present]
