"""Fields over tensors whose numbers do not simply lie in a row: sparse, quantized, nested."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import torch

from explorer.protocol.values import NumberBox
from explorer.worker.values.fields import CannotShow, StridedField, checked, cuts, inside

_STORED = {"torch.qint8": "int8", "torch.quint8": "uint8", "torch.qint32": "int32"}

WHOLE_LIMIT = 1 << 22
"""Most elements of a tensor that torch can only dequantize as a whole."""


class MadeField:
    """A field whose boxes are made when asked for, never longer than the asked box."""

    absent = ""
    shape: tuple[int, ...] = ()
    dtype = ""

    def box(self, box: NumberBox) -> torch.Tensor:
        raise NotImplementedError

    def missing(self, box: NumberBox) -> torch.Tensor | None:
        return None

    def repeats(self) -> tuple[bool, ...]:
        return (False,) * len(self.shape)

    def pieces(self, box: NumberBox, limit: int) -> Iterator[tuple[torch.Tensor, int]]:
        for first, counts in cuts(box.counts, limit):
            yield self.box(inside(box, first, counts)), 1


class SparseField(MadeField):
    """A sparse tensor of any layout as the dense tensor it stands for."""

    absent = "zero"

    def __init__(self, tensor: torch.Tensor) -> None:
        self.shape = tuple(tensor.shape)
        self.dtype = str(tensor.dtype).removeprefix("torch.")
        self._tensor = tensor

    def box(self, box: NumberBox) -> torch.Tensor:
        at, values = self._inside(box)
        out = torch.zeros(box.counts, dtype=values.dtype, device=values.device)
        if values.numel() == 0 or out.numel() == 0:
            return out
        if values.dtype == torch.bool:
            out[tuple(at)] = values  # torch cannot add truth values
        else:
            out.index_put_(tuple(at), values, accumulate=True)
        return out

    def missing(self, box: NumberBox) -> torch.Tensor | None:
        at, values = self._inside(box)
        out = torch.ones(box.counts, dtype=torch.bool, device=values.device)
        if values.numel() and out.numel():
            out[tuple(at)] = False
        return out

    def stored(self, box: NumberBox) -> tuple[torch.Tensor, torch.Tensor]:
        """Stored numbers of a box, those for one place added up: positions in the box (one row
        per dimension), values."""
        at, values = self._inside(box)
        if values.numel() == 0 or not box.counts:
            return at, values
        sparse = torch.sparse_coo_tensor(at, values, box.counts, check_invariants=False).coalesce()
        return sparse.indices(), sparse.values()

    def pieces(self, box: NumberBox, limit: int) -> Iterator[tuple[torch.Tensor, int]]:
        _, values = self.stored(box)
        for start in range(0, values.numel(), limit):
            yield values[start : start + limit], 1
        zeros = prod(box.counts) - values.numel()
        if zeros:
            yield torch.zeros(1, dtype=values.dtype, device=values.device), zeros

    def _inside(self, box: NumberBox) -> tuple[torch.Tensor, torch.Tensor]:
        """Positions in the box and values of the stored elements that lie in it."""
        checked(box, self.shape)
        index, values = _elements(self._tensor, box)
        at = index - _column(box.starts, index)
        steps, counts = _column(box.steps, index), _column(box.counts, index)
        position = torch.div(at, steps, rounding_mode="floor")
        hit = ((position >= 0) & (position < counts) & (position * steps == at)).all(0)
        return position[:, hit], values[hit]


def _column(numbers: tuple[int, ...], like: torch.Tensor) -> torch.Tensor:
    return torch.tensor(numbers, dtype=torch.int64, device=like.device).reshape(-1, 1)


def _elements(tensor: torch.Tensor, box: NumberBox) -> tuple[torch.Tensor, torch.Tensor]:
    """Index (dimensions × stored) and value of stored elements; those far from the box may lack."""
    if tensor.layout is torch.sparse_coo:
        return _spread(tensor._indices(), tensor._values())
    return _compressed(tensor, box)


def _spread(index: torch.Tensor, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """One column per number where each stored value is itself a dense block of numbers."""
    block = tuple(values.shape[1:])
    if not block:
        return index, values
    size = prod(block)
    inner = torch.ones(block, dtype=torch.bool, device=index.device).nonzero().t()
    count = index.shape[1]
    index = index.repeat_interleave(size, dim=1)
    return torch.cat([index, inner.repeat(1, count)]), values.reshape(-1)


def _compressed(tensor: torch.Tensor, box: NumberBox) -> tuple[torch.Tensor, torch.Tensor]:
    """The elements of a compressed tensor, batch by batch, in the lines that the box touches."""
    by_row = tensor.layout in (torch.sparse_csr, torch.sparse_bsr)
    blocked = tensor.layout in (torch.sparse_bsr, torch.sparse_bsc)
    pointers = tensor.crow_indices() if by_row else tensor.ccol_indices()
    plain = tensor.col_indices() if by_row else tensor.row_indices()
    values = tensor.values()
    batch = pointers.dim() - 1
    sizes = tuple(values.shape[batch + 1 : batch + 3]) if blocked else (1, 1)
    dim, size = (batch, sizes[0]) if by_row else (batch + 1, sizes[1])
    last = box.starts[dim] + max(box.counts[dim] - 1, 0) * box.steps[dim]
    lines = range(box.starts[dim] // size, last // size + 1)
    found = [torch.empty(tensor.dim(), 0, dtype=torch.int64, device=values.device)]
    numbers = [values.new_empty(0)]
    for first, _ in cuts(box.counts[:batch], 1):
        at = tuple(a + i * s for a, i, s in zip(box.starts, first, box.steps, strict=False))
        line, held = _lines(pointers[at], lines)
        pair = [line, plain[at][held].long()]
        index, value = _spread(torch.stack(pair if by_row else pair[::-1]), values[at][held])
        if blocked:
            scale = torch.tensor(sizes, device=index.device).reshape(2, 1)
            index = torch.cat([index[:2] * scale + index[2:4], index[4:]])
        lead = torch.tensor(at, dtype=torch.int64, device=index.device).reshape(-1, 1)
        found.append(torch.cat([lead.expand(batch, index.shape[1]), index]))
        numbers.append(value)
    return torch.cat(found, 1), torch.cat(numbers)


def _lines(pointers: torch.Tensor, lines: range) -> tuple[torch.Tensor, slice]:
    """Of compressed rows (or columns): the line of each stored value, and where they lie."""
    low = min(lines.start, pointers.numel() - 1)
    high = min(lines.stop, pointers.numel() - 1)
    counts = (pointers[low + 1 : high + 1] - pointers[low:high]).long()
    line = torch.arange(low, high, device=pointers.device).repeat_interleave(counts)
    return line, slice(int(pointers[low]), int(pointers[high]))


class QuantizedField(MadeField):
    """A quantized tensor as the numbers it stands for, or as the whole numbers it stores."""

    def __init__(self, tensor: torch.Tensor, *, stored: bool = False) -> None:
        self.shape = tuple(tensor.shape)
        self._tensor = tensor
        self._stored = stored
        packed = str(tensor.dtype) in ("torch.quint4x2", "torch.quint2x4")
        self._entire = packed or tensor.qscheme() == torch.per_channel_affine_float_qparams
        if self._entire and tensor.numel() > WHOLE_LIMIT:
            raise CannotShow(
                f"torch can only read this kind of {tensor.dtype} tensor as a whole, and this one "
                f"has more than {WHOLE_LIMIT} numbers; look at a slice made in the program."
            )
        self.dtype = _STORED[str(tensor.dtype)] if stored else "float32"

    def box(self, box: NumberBox) -> torch.Tensor:
        checked(box, self.shape)
        if 0 in box.counts:  # torch cannot dequantize nothing
            return torch.empty(box.counts, dtype=getattr(torch, self.dtype))
        if self._entire:
            made = self._tensor.int_repr() if self._stored else self._tensor.dequantize()
            return StridedField(made).box(box)
        cut = self._tensor
        for dim, (a, n, s) in enumerate(zip(box.starts, box.counts, box.steps, strict=True)):
            cut = cut.narrow(dim, a, (n - 1) * s + 1 if n else 0)
            if s > 1 and n > 1:
                cut = cut[(slice(None),) * dim + (slice(None, None, s),)]
        return cut.int_repr() if self._stored else cut.dequantize()


class NestedField(MadeField):
    """A nested tensor as one padded tensor; what pads is marked as holding nothing."""

    absent = "nothing"

    def __init__(self, parts: list[torch.Tensor]) -> None:
        self._parts = parts
        rank = max((part.dim() for part in parts), default=0)
        longest = tuple(max(part.shape[dim] for part in parts) for dim in range(rank))
        self.shape = (len(parts), *longest)
        first = parts[0] if parts else torch.empty(0)
        self.dtype = str(first.dtype).removeprefix("torch.")
        self._first = first

    def box(self, box: NumberBox) -> torch.Tensor:
        checked(box, self.shape)
        out = torch.zeros(box.counts, dtype=self._first.dtype, device=self._first.device)
        for at, cut, own in self._cuts(box):
            out[at][tuple(slice(0, n) for n in cut.counts)] = own.box(cut)
        return out

    def missing(self, box: NumberBox) -> torch.Tensor | None:
        checked(box, self.shape)
        out = torch.ones(box.counts, dtype=torch.bool, device=self._first.device)
        for at, cut, _ in self._cuts(box):
            out[at][tuple(slice(0, n) for n in cut.counts)] = False
        return out

    def pieces(self, box: NumberBox, limit: int) -> Iterator[tuple[torch.Tensor, int]]:
        for _, cut, own in self._cuts(box):
            yield from own.pieces(cut, limit)

    def _cuts(self, box: NumberBox) -> Iterator[tuple[int, NumberBox, StridedField]]:
        """For each component in the box: its place there, the box inside it, and its field."""
        for at in range(box.counts[0]):
            own = StridedField(self._parts[box.starts[0] + at * box.steps[0]])
            rest = list(zip(box.starts[1:], box.counts[1:], box.steps[1:], strict=True))
            counts = tuple(
                min(n, max(-(-(size - a) // s), 0))
                for (a, n, s), size in zip(rest, own.shape, strict=True)
            )
            yield at, NumberBox(box.starts[1:], counts, box.steps[1:]), own


def components(tensor: torch.Tensor) -> list[torch.Tensor]:
    """The tensors in a nested tensor, as views."""
    return list(tensor.unbind())
