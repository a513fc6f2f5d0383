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
    dtype = torch.float64 if is_wide(field.dtype) else torch.float32
    out = torch.zeros(count, rows, columns, dtype=dtype)
    if out.numel():
        for at, (first, _) in enumerate(cuts(layers, 1)):
            for picture in _layer(field, replace(request, box=_layer_box(request, first))):
                if picture is None:
                    yield None
                else:
                    out[at] = picture
    yield Summary(
        str(dtype).removeprefix("torch."), (count, rows, columns), bytes(tensor_bytes(out))
    )


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
    if request.how == "sample":
        yield _finished(field, _oriented(field.box(_sampled(request)), request))
    elif isinstance(field, SparseField):
        yield _finished(field, reduce_sparse(field, request))
    else:
        for picture in reduce_plane(field, request):
            yield None if picture is None else _finished(field, picture)


def _sampled(request: ReadSummary) -> NumberBox:
    """The box of one cell out of each block, about its middle."""
    box = request.box
    starts, counts, steps = list(box.starts), list(box.counts), list(box.steps)
    for dim, block in zip((request.down, request.across), request.block, strict=True):
        if dim == -1:
            continue
        blocks = -(-box.counts[dim] // block)
        middle = min(block // 2, box.counts[dim] - 1 - (blocks - 1) * block)
        starts[dim] += middle * box.steps[dim]
        counts[dim], steps[dim] = blocks, block * box.steps[dim]
    return NumberBox(tuple(starts), tuple(counts), tuple(steps))


def _oriented(numbers: torch.Tensor, request: ReadSummary) -> torch.Tensor:
    """Rows × columns from a box whose other dimensions have one index."""
    down, across = request.down, request.across
    kept = [dim for dim in (down, across) if dim != -1]
    others = [dim for dim in range(numbers.dim()) if dim not in kept]
    turned = numbers.permute(*others, *kept)
    shape = [1 if dim == -1 else numbers.shape[dim] for dim in (down, across)]
    return turned.reshape(shape)


def _finished(field: Field, numbers: torch.Tensor) -> torch.Tensor:
    """Floats for the picture, on the CPU."""
    plain = calculable(numbers) if numbers.dim() == 2 else numbers
    if plain.dim() == 3:
        plain = plain.double().mean(-1)
    dtype = torch.float64 if is_wide(field.dtype) else torch.float32
    raised = plain.double() + float(lift(field.dtype)) if lift(field.dtype) else plain
    return raised.to(dtype).cpu()
