"""Where a tensor's elements lie in its storage: the arithmetic of shape, stride and offset.

A *place* is a position in the storage, counted in elements from its first byte. An element with
index (i, j, ...) lies at `offset + i * stride[0] + j * stride[1] + ...`. torch's strides are never
negative, so the offset is always the lowest place that a tensor reaches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True, slots=True)
class Layout:
    """Shape, stride and offset of a strided tensor, in elements."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0

    def __post_init__(self) -> None:
        if len(self.shape) != len(self.stride):
            raise ValueError(
                f"A layout needs one stride per dimension, but shape {list(self.shape)} "
                f"came with strides {list(self.stride)}."
            )

    @property
    def numel(self) -> int:
        return prod(self.shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def end(self) -> int:
        """One past the highest place reached; the offset itself when there are no elements."""
        if self.numel == 0:
            return self.offset
        return (
            self.offset + 1 + sum((n - 1) * s for n, s in zip(self.shape, self.stride, strict=True))
        )

    def reaches_at_most(self, places: int) -> bool:
        """Whether every element lies inside a storage of that many elements."""
        return self.numel == 0 or (self.offset >= 0 and self.end <= places)


def row_major(shape: tuple[int, ...], offset: int = 0) -> Layout:
    """The layout of a freshly made tensor: last dimension next to each other."""
    return Layout(shape, dense_strides(shape, range(len(shape) - 1, -1, -1)), offset)


def dense_strides(
    shape: tuple[int, ...], inner_to_outer: range | tuple[int, ...]
) -> tuple[int, ...]:
    """Strides without gaps, the named dimensions from innermost to outermost.

    An empty dimension counts as one element wide, as torch has it.
    """
    strides = [0] * len(shape)
    width = 1
    for dim in inner_to_outer:
        strides[dim] = width
        width *= max(shape[dim], 1)
    return tuple(strides)


def checked_index(layout: Layout, index: tuple[int, ...]) -> tuple[int, ...]:
    """The index with negative entries counted from the end.

    Raises IndexError when it has the wrong length or leaves the shape.
    """
    if len(index) != layout.ndim:
        raise IndexError(
            f"A tensor of {layout.ndim} dimensions needs {layout.ndim} indices, not {len(index)}."
        )
    counted = []
    for dim, (i, n) in enumerate(zip(index, layout.shape, strict=True)):
        if not -n <= i < n:
            raise IndexError(f"Index {i} is outside dimension {dim}, which has {n} elements.")
        counted.append(i + n if i < 0 else i)
    return tuple(counted)


def place_of(layout: Layout, index: tuple[int, ...]) -> int:
    """The place of the element with that index. Raises IndexError outside the shape."""
    steps = zip(checked_index(layout, index), layout.stride, strict=True)
    return layout.offset + sum(i * s for i, s in steps)


def indices_of(layout: Layout, place: int, limit: int = 1000) -> list[tuple[int, ...]]:
    """Every index whose element lies at the place, in row order, at most `limit` of them.

    There are several when a stride is 0 or when the tensor overlaps itself, none in a gap.
    """
    if layout.numel == 0:
        return []
    found: list[tuple[int, ...]] = []
    for index in _solutions(layout, place - layout.offset):
        if len(found) == limit:
            break
        found.append(index)
    return sorted(found)


def _solutions(layout: Layout, distance: int) -> Iterator[tuple[int, ...]]:
    """All i with sum(i * stride) == distance, widest strides fixed first.

    In a tensor that does not overlap itself each of the wider dimensions then leaves a single
    choice, so nothing is searched.
    """
    dims = sorted(range(layout.ndim), key=lambda d: -layout.stride[d])
    beyond = [0] * (len(dims) + 1)
    for k in range(len(dims) - 1, -1, -1):
        beyond[k] = beyond[k + 1] + (layout.shape[dims[k]] - 1) * layout.stride[dims[k]]
    index = [0] * layout.ndim

    def fix(k: int, left: int) -> Iterator[tuple[int, ...]]:
        if not 0 <= left <= beyond[k]:
            return
        if k == len(dims):
            yield tuple(index)
            return
        dim = dims[k]
        size, stride = layout.shape[dim], layout.stride[dim]
        if stride == 0:
            choices = range(size)
        else:
            least = max(0, -((beyond[k + 1] - left) // stride))
            choices = range(least, min(size - 1, left // stride) + 1)
        for i in choices:
            index[dim] = i
            yield from fix(k + 1, left - i * stride)

    yield from fix(0, distance)


def index_at(layout: Layout, position: int) -> tuple[int, ...]:
    """The index of the element visited at that position when reading row by row.

    Raises IndexError outside 0..numel-1.
    """
    if not 0 <= position < layout.numel:
        raise IndexError(f"There is no element number {position} among {layout.numel}.")
    index = []
    for size in reversed(layout.shape):
        position, i = divmod(position, size)
        index.append(i)
    return tuple(reversed(index))
