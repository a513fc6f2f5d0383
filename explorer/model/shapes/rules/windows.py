"""Rules of the calls that set strides by hand: expand, unfold, as_strided, resize_, view(dtype)."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from explorer.model.shapes.rules.outcome import (
    LARGEST,
    Header,
    Outcome,
    Refused,
    check_countable,
    dimensions,
    dims_text,
    view_of,
    wrapped,
)
from explorer.model.shapes.rules.views import check_rank, format_strides
from explorer.model.strides import Layout

ITEMSIZES = {
    "bool": 1, "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "uint32": 4, "int32": 4,
    "uint64": 8, "int64": 8, "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8,
    "complex32": 4, "complex64": 8, "complex128": 16,
    "float8_e4m3fn": 1, "float8_e5m2": 1, "float8_e4m3fnuz": 1, "float8_e5m2fnuz": 1,
    "half": 2, "float": 4, "double": 8, "short": 2, "int": 4, "long": 8, "cfloat": 8, "cdouble": 16,
}  # fmt: skip
"""Bytes of one element, by torch's names of dtypes."""


def expand(header: Header, size: tuple[int, ...]) -> Outcome:
    """`expand(*size)`: dimensions of size 1 stretched by stride 0, new ones put on the left."""
    old = header.layout
    new_dims = len(size) - old.ndim
    if new_dims < 0:
        raise Refused(
            "RuntimeError",
            f"The tensor has {dimensions(old.ndim)}, so at least {old.ndim} sizes are needed.",
        )
    shape, strides = list(size), [0] * len(size)
    for place in range(len(size) - 1, -1, -1):
        dim = place - new_dims
        if dim >= 0:
            strides[place] = _stretched(old, dim, shape, place)
        elif size[place] < 0:
            raise Refused(
                "RuntimeError", f"The new dimension {place} has no size of its own to keep for -1."
            )
        elif size[place] == 1 and old.ndim:
            strides[place] = shape[place + 1] * strides[place + 1]
    repeated = [place for place in range(len(size)) if shape[place] > 1 and strides[place] == 0]
    why = (
        f"Stride 0 along {_listed(repeated)}: every step there reads the same place again."
        if repeated
        else "Nothing is stretched; no number moves."
    )
    return view_of(header, Layout(tuple(shape), tuple(strides), old.offset), why)


def _stretched(old: Layout, dim: int, shape: list[int], place: int) -> int:
    """The stride of an old dimension under its wanted size; -1 is replaced in the shape."""
    have, wanted = old.shape[dim], shape[place]
    if wanted in (-1, have):
        shape[place] = have
        return old.stride[dim]
    if have != 1 or wanted < 0:
        raise Refused(
            "RuntimeError",
            f"Only a dimension of size 1 can be stretched: dimension {dim} has size {have} and "
            f"cannot become {wanted}.",
        )
    return 0


def _listed(dims: list[int]) -> str:
    return ("dimension " if len(dims) == 1 else "dimensions ") + ", ".join(map(str, dims))


def unfold(header: Header, dimension: int, size: int, step: int) -> Outcome:
    """`unfold(dimension, size, step)`: windows along a dimension, each a new last dimension."""
    old = header.layout
    dim = wrapped(dimension, old.ndim)
    longest = old.shape[dim] if old.ndim else 1
    if size < 0:
        raise Refused("RuntimeError", f"A window cannot have the size {size}.")
    if size > longest:
        raise Refused(
            "RuntimeError",
            f"A window of {size} is longer than dimension {dim}, which has {longest}.",
        )
    if step <= 0:
        raise Refused("RuntimeError", "The step from window to window must be at least 1.")
    if old.ndim == 0:
        return view_of(header, Layout((size,), (1,), old.offset), "One window over one number.")
    shape, strides = list(old.shape), list(old.stride)
    shape[dim] = (longest - size) // step + 1
    strides[dim] *= step
    why = (
        "Neighbouring windows share places, so one number is seen several times."
        if step < size
        else "The windows do not share places; strides alone describe them."
    )
    new = Layout((*shape, size), (*strides, old.stride[dim]), old.offset)
    return view_of(header, new, why)


def as_strided(
    header: Header, size: tuple[int, ...], stride: tuple[int, ...], storage_offset: int | None
) -> Outcome:
    """`as_strided(size, stride, offset)`: any steps that stay inside the storage."""
    offset = header.layout.offset if storage_offset is None else storage_offset
    if len(size) != len(stride):
        raise Refused("RuntimeError", f"{len(size)} sizes came with {len(stride)} strides.")
    if any(number < 0 for number in stride):
        raise Refused("RuntimeError", "A stride cannot be negative in torch.")
    if any(number < 0 for number in size):
        raise Refused("RuntimeError", "A size cannot be negative.")
    if offset < 0:
        raise Refused("RuntimeError", "The offset cannot be negative.")
    new = Layout(size, stride, offset)
    check_countable(size)
    needed, held = new.end * header.itemsize, header.storage_bytes
    if new.numel and needed > min(held, LARGEST):
        raise Refused(
            "RuntimeError",
            f"The last element would end at byte {needed}, but the storage has {held} bytes.",
        )
    return view_of(header, new, "The header is set by hand; the storage is the same.")


def resize_(header: Header, size: tuple[int, ...], memory_format: str | None) -> Outcome:
    """`resize_(*size)`: a new header in place, the storage made longer when it is too short."""
    old = header.layout
    if header.requires_grad:
        raise Refused("RuntimeError", "A tensor that requires grad cannot be resized in place.")
    if any(number < 0 for number in size):
        raise Refused("RuntimeError", "A size cannot be negative, not even -1.")
    if memory_format == "preserve_format":
        raise Refused("RuntimeError", "resize_() needs a format to put the elements in.")
    check_countable(size)
    if size == old.shape and memory_format is None:
        return view_of(header, old, "It has this shape already; nothing happens.")
    asked = memory_format or "contiguous_format"
    # torch takes the storage for long enough when the shape stays and only the format changes.
    same = size == old.shape or not prod(size)
    needed = 0 if same else (old.offset + prod(size)) * header.itemsize
    if needed > header.storage_bytes and not header.resizable:
        raise Refused("RuntimeError", "The storage belongs to somebody else and cannot grow.")
    check_rank(Layout(size, size), asked)
    new = Layout(size, format_strides(size, asked), old.offset)
    if needed <= header.storage_bytes:
        return view_of(header, new, "The storage is long enough; only the header changes.")
    why = (
        f"The storage grows from {header.storage_bytes} to {needed} bytes; what is new in it "
        f"holds whatever memory held before."
    )
    return view_of(replace(header, storage_bytes=needed), new, why)


def view_as_dtype(header: Header, dtype: str) -> Outcome:
    """`view(dtype)`: the same bytes read as elements of another type, without a gradient."""
    old, itemsize = header.layout, ITEMSIZES[dtype]
    read = replace(header, dtype=dtype, itemsize=itemsize, requires_grad=False)
    if header.conj:
        raise Refused("RuntimeError", "Numbers that are read conjugated must be resolved first.")
    why = f"The same bytes, read as {dtype}."
    if itemsize == header.itemsize:
        return view_of(read, old, why)
    if old.ndim == 0:
        raise Refused("RuntimeError", "A tensor without dimensions keeps its element size.")
    if old.stride[-1] != 1:
        raise Refused(
            "RuntimeError",
            f"The last dimension must have stride 1, not {old.stride[-1]}, for elements of "
            f"another size.",
        )
    if itemsize < header.itemsize:
        parts = header.itemsize // itemsize
        shape = (*old.shape[:-1], old.shape[-1] * parts)
        strides = (*(stride * parts for stride in old.stride[:-1]), 1)
        return view_of(read, Layout(shape, strides, old.offset * parts), why)
    parts = itemsize // header.itemsize
    for what, number in (("The last size", old.shape[-1]), ("The offset", old.offset)):
        if number % parts:
            raise Refused("RuntimeError", f"{what}, {number}, cannot be divided by {parts}.")
    if any(stride % parts for stride in old.stride[:-1]):
        raise Refused(
            "RuntimeError", f"Strides {dims_text(old.stride[:-1])} cannot be divided by {parts}."
        )
    shape = (*old.shape[:-1], old.shape[-1] // parts)
    strides = (*(stride // parts for stride in old.stride[:-1]), 1)
    return view_of(read, Layout(shape, strides, old.offset // parts), why)
