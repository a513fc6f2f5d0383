"""Is a layout contiguous, in which memory format, and which dimensions can be merged.

"Contiguous" means: read in the format's order, the elements lie next to each other from the first
to the last. The strides of dimensions of size 1 do not matter, and a tensor without elements is
contiguous in row order whatever its strides say.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from explorer.model.strides import Layout

# Dimensions from innermost to outermost, by the format's name in torch.
FORMAT_ORDERS: dict[str, tuple[int, ...]] = {
    "channels_last": (1, 3, 2, 0),
    "channels_last_3d": (1, 4, 3, 2, 0),
}


def is_contiguous(layout: Layout) -> bool:
    """What `x.is_contiguous()` answers."""
    return layout.numel == 0 or first_break(layout, _row_order(layout)) is None


def is_contiguous_in(layout: Layout, memory_format: str) -> bool:
    """What `x.is_contiguous(memory_format=...)` answers; False for a rank the format has not.

    The formats are contiguous_format, channels_last and channels_last_3d.
    """
    if memory_format == "contiguous_format":
        return is_contiguous(layout)
    order = FORMAT_ORDERS[memory_format]
    return layout.ndim == len(order) and first_break(layout, order) is None


def formats_of(layout: Layout) -> tuple[str, ...]:
    """Every memory format in which the layout is contiguous, torch's names."""
    names = ("contiguous_format", *FORMAT_ORDERS)
    return tuple(name for name in names if is_contiguous_in(layout, name))


def first_break(layout: Layout, inner_to_outer: tuple[int, ...]) -> tuple[int, int] | None:
    """The innermost dimension whose stride is not the dense one, with the stride it should have.

    None when the layout is dense in that order.
    """
    expected = 1
    for dim in inner_to_outer:
        if layout.shape[dim] != 1:
            if layout.stride[dim] != expected:
                return dim, expected
            expected *= layout.shape[dim]
    return None


def row_break(layout: Layout) -> tuple[int, int] | None:
    """`first_break` in row order: why `is_contiguous()` says no. None where it says yes."""
    return None if layout.numel == 0 else first_break(layout, _row_order(layout))


def _row_order(layout: Layout) -> tuple[int, ...]:
    return tuple(range(layout.ndim - 1, -1, -1))


def is_dense_without_overlap(layout: Layout) -> bool:
    """Whether the elements fill a stretch of storage, each place once, in whatever order."""
    if layout.numel == 0:
        return True
    width = 1
    for stride, size in sorted(zip(layout.stride, layout.shape, strict=True)):
        if size == 1:
            continue
        if stride != width:
            return False
        width *= size
    return True


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring dimensions that merge into one: stepping through them is one even stride."""

    first: int
    last: int
    numel: int
    stride: int


def mergeable_runs(layout: Layout) -> list[Run]:
    """The dimensions grouped, from the left, into the longest runs that merge.

    Dimension d merges with d+1 when its stride is the size times the stride of what it steps
    over; dimensions of size 1 merge with anything on their right. Needs at least one element.
    """
    runs: list[Run] = []
    for dim in range(layout.ndim - 1, -1, -1):
        size, stride = layout.shape[dim], layout.stride[dim]
        if runs and (size == 1 or stride == runs[-1].numel * runs[-1].stride):
            inner = runs[-1]
            runs[-1] = Run(dim, inner.last, inner.numel * size, inner.stride)
        else:
            runs.append(Run(dim, dim, size, stride))
    return runs[::-1]


@dataclass(frozen=True, slots=True)
class Straddle:
    """Why a view is impossible: a new dimension would reach over a border that cannot merge.

    `left` and `right` are the two neighbouring old dimensions; to merge them, `left` would need
    the stride `needed`.
    """

    new_dim: int
    left: int
    right: int
    needed: int


def view_strides(layout: Layout, shape: tuple[int, ...]) -> tuple[int, ...] | Straddle:
    """Strides that show the same elements, in row order, under another shape; or why none do.

    The shape must have as many elements as the layout. Without elements every shape can be
    viewed: the same shape keeps its strides, any other gets row order's.
    """
    if layout.numel == 0:
        return layout.stride if shape == layout.shape else _empty_strides(shape)
    if layout.ndim == 0:
        return (1,) * len(shape)
    strides = [0] * len(shape)
    dim = len(shape) - 1
    runs = mergeable_runs(layout)
    for run in reversed(runs):
        covered = 1
        while dim >= 0 and (covered < run.numel or shape[dim] == 1):
            strides[dim] = covered * run.stride
            covered *= shape[dim]
            dim -= 1
        if covered != run.numel:
            return Straddle(dim + 1, run.first - 1, run.first, run.numel * run.stride)
    return tuple(strides)


def _empty_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(prod(max(size, 1) for size in shape[dim + 1 :]) for dim in range(len(shape)))
