"""Rules of the calls that pick a part: brackets, narrow, select, diagonal."""

from __future__ import annotations

from dataclasses import dataclass
from types import EllipsisType

from explorer.model.shapes.rules.dims import with_new_dim
from explorer.model.shapes.rules.outcome import (
    Header,
    Outcome,
    Refused,
    dimensions,
    elements,
    view_of,
    wrapped,
)
from explorer.model.strides import Layout


@dataclass(frozen=True, slots=True)
class Slice:
    """`start:stop:step` between brackets, None where nothing was written."""

    start: int | None
    stop: int | None
    step: int | None


def brackets(header: Header, items: tuple[object, ...]) -> Outcome:
    """`x[...]` with whole numbers, `Slice`, None and Ellipsis: always a view."""
    ndim = header.layout.ndim
    if len(items) == 1 and isinstance(items[0], Slice):
        _check_step(items[0])  # a lone slice is looked at before the dimensions are counted
    taken = sum(1 for item in items if isinstance(item, (int, Slice)))
    if taken > ndim:
        if ndim == 0:
            raise Refused("IndexError", "A tensor without dimensions cannot be indexed.")
        raise Refused("IndexError", f"{taken} indices are too many for {dimensions(ndim)}.")
    layout, dim = header.layout, 0
    for item in items:
        if item is None:
            layout, dim = with_new_dim(layout, dim), dim + 1
        elif isinstance(item, EllipsisType):
            # A second pair of dots skips nothing: the first has taken all that was left over.
            dim = dim + ndim - taken
            taken = ndim
        elif isinstance(item, Slice):
            layout, dim = _sliced(layout, dim, item), dim + 1
        elif isinstance(item, int):
            layout = _picked(layout, dim, item)
        else:
            raise TypeError(f"{item!r} is no whole number, Slice, None or Ellipsis")
    return view_of(header, layout, _why(items))


def _why(items: tuple[object, ...]) -> str:
    said = []
    if any(isinstance(item, int) for item in items):
        said.append("a number moves the offset and drops its dimension")
    if any(isinstance(item, Slice) for item in items):
        said.append("a slice moves the offset and multiplies the stride by its step")
    if any(item is None for item in items):
        said.append("None adds a dimension of size 1")
    said = said or ["nothing is left out"]
    return "A view: " + ", ".join(said) + "; no number moves."


def _sliced(layout: Layout, dim: int, item: Slice) -> Layout:
    size = layout.shape[dim]
    step = _check_step(item)
    start = _clamped(0 if item.start is None else item.start, size)
    stop = max(start, _clamped(size if item.stop is None else item.stop, size))
    length = -(-(stop - start) // step)
    return _with_dim(layout, dim, length, layout.stride[dim] * step, start * layout.stride[dim])


def _check_step(item: Slice) -> int:
    step = 1 if item.step is None else item.step
    if step <= 0:
        raise Refused("ValueError", f"torch has no slices with step {step}; it must be positive.")
    return step


def _clamped(bound: int, size: int) -> int:
    return max(0, min(size, bound + size if bound < 0 else bound))


def _with_dim(layout: Layout, dim: int, size: int, stride: int, further: int) -> Layout:
    return Layout(
        (*layout.shape[:dim], size, *layout.shape[dim + 1 :]),
        (*layout.stride[:dim], stride, *layout.stride[dim + 1 :]),
        layout.offset + further,
    )


def _picked(layout: Layout, dim: int, index: int) -> Layout:
    size = layout.shape[dim]
    if not -size <= index < size:
        raise Refused(
            "IndexError", f"Index {index} is outside dimension {dim}, which has {elements(size)}."
        )
    index += size if index < 0 else 0
    return Layout(
        (*layout.shape[:dim], *layout.shape[dim + 1 :]),
        (*layout.stride[:dim], *layout.stride[dim + 1 :]),
        layout.offset + index * layout.stride[dim],
    )


def select(header: Header, dim: int, index: int) -> Outcome:
    """`select(dim, index)`: one position of a dimension, which goes."""
    old = header.layout
    if old.ndim == 0:
        raise Refused("IndexError", "A tensor without dimensions has none to select from.")
    picked = _picked(old, wrapped(dim, old.ndim), index)
    return view_of(header, picked, "The offset moves to that position; no number moves.")


def narrow(header: Header, dim: int, start: int, length: int) -> Outcome:
    """`narrow(dim, start, length)`: a stretch of a dimension."""
    old = header.layout
    if old.ndim == 0:
        raise Refused("RuntimeError", "A tensor without dimensions has none to narrow.")
    if length < 0:
        raise Refused("RuntimeError", f"The length {length} is negative.")
    dim = wrapped(dim, old.ndim)
    size = old.shape[dim]
    if not -size <= start <= size:
        raise Refused(
            "IndexError", f"Start {start} is outside dimension {dim}, which has {elements(size)}."
        )
    start += size if start < 0 else 0
    if start + length > size:
        raise Refused(
            "RuntimeError",
            f"{length} from {start} on end at {start + length}, but dimension {dim} has "
            f"{elements(size)}.",
        )
    new = _with_dim(old, dim, length, old.stride[dim], start * old.stride[dim])
    return view_of(header, new, "The offset moves and the size shrinks; no number moves.")


def diagonal(header: Header, offset: int, dim1: int, dim2: int) -> Outcome:
    """`diagonal(offset, dim1, dim2)`: a step of both strides at once, as a new last dimension."""
    old = header.layout
    first, second = wrapped(dim1, old.ndim), wrapped(dim2, old.ndim)
    if first == second:
        raise Refused(
            "RuntimeError", f"A diagonal needs two different dimensions, not {first} twice."
        )
    down, right = old.shape[first] - max(-offset, 0), old.shape[second] - max(offset, 0)
    length = max(min(down, right), 0)
    start = 0
    if length:
        start = max(offset, 0) * old.stride[second] + max(-offset, 0) * old.stride[first]
    kept = [dim for dim in range(old.ndim) if dim not in (first, second)]
    both = old.stride[first] + old.stride[second]
    new = Layout(
        (*(old.shape[dim] for dim in kept), length),
        (*(old.stride[dim] for dim in kept), both),
        old.offset + start,
    )
    why = f"Down the diagonal both indices grow at once: stride {both}; no number moves."
    return view_of(header, new, why)
