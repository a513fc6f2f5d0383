"""Pictures of boxes that are too large to be sent: one number for each block of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

import torch

from explorer.protocol.values import NumberBox, ReadSummary, Summary
from explorer.worker.tiles import tensor_bytes
from explorer.worker.values.blocks import reduce_plane
from explorer.worker.values.calculable import calculable, is_wide, lift
from explorer.worker.values.fields import CannotShow, Field, checked, cuts, inside
from explorer.worker.values.sights import TensorOf, field_for
from explorer.worker.values.sparse_blocks import reduce_sparse
from explorer.worker.values.stored_fields import SparseField

HOWS = ("sample", "mean", "min", "max", "furthest")
MOST_BLOCKS = 1 << 23


def read_summary(request: ReadSummary, tensor_of: TensorOf) -> Iterator[Summary | None]:
    """Answer `ReadSummary`: None between pieces of work, the answer last.

    Raises:
        CannotShow: when the request makes no sense for the tensor.
    """
    field = field_for(request.sight, tensor_of)
    yield from summary_of(field, request)


def summary_of(field: Field, request: ReadSummary) -> Iterator[Summary | None]:
    """The picture of a box of a field: None between pieces of work, the answer last."""
    _check(field, request)
    rows, columns = (_blocks(request, axis) for axis in (0, 1))
    shown = (request.down, request.across)
    layers = tuple(1 if dim in shown else count for dim, count in enumerate(request.box.counts))
    count = prod(layers)
    if count * rows * columns > MOST_BLOCKS:
        raise CannotShow(f"{count * rows * columns} blocks are too many for one picture.")
    tail = bytearray()
    if count * rows * columns and request.how == "sample":
        tail = tensor_bytes(_finished(field, _sample(field, request)))
    elif count * rows * columns:
        for first, _ in cuts(layers, 1):
            for picture in _layer(field, replace(request, box=_layer_box(request, first))):
                if picture is None:
                    yield None
                else:
                    tail += tensor_bytes(picture)
    dtype = str(_float_of(field)).removeprefix("torch.")
    yield Summary(dtype, (count, rows, columns), bytes(tail))


def _float_of(field: Field) -> torch.dtype:
    return torch.float64 if is_wide(field.dtype) else torch.float32


def _check(field: Field, request: ReadSummary) -> None:
    checked(request.box, field.shape)
    if request.how not in HOWS:
        raise CannotShow(
            f"'{request.how}' is no way to sum up blocks; there are {', '.join(HOWS)}."
        )
    dims = [dim for dim in (request.down, request.across) if dim != -1]
    if min(request.block) < 1 or len(set(dims)) < len(dims):
        raise CannotShow("A picture needs two different dimensions and blocks of at least 1 × 1.")
    if any(not 0 <= dim < len(field.shape) for dim in dims):
        raise CannotShow(f"A tensor of shape {list(field.shape)} has no dimensions {dims}.")


def _blocks(request: ReadSummary, axis: int) -> int:
    dim = (request.down, request.across)[axis]
    return 1 if dim == -1 else -(-request.box.counts[dim] // request.block[axis])


def _layer_box(request: ReadSummary, first: tuple[int, ...]) -> NumberBox:
    counts = tuple(
        count if dim in (request.down, request.across) else 1
        for dim, count in enumerate(request.box.counts)
    )
    return inside(request.box, first, counts)


def _layer(field: Field, request: ReadSummary) -> Iterator[torch.Tensor | None]:
    """One layer: None between pieces of work, then rows × columns of floats on the CPU."""
    if isinstance(field, SparseField):
        yield _finished(field, reduce_sparse(field, request))
    else:
        for picture in reduce_plane(field, request):
            yield None if picture is None else _finished(field, picture)


def _sample(field: Field, request: ReadSummary) -> torch.Tensor:
    """One number out of each block, about its middle: layers, rows and columns in this order."""
    box = request.box
    starts, counts, steps = list(box.starts), list(box.counts), list(box.steps)
    kept = [dim for dim in (request.down, request.across) if dim != -1]
    for dim, block in zip((request.down, request.across), request.block, strict=True):
        if dim == -1:
            continue
        blocks = -(-box.counts[dim] // block)
        middle = min(block // 2, box.counts[dim] - 1 - (blocks - 1) * block)
        starts[dim] += middle * box.steps[dim]
        counts[dim], steps[dim] = blocks, block * box.steps[dim]
    numbers = field.box(NumberBox(tuple(starts), tuple(counts), tuple(steps)))
    order = [dim for dim in range(len(counts)) if dim not in kept] + kept
    return numbers if order == sorted(order) else numbers.permute(order)


def _finished(field: Field, numbers: torch.Tensor) -> torch.Tensor:
    """Floats for the picture, on the CPU."""
    plain = calculable(numbers)
    if plain.dim() > numbers.dim():
        plain = plain.double().mean(-1)
    raised = plain.double() + float(lift(field.dtype)) if lift(field.dtype) else plain
    # A call that changes nothing takes as long as one that does.
    dtype = _float_of(field)
    floats = raised if raised.dtype == dtype else raised.to(dtype)
    return floats if floats.device.type == "cpu" else floats.cpu()
