"""Tensors without plain storage (sparse, quantized, nested ...): cloned and compared as a whole."""

from __future__ import annotations

import torch


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
    kept = tensor.detach().clone()
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
