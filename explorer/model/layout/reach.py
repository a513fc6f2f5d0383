"""Which places of a storage a tensor reaches, and how often.

Answers are computed for a window of places, so a tensor of billions of elements costs no more
than the part of the storage that is looked at.
"""

from __future__ import annotations

from math import gcd, prod

import numpy as np
from numpy.typing import NDArray

from explorer.model.strides import Layout

Counts = NDArray[np.int64]

# A dimension as (size, stride); lists of them run from the widest stride to the narrowest.
_Dim = tuple[int, int]

_MOST_SHIFTS = 64
_MOST_PLACES = 1 << 22


def visits(layout: Layout, start: int, stop: int) -> Counts:
    """How many elements lie at each of the places start..stop-1."""
    if layout.numel == 0 or stop <= start:
        return np.zeros(max(stop - start, 0), dtype=np.int64)
    times, dims = _moving_dims(layout)
    return times * _visits(dims, start - layout.offset, stop - layout.offset)


def _moving_dims(layout: Layout) -> tuple[int, list[_Dim]]:
    """How often stride 0 repeats every place, and the other dimensions, dense neighbours joined."""
    times = 1
    moving: list[_Dim] = []
    for size, stride in zip(layout.shape, layout.stride, strict=True):
        if size == 1:
            continue
        if stride == 0:
            times *= size
        else:
            moving.append((size, stride))
    moving.sort(key=lambda dim: dim[1])
    joined: list[_Dim] = []
    for size, stride in moving:
        if joined and stride == joined[-1][0] * joined[-1][1]:
            joined[-1] = (joined[-1][0] * size, joined[-1][1])
        else:
            joined.append((size, stride))
    return times, joined[::-1]


def _extent(dims: list[_Dim]) -> int:
    return sum((size - 1) * stride for size, stride in dims)


def _visits(dims: list[_Dim], low: int, high: int) -> Counts:
    """Visits of the places low..high-1, counted from the tensor's first place."""
    counts = np.zeros(high - low, dtype=np.int64)
    first, last = max(low, 0), min(high, _extent(dims) + 1)
    if last <= first:
        return counts
    if not dims:
        counts[-low] = 1
        return counts
    size, stride = dims[0]
    if len(dims) == 1:
        first = -(-first // stride) * stride
        counts[first - low : last - low : stride] = 1
        return counts
    inner = dims[1:]
    least = max(0, -((_extent(inner) - first) // stride))
    most = min(size - 1, (last - 1) // stride)
    span = (last - first) + (most - least + 1) * stride
    if most - least < _MOST_SHIFTS or span > _MOST_PLACES:
        for i in range(least, most + 1):
            counts[first - low : last - low] += _visits(
                inner, first - i * stride, last - i * stride
            )
        return counts
    counts[first - low : last - low] = _summed_shifts(inner, first, last, stride, least, most)
    return counts


def _summed_shifts(
    inner: list[_Dim], first: int, last: int, stride: int, least: int, most: int
) -> Counts:
    """Sum of the inner visits shifted by i * stride for i in least..most, by running sums."""
    bottom, top = first - (most + 1) * stride, last - least * stride
    base = _visits(inner, bottom, top)
    padded = np.zeros(-(-len(base) // stride) * stride, dtype=np.int64)
    padded[: len(base)] = base
    running = padded.reshape(-1, stride).cumsum(axis=0).reshape(-1)
    summed: Counts = (
        running[first - least * stride - bottom : top - bottom] - running[: last - first]
    )
    return summed


def visits_below(layout: Layout, places: NDArray[np.int64]) -> Counts:
    """How many elements lie below each of the given places; differences give whole bins.

    Exact, except for a tensor that overlaps itself more than 64-fold over more than four million
    places: there the elements are taken as spread evenly.
    """
    if layout.numel == 0:
        return np.zeros(len(places), dtype=np.int64)
    times, dims = _moving_dims(layout)
    return times * _below(dims, np.asarray(places, dtype=np.int64) - layout.offset)


def _below(dims: list[_Dim], places: Counts) -> Counts:
    if not dims:
        return (places > 0).astype(np.int64)
    size, stride = dims[0]
    inner = dims[1:]
    reach = _extent(inner)
    whole = prod(inner_size for inner_size, _ in inner)
    if reach // stride > _MOST_SHIFTS:
        return _below_when_overlapping(dims, places)
    # Rows that end before the place count whole; the few that straddle it are looked into.
    complete = np.clip((places - reach - 1) // stride + 1, 0, size)
    total = complete * whole
    for step in range(reach // stride + 1):
        row = complete + step
        inside = row < size
        total += np.where(inside, _below(inner, places - row * stride), 0)
    return total


def _below_when_overlapping(dims: list[_Dim], places: Counts) -> Counts:
    length = _extent(dims) + 1
    if length <= _MOST_PLACES:
        below = np.concatenate(([0], _visits(dims, 0, length).cumsum()))
        return np.asarray(below[np.clip(places, 0, length)], dtype=np.int64)
    share = np.clip(places, 0, length) / length
    return np.asarray(share * float(prod(size for size, _ in dims)), dtype=np.int64)


def places_reached(layout: Layout) -> int | None:
    """How many different places the tensor reaches; None where counting would take too long."""
    if layout.numel == 0:
        return 0
    _, dims = _moving_dims(layout)
    runs: list[_Dim] = []
    for size, stride in reversed(dims):
        if runs and stride % runs[-1][1] == 0 and stride <= runs[-1][0] * runs[-1][1]:
            # Steps of a multiple of the run's own step, without a hole: one longer run.
            run, step = runs[-1]
            runs[-1] = (run + (stride // step) * (size - 1), step)
        else:
            runs.append((size, stride))
    reach, product = 0, 1
    nested = True
    for size, stride in runs:
        nested = nested and stride > reach
        reach += (size - 1) * stride
        product *= size
    if nested:
        return product
    if reach > _MOST_PLACES:
        return None
    return int(np.count_nonzero(_visits(runs[::-1], 0, reach + 1)))


def overlaps_itself(layout: Layout) -> bool | None:
    """Whether two indices share a place; None where counting would take too long."""
    reached = places_reached(layout)
    return None if reached is None else reached < layout.numel


def share_a_place(first: Layout, second: Layout, most: int = _MOST_PLACES) -> bool | None:
    """Whether two tensors on one storage have a place in common.

    Both are counted in elements of the same size. None where the common stretch is longer than
    `most` places, neither tensor fills it, and its first part has none.
    """
    if first.numel == 0 or second.numel == 0:
        return False
    start, stop = max(first.offset, second.offset), min(first.end, second.end)
    if start >= stop:
        return False
    if _fills(first) and _fills(second):
        return True
    for start_of_chunk in range(start, min(stop, start + most), 1 << 16):
        end_of_chunk = min(start_of_chunk + (1 << 16), stop)
        both = visits(first, start_of_chunk, end_of_chunk)
        both *= visits(second, start_of_chunk, end_of_chunk)
        if both.any():
            return True
    return None if stop - start > most else False


def share_a_byte(
    first: Layout, itemsize: int, second: Layout, other_itemsize: int, most: int = _MOST_PLACES
) -> bool | None:
    """`share_a_place` for tensors whose elements may be of different sizes.

    Two combs with the same distance between teeth that stand beside each other are told apart
    without looking at any tooth.
    """
    one, other = as_bytes(first, itemsize), as_bytes(second, other_itemsize)
    if one.numel == 0 or other.numel == 0:
        return False
    moving = [
        stride
        for layout in (one, other)
        for size, stride in zip(layout.shape[:-1], layout.stride[:-1], strict=True)
        if size > 1
    ]
    distance = gcd(*moving)
    beside = (one.offset - other.offset) % distance if distance else 0
    if distance and other_itemsize <= beside <= distance - itemsize:
        return False
    return share_a_place(one, other, most)


def _fills(layout: Layout) -> bool:
    """Whether every place from the first to the last is reached."""
    _, dims = _moving_dims(layout)
    return not dims or (len(dims) == 1 and dims[0][1] == 1)


def as_bytes(layout: Layout, element_size: int) -> Layout:
    """The same tensor counted in bytes: one more, innermost dimension of the element's bytes.

    Makes tensors of different dtypes on one storage comparable.
    """
    return Layout(
        (*layout.shape, element_size),
        (*(stride * element_size for stride in layout.stride), 1),
        layout.offset * element_size,
    )


def visits_of_cells(layout: Layout, itemsize: int, unit: int, start: int, stop: int) -> Counts:
    """How often the cells start..stop-1, of `unit` bytes each, are touched by elements.

    For elements of another size a cell counts as often as its most visited byte.
    """
    if itemsize == unit:
        return visits(layout, start, stop)
    in_bytes = visits(as_bytes(layout, itemsize), start * unit, stop * unit)
    most: Counts = in_bytes.reshape(-1, unit).max(axis=1, initial=0)
    return most
