"""Block results of a sparse tensor from its stored numbers alone, however large its shape."""

from __future__ import annotations

from math import prod

import torch

from explorer.protocol.values import ReadSummary
from explorer.worker.values.blocks import furthest
from explorer.worker.values.calculable import calculable
from explorer.worker.values.stored_fields import SparseField


def reduce_sparse(field: SparseField, request: ReadSummary) -> torch.Tensor:
    """Rows × columns of block results of one layer; what is not stored counts as 0."""
    at, values = field.stored(request.box)
    numbers = calculable(values)
    dtype = numbers.dtype if numbers.is_floating_point() else torch.float64
    rows, columns = (_line(request, at, axis) for axis in (0, 1))
    shape = (rows[1], columns[1])
    place = rows[0] * columns[1] + columns[0]
    size = torch.outer(rows[2], columns[2]).reshape(-1).to(values.device)
    stored = torch.bincount(place, minlength=prod(shape))
    if request.how == "mean":
        total = torch.zeros(prod(shape), dtype=torch.float64, device=values.device)
        return (total.index_add_(0, place, numbers.double()) / size).reshape(shape).to(dtype)
    bounds = {
        how: _bound(numbers.to(dtype), place, stored == size, how) for how in ("amax", "amin")
    }
    if request.how == "furthest":
        return furthest(bounds["amax"], bounds["amin"]).reshape(shape)
    return bounds[f"a{request.how}"].reshape(shape)


def _bound(
    numbers: torch.Tensor, place: torch.Tensor, full: torch.Tensor, how: str
) -> torch.Tensor:
    """Highest or lowest number per place; 0 takes part where not every number is stored."""
    start = torch.zeros(full.numel(), dtype=numbers.dtype, device=numbers.device)
    with_zero = start.scatter_reduce(0, place, numbers, how)
    alone = start.scatter_reduce(0, place, numbers, how, include_self=False)
    return torch.where(full, alone, with_zero)


def _line(
    request: ReadSummary, at: torch.Tensor, axis: int
) -> tuple[torch.Tensor, int, torch.Tensor]:
    """Of one axis: block of each stored number, count of blocks, and cells in each."""
    dim, block = (request.down, request.across)[axis], request.block[axis]
    if dim == -1:
        return torch.zeros_like(at[0]), 1, torch.ones(1)
    size = request.box.counts[dim]
    count = -(-size // block)
    cells = torch.full((count,), float(block), dtype=torch.float64)
    cells[-1] = size - (count - 1) * block
    return torch.div(at[dim], block, rounding_mode="floor"), count, cells
