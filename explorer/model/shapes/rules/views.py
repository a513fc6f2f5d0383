"""Rules of the calls that regroup elements: view, reshape, flatten, contiguous and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from explorer.model.layout.contiguity import (
    FORMAT_ORDERS,
    Straddle,
    is_contiguous_in,
    is_dense_without_overlap,
    view_strides,
)
from explorer.model.shapes.rules.outcome import (
    Header,
    Outcome,
    Refused,
    copy_of,
    dims_text,
    elements,
    view_of,
    wrapped,
)
from explorer.model.strides import Layout, dense_strides, row_major


def view(header: Header, size: tuple[int, ...]) -> Outcome:
    """`view(*size)`: the same storage or a refusal, never a copy."""
    shape = full_shape(size, header.layout.numel)
    strides = view_strides(header.layout, shape)
    if isinstance(strides, Straddle):
        raise Refused("RuntimeError", straddle_text(header.layout, shape, strides), strides)
    return _regrouped(header, shape, strides)


def reshape(header: Header, shape: tuple[int, ...]) -> Outcome:
    """`reshape(*shape)`: a view wherever the strides allow one, else a copy in row order."""
    shape = full_shape(shape, header.layout.numel)
    strides = view_strides(header.layout, shape)
    if isinstance(strides, Straddle):
        why = straddle_text(header.layout, shape, strides)
        return copy_of(header, row_major(shape).stride, shape, why + " So the numbers are copied.")
    return _regrouped(header, shape, strides)


def _regrouped(header: Header, shape: tuple[int, ...], strides: tuple[int, ...]) -> Outcome:
    why = f"Steps of {dims_text(strides)} walk the same places in the same order; nothing moves."
    return view_of(header, Layout(shape, strides, header.layout.offset), why)


def full_shape(size: tuple[int, ...], numel: int) -> tuple[int, ...]:
    """The shape with -1 worked out; refused when the elements do not fit into it."""
    for place, number in enumerate(size):
        if number < -1:
            raise Refused("RuntimeError", f"Size {number} at position {place} is negative.")
    if size.count(-1) > 1:
        raise Refused("RuntimeError", "Only one size can be -1, the one to be worked out.")
    known = prod(number for number in size if number != -1)
    if -1 in size:
        if known == 0 and numel == 0:
            raise Refused("RuntimeError", "With a size 0 beside it, -1 could be any number.")
        if known == 0 or numel % known:
            raise Refused(
                "RuntimeError", f"{elements(numel)} cannot be dealt out evenly into {_given(size)}."
            )
        return tuple(numel // known if number == -1 else number for number in size)
    if known != numel:
        raise Refused(
            "RuntimeError", f"{_given(size)} has {elements(known)}, the tensor has {numel}."
        )
    return size


def _given(size: Sequence[int]) -> str:
    return f"shape {dims_text(size)}"


def straddle_text(layout: Layout, shape: tuple[int, ...], straddle: Straddle) -> str:
    """Why no strides can show the new shape, with the two dimensions that do not merge."""
    left, right = straddle.left, straddle.right
    return (
        f"The new dimension {straddle.new_dim} of size {shape[straddle.new_dim]} would run from "
        f"dimension {right} on into dimension {left}, but these do not merge: the stride of "
        f"dimension {left} is {layout.stride[left]}, and one even step would need "
        f"{straddle.needed}."
    )


def flatten(header: Header, start_dim: int, end_dim: int) -> Outcome:
    """`flatten(start_dim, end_dim)`: a reshape that joins these dimensions."""
    old = header.layout
    start, end = wrapped(start_dim, old.ndim), wrapped(end_dim, old.ndim)
    if start > end:
        raise Refused(
            "RuntimeError", f"The first dimension to join, {start}, comes after the last, {end}."
        )
    if old.ndim == 0:
        return reshape(header, (1,))
    if start == end:
        return view_of(header, old, "There is nothing to join; this is the tensor itself.")
    joined = prod(old.shape[start : end + 1])
    return reshape(header, (*old.shape[:start], joined, *old.shape[end + 1 :]))


def unflatten(header: Header, dim: int, sizes: tuple[int, ...]) -> Outcome:
    """`unflatten(dim, sizes)`: one dimension split into several; always a view."""
    old = header.layout
    dim = wrapped(dim, old.ndim)
    if not sizes:
        raise Refused("RuntimeError", "The sizes to split into are missing.")
    if old.ndim == 0:
        raise Refused("RuntimeError", "A tensor without dimensions has none to split.")
    sizes = full_shape(sizes, old.shape[dim])
    return view(header, (*old.shape[:dim], *sizes, *old.shape[dim + 1 :]))


def ravel(header: Header) -> Outcome:
    """`ravel()`: one dimension, contiguous: `contiguous().view(-1)`."""
    made = contiguous(header, "contiguous_format")
    flat = view(made.header, (-1,))
    return made if made.layout == flat.layout else Outcome(flat.header, made.copied, made.why)


def contiguous(header: Header, memory_format: str) -> Outcome:
    """`contiguous()`: the tensor itself where it is contiguous already, else a copy."""
    old = header.layout
    check_rank(old, memory_format)
    asked = "contiguous_format" if memory_format == "preserve_format" else memory_format
    if is_contiguous_in(old, asked):
        return view_of(header, old, "It is contiguous already; this is the tensor itself.")
    if memory_format == "preserve_format":
        raise Refused("RuntimeError", "contiguous() needs a format to put the elements in.")
    named = "row order" if asked == "contiguous_format" else asked
    why = f"The elements do not lie in {named}; they are copied into a storage where they do."
    return copy_of(header, format_strides(old.shape, asked), old.shape, why)


def flip(header: Header, dims: tuple[int, ...]) -> Outcome:
    """`flip(*dims)`: the named dimensions backwards; always a copy."""
    chosen = [wrapped(dim, header.layout.ndim) for dim in dims]
    if len(set(chosen)) != len(chosen):
        raise Refused("RuntimeError", f"{dims_text(dims)} names a dimension twice.")
    why = "Backwards would need a negative stride, which torch has not; so it copies."
    return replace(clone(header, "preserve_format"), why=why)


def clone(header: Header, memory_format: str) -> Outcome:
    """`clone()`: always a copy; keeps the order of a tensor without gaps or overlaps."""
    old = header.layout
    check_rank(old, memory_format)
    if memory_format != "preserve_format":
        strides = format_strides(old.shape, memory_format)
    elif is_dense_without_overlap(old):
        strides = old.stride
    else:
        strides = _packed_strides(old)
    return copy_of(header, strides, old.shape, "clone() always copies.")


def detach(header: Header) -> Outcome:
    """`detach()` and `.data`: the same storage, cut from the graph."""
    free = replace(header, requires_grad=False)
    return view_of(free, header.layout, "The same storage, cut from the graph; no number moves.")


def check_rank(layout: Layout, memory_format: str) -> None:
    """Refuse a memory format that is for tensors of another number of dimensions."""
    order = FORMAT_ORDERS.get(memory_format)
    if order is not None and layout.ndim != len(order):
        raise Refused(
            "RuntimeError",
            f"{memory_format} is for tensors of {len(order)} dimensions; this one has "
            f"{layout.ndim}.",
        )


def format_strides(shape: tuple[int, ...], memory_format: str) -> tuple[int, ...]:
    """Dense strides in a memory format; an empty dimension counts as 0 wide in channels_last."""
    if memory_format not in FORMAT_ORDERS:
        return row_major(shape).stride
    strides = [0] * len(shape)
    width = 1
    for dim in FORMAT_ORDERS[memory_format]:
        strides[dim] = width
        width *= shape[dim]
    return tuple(strides)


def _packed_strides(layout: Layout) -> tuple[int, ...]:
    """Dense strides in the order of the old ones, equal ones by size.

    A stride 0 says nothing about order, so such a dimension stays between its neighbours.
    """
    order = list(range(layout.ndim - 1, -1, -1))
    for dim_place in range(1, layout.ndim):
        moving = dim_place
        for other in range(dim_place - 1, -1, -1):
            wider = _wider(layout, order[other], order[moving])
            if wider is False:
                break
            if wider:
                order[other], order[moving] = order[moving], order[other]
                moving = other
    return dense_strides(layout.shape, tuple(order))


def _wider(layout: Layout, one: int, other: int) -> bool | None:
    """Whether a dimension belongs outside of another; None when neither order is better."""
    ours, theirs = layout.stride[one], layout.stride[other]
    if ours == 0 or theirs == 0:
        return None
    if ours != theirs:
        return ours > theirs
    return True if layout.shape[one] > layout.shape[other] else None
