"""Every number of a plane seen once, one result per block of cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch

from explorer.protocol.values import NumberBox, ReadSummary
from explorer.worker.values.calculable import calculable
from explorer.worker.values.fields import Field, StridedField, inside

PIECE = 1 << 24
"""Numbers looked at in one go where they need no copy. Fewer would stay in the cache, but then
torch's threads meet more often, and on a busy machine each meeting waits."""
PIECE_CONVERTED = 1 << 21
"""The same on a CPU where they become float32, float64 or int64 first."""
CACHED = 1 << 19
"""Numbers that are looked at twice while they are in the cache of a CPU, where one thread works."""
NARROW = 64
"""Up to this length a run is reduced faster by pooling: torch's reductions want long ones."""

Reduction = Callable[..., torch.Tensor]
# Bound at import, before a program can put its own functions in their place.
_max_pool1d = torch.max_pool1d


@dataclass
class Gathering:
    """One result per block, gathered piece by piece."""

    reduce: Reduction
    combine: Reduction
    out: torch.Tensor

    def take(self, piece: torch.Tensor, row: int, column: int, block: tuple[int, int]) -> None:
        """Add a piece whose first cell begins block (row, column), or goes on inside it."""
        if self.reduce is sums and not piece.dtype.is_floating_point:
            piece = piece.double()
        part = self._part(piece, block)
        if self.reduce is sums and not bool(torch.isfinite(part).all()):
            part = self._part(piece.double(), block)
        room = self.out[row : row + part.shape[0], column : column + part.shape[1]]
        room.copy_(self.combine(room, part.to(room.dtype)))

    def _part(self, piece: torch.Tensor, block: tuple[int, int]) -> torch.Tensor:
        down = reduce_runs(piece, 0, block[0], self.reduce)
        return reduce_runs(down, 1, block[1], self.reduce)


@dataclass
class Extremes:
    """The highest number of each block and the highest of the negated ones, gathered together."""

    high: torch.Tensor
    depth: torch.Tensor

    def take(self, piece: torch.Tensor, row: int, column: int, block: tuple[int, int]) -> None:
        """Add a piece, as `Gathering.take` does; each part of it is read from memory once."""
        highs, depths = [], []
        rows, columns = _cached_part(piece, block)
        width = piece.shape[1]
        stripes: Any = torch.split(piece, rows)
        for stripe in stripes:
            parts: Any = [stripe] if columns >= width else torch.split(stripe, columns, 1)
            pairs = [_extremes(part, block, self.high.dtype) for part in parts]
            highs.append(_beside([high for high, _ in pairs]))
            depths.append(_beside([depth for _, depth in pairs]))
        for out, found in ((self.high, torch.cat(highs)), (self.depth, torch.cat(depths))):
            room = out[row : row + found.shape[0], column : column + found.shape[1]]
            torch.maximum(room, found, out=room)

    @property
    def out(self) -> torch.Tensor:
        """Of each block the number furthest from zero."""
        return furthest(self.high, -self.depth)


def _cached_part(piece: torch.Tensor, block: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns, of whole blocks, that are looked at together."""
    rows, columns = max(piece.shape[0], 1), max(piece.shape[1], 1)
    # Where several threads meet after each operation, the parts had better be large.
    if piece.device.type != "cpu" or torch.get_num_threads() > 1:
        return rows, columns
    if block[0] * columns > 2 * CACHED:
        return block[0], max(CACHED // block[0] // block[1], 1) * block[1]
    return max(CACHED // columns // block[0], 1) * block[0], columns


def _beside(parts: list[torch.Tensor]) -> torch.Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, 1)


def _extremes(
    part: torch.Tensor, block: tuple[int, int], dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each block the highest number, and the highest of the negated ones."""
    high = reduce_runs(part, 0, block[0], torch.amax)
    low = reduce_runs(part, 0, block[0], torch.amin)
    if high.dtype != dtype:
        high, low = high.to(dtype), low.to(dtype)
    depth = -low
    if part.device.type == "cpu" and 1 < block[1] <= NARROW and part.numel():
        pooled = (_max_pool1d(one, block[1], ceil_mode=True) for one in (high, depth))
        return next(pooled), next(pooled)
    return reduce_runs(high, 1, block[1], torch.amax), reduce_runs(depth, 1, block[1], torch.amax)


def gathering(how: str, shape: tuple[int, int], like: torch.Tensor) -> Gathering | Extremes:
    """What gathers the results of a way of summing up."""

    def begin(value: float) -> torch.Tensor:
        dtype = like.dtype if like.dtype.is_floating_point and how != "mean" else _widest(like)
        return torch.full(shape, value, dtype=dtype, device=like.device)

    if how == "mean":
        return Gathering(sums, torch.add, begin(0.0))
    if how == "furthest":
        return Extremes(begin(-math.inf), begin(-math.inf))
    if how == "max":
        return Gathering(torch.amax, torch.maximum, begin(-math.inf))
    return Gathering(torch.amin, torch.minimum, begin(math.inf))


def furthest(high: torch.Tensor, low: torch.Tensor) -> torch.Tensor:
    """Of the highest and lowest of each block the one further from zero; NaN where one is."""
    return torch.where(high >= -low, high, torch.where(torch.isnan(high), high, low))


def _widest(like: torch.Tensor) -> torch.dtype:
    return torch.float32 if like.device.type == "mps" else torch.float64


def sums(numbers: torch.Tensor, dim: int) -> torch.Tensor:
    """``torch.sum``, as a product with ones where that reads memory faster and as exactly."""
    dense = numbers.stride(-1) == 1 and numbers.numel() > 1 << 12
    plain = numbers.device.type == "cpu" and torch.get_float32_matmul_precision() == "highest"
    if not (dense and plain and numbers.dtype in (torch.float32, torch.float64)):
        return torch.sum(numbers, dim)
    ones = torch.ones(numbers.shape[dim], dtype=numbers.dtype)
    if dim == numbers.dim() - 1:
        return torch.matmul(numbers, ones)
    if dim == 1 and numbers.dim() == 3:
        return torch.bmm(ones.expand(numbers.shape[0], 1, -1), numbers).squeeze(1)
    return torch.sum(numbers, dim)


def reduce_runs(numbers: torch.Tensor, dim: int, length: int, reduce: Reduction) -> torch.Tensor:
    """Reduce each run of ``length`` along a dimension; the last run may be shorter."""
    size = numbers.shape[dim]
    if length == 1 or size == 0:
        return numbers
    if size <= length and reduce is not sums:  # which sums up runs in a way of its own
        return reduce(numbers, dim).unsqueeze(dim)
    even = size // length * length
    parts = []
    if even:
        shape = [*numbers.shape[:dim], even // length, length, *numbers.shape[dim + 1 :]]
        runs = numbers.narrow(dim, 0, even).view(shape)
        parts.append(reduce(runs, dim + 1))
    if even < size:
        parts.append(reduce(numbers.narrow(dim, even, size - even), dim).unsqueeze(dim))
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim)


def reduce_plane(field: Field, request: ReadSummary) -> Iterator[torch.Tensor | None]:
    """Rows × columns of block results: None between pieces, the result last."""
    strides = _strides(field, request)
    if strides is not None and strides[0] < strides[1] and 0 not in strides:
        # Reducing along memory's long way first lets the processor read it in order.
        turned = replace(
            request, down=request.across, across=request.down, block=request.block[::-1]
        )
        for result in _reduce(field, turned):
            yield None if result is None else result.t()
        return
    yield from _reduce(field, request)


def _reduce(field: Field, request: ReadSummary) -> Iterator[torch.Tensor | None]:
    plane = Plane(field, request)
    gathered: Gathering | Extremes | None = None
    for row, column, block, piece in plane.pieces():
        gathered = gathered or gathering(request.how, plane.blocks, piece)
        gathered.take(piece, row, column, block)
        yield None
    assert gathered is not None, "a plane has at least one cell"
    result = gathered.out
    if request.how == "mean":
        result = result / plane.sizes(result)
    yield result.expand(plane.full)


def _strides(field: Field, request: ReadSummary) -> tuple[int, int] | None:
    if not isinstance(field, StridedField) or -1 in (request.down, request.across):
        return None
    strides = field.box(request.box).stride()
    return strides[request.down], strides[request.across]


class Plane:
    """Rows and columns of a request, cut into pieces that fit blocks or lie inside one.

    A dimension of stride 0 repeats one line; one line is read of it.
    """

    def __init__(self, field: Field, request: ReadSummary) -> None:
        self._field = field
        self._dims = (request.down, request.across)
        counts = list(request.box.counts)
        size = [1 if dim == -1 else counts[dim] for dim in self._dims]
        self.full = tuple(-(-n // b) for n, b in zip(size, request.block, strict=True))
        strides = _strides(field, request) or (1, 1)
        for axis, dim in enumerate(self._dims):
            if strides[axis] == 0:
                size[axis] = counts[dim] = 1
        self._box = replace(request.box, counts=tuple(counts))
        self._size = (size[0], size[1])
        self._block = tuple(min(b, n) for b, n in zip(request.block, size, strict=True))
        rows, columns = (-(-n // b) for n, b in zip(size, self._block, strict=True))
        self.blocks = (rows, columns)

    def sizes(self, like: torch.Tensor) -> torch.Tensor:
        """Cells in each block."""
        lines = []
        for size, block, count in zip(self._size, self._block, self.blocks, strict=True):
            line = torch.full((count,), block, dtype=like.dtype, device=like.device)
            line[-1] = size - (count - 1) * block
            lines.append(line)
        return lines[0][:, None] * lines[1][None, :]

    def pieces(self) -> Iterator[tuple[int, int, tuple[int, int], torch.Tensor]]:
        """Block row and column that a piece begins or goes on in, its block, and its numbers."""
        limit = self._limit()
        width = _aligned(min(self._size[1], limit), self._block[1])
        height = _aligned(max(limit // width, 1), self._block[0])
        for r in _starts(self._size[0], height, self._block[0]):
            for c in _starts(self._size[1], width, self._block[1]):
                block = (min(self._block[0], r[1]), min(self._block[1], c[1]))
                place = r[0] // self._block[0], c[0] // self._block[1]
                yield *place, block, self._read(r, c)

    def _read(self, rows: tuple[int, int], columns: tuple[int, int]) -> torch.Tensor:
        first, counts = [0] * len(self._box.counts), list(self._box.counts)
        for dim, (start, count) in zip(self._dims, (rows, columns), strict=True):
            if dim != -1:
                first[dim], counts[dim] = start, count
        numbers = calculable(self._field.box(inside(self._box, first, tuple(counts))))
        if numbers.dim() > len(counts):
            numbers = numbers.double().mean(-1)
        others = [dim for dim in range(len(counts)) if dim not in self._dims]
        kept = [dim for dim in self._dims if dim != -1]
        return numbers.permute(*others, *kept).reshape(rows[1], columns[1])

    def _limit(self) -> int:
        none = NumberBox(self._box.starts, (0,) * len(self._box.counts), self._box.steps)
        if self._box.counts and self._field.box(none).device.type != "cpu":
            return PIECE
        native = self._field.dtype in ("float32", "float64")
        return PIECE if native and isinstance(self._field, StridedField) else PIECE_CONVERTED


def _aligned(size: int, block: int) -> int:
    """The largest multiple of the block within a size, or the size when it lies inside one."""
    return max(size // block * block, min(size, block))


def _starts(size: int, step: int, block: int) -> Iterator[tuple[int, int]]:
    """(start, count) of pieces of at most ``step`` that never cross a block's edge half-way."""
    start = 0
    while start < size:
        count = min(step, size - start)
        if step < block:
            count = min(count, block - start % block)
        yield start, count
        start += count
