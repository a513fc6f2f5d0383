"""Tensors without plain storage (sparse, quantized, nested ...): cloned and compared as a whole."""

from __future__ import annotations

import copy
import io
from typing import Any

import torch

_save, _load = torch.save, torch.load
_BytesIO = io.BytesIO
_deepcopy = copy.deepcopy
_C: Any = torch._C  # what is private there has no types
_numpy: Any = _C.TensorBase.numpy  # past the door before it


def has_plain_storage(tensor: torch.Tensor) -> bool:
    """Whether a tensor is a header over one storage, so that the storage says all of it."""
    return (
        tensor.layout is torch.strided
        and not tensor.is_quantized
        and not tensor.is_nested
        and tensor.device.type != "mkldnn"
    )


def clone_whole(tensor: torch.Tensor) -> tuple[torch.Tensor, int]:
    """A clone and its bytes."""
    detached = tensor.detach()
    try:
        kept = detached.clone()
    except (RuntimeError, NotImplementedError):
        if not tensor.is_quantized:
            raise
        kept = _deepcopy(detached)  # torch clones neither four bits nor fractional zero points
    return kept, sum(part.numel() * part.element_size() for part in parts_of_whole(kept))


def same_whole(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two such tensors hold the same, bit by bit."""
    mine, others = parts_of_whole(one), parts_of_whole(other)
    return len(mine) == len(others) and all(
        a.shape == b.shape and _same_bytes(a, b) for a, b in zip(mine, others, strict=True)
    )


def _same_bytes(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.dtype != other.dtype:
        return False
    if one.dim() == 0:
        one, other = one.reshape(1), other.reshape(1)
    return torch.equal(one.contiguous().view(torch.uint8), other.contiguous().view(torch.uint8))


def parts_of_whole(tensor: torch.Tensor) -> list[torch.Tensor]:
    """The plain tensors that such a tensor is made of."""
    if tensor.is_nested:
        return [tensor.values()] if tensor.layout is torch.jagged else list(tensor.unbind())
    if tensor.layout is torch.sparse_coo:
        return [tensor._indices(), tensor._values()]
    if tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        return [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    if tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
        return [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
    return [tensor.int_repr() if tensor.is_quantized else tensor.to_dense()]


def packed(tensor: torch.Tensor) -> bytes | None:
    """Such a tensor as bytes; None for a kind that torch cannot write."""
    written = _BytesIO()
    try:
        _save(tensor, written)
    except (RuntimeError, NotImplementedError):
        return None
    return written.getvalue()


def unpacked(held: torch.Tensor) -> torch.Tensor:
    """The tensor that `packed` wrote, from its bytes as uint8."""
    array: Any = _numpy(held)
    tensor: torch.Tensor = _load(_BytesIO(array.tobytes()), weights_only=True)
    return tensor
