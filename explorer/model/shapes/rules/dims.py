"""Rules of the calls that reorder, add or drop dimensions: permute, transpose, squeeze and kin."""

from __future__ import annotations

from dataclasses import replace

from explorer.model.shapes.rules.outcome import (
    Header,
    Outcome,
    Refused,
    dimensions,
    dims_text,
    view_of,
    wrapped,
)
from explorer.model.strides import Layout


def _reordered(header: Header, order: tuple[int, ...]) -> Outcome:
    old = header.layout
    new = Layout(
        tuple(old.shape[dim] for dim in order), tuple(old.stride[dim] for dim in order), old.offset
    )
    return view_of(header, new, "Sizes and strides change places together; no number moves.")


def permute(header: Header, dims: tuple[int, ...]) -> Outcome:
    """`permute(*dims)`: the dimensions in the given order."""
    ndim = header.layout.ndim
    if len(dims) != ndim:
        raise Refused(
            "RuntimeError",
            f"A tensor of {dimensions(ndim)} needs each of them named once, not {len(dims)}.",
        )
    order = tuple(wrapped(dim, ndim) for dim in dims)
    if len(set(order)) != len(order):
        raise Refused("RuntimeError", f"{dims_text(dims)} names a dimension twice.")
    return _reordered(header, order)


def transpose(header: Header, first: int, second: int) -> Outcome:
    """`transpose(first, second)`: two dimensions change places."""
    ndim = header.layout.ndim
    first, second = wrapped(first, ndim), wrapped(second, ndim)
    order = list(range(ndim))
    if ndim:
        order[first], order[second] = order[second], order[first]
    return _reordered(header, tuple(order))


def t(header: Header) -> Outcome:
    """`t()`: the transpose of a matrix; a vector stays as it is."""
    ndim = header.layout.ndim
    if ndim > 2:
        raise Refused("RuntimeError", f"t() is for at most 2 dimensions; this tensor has {ndim}.")
    return _reordered(header, tuple(range(ndim))[::-1])


def reversed_dims(header: Header) -> Outcome:
    """`.T`: all dimensions in reverse."""
    return _reordered(header, tuple(range(header.layout.ndim))[::-1])


def matrix_transpose(header: Header) -> Outcome:
    """`.mT`: the last two dimensions change places."""
    ndim = header.layout.ndim
    if ndim == 1:
        raise Refused("RuntimeError", "A tensor of 1 dimension holds no matrix to transpose.")
    return _reordered(header, (*range(ndim - 2), ndim - 1, ndim - 2) if ndim else ())


def adjoint(header: Header) -> Outcome:
    """`.mH`, `adjoint()`: a matrix transpose that reads complex numbers conjugated."""
    turned = header.conj != header.dtype.startswith("complex")
    return matrix_transpose(replace(header, conj=turned))


def hermitian(header: Header) -> Outcome:
    """`.H`: a matrix only."""
    ndim = header.layout.ndim
    if ndim not in (0, 2):
        raise Refused("RuntimeError", f".H is for matrices; this tensor has {dimensions(ndim)}.")
    return adjoint(header)


def movedim(
    header: Header, source: int | tuple[int, ...], destination: int | tuple[int, ...]
) -> Outcome:
    """`movedim(source, destination)`: some dimensions to new positions, the rest in order."""
    ndim = header.layout.ndim
    wanted = source if isinstance(source, tuple) else (source,)
    places = destination if isinstance(destination, tuple) else (destination,)
    if len(wanted) != len(places):
        raise Refused(
            "RuntimeError",
            f"{dimensions(len(wanted))} cannot move to {len(places)} positions.",
        )
    sources = [wrapped(dim, ndim) for dim in wanted]
    targets = [wrapped(dim, ndim) for dim in places]
    for given, dims in ((wanted, sources), (places, targets)):
        if len(set(dims)) != len(dims):
            raise Refused("RuntimeError", f"{dims_text(given)} names a dimension twice.")
    if ndim == 0:
        return _reordered(header, ())
    rest = iter(dim for dim in range(ndim) if dim not in sources)
    at = dict(zip(targets, sources, strict=True))
    return _reordered(header, tuple(at[d] if d in at else next(rest) for d in range(ndim)))


def squeeze(header: Header, dims: tuple[int, ...] | None) -> Outcome:
    """`squeeze()`: drops dimensions of size 1, all of them or the named ones."""
    old = header.layout
    chosen = range(old.ndim) if dims is None else [wrapped(dim, old.ndim) for dim in dims]
    if len(set(chosen)) != len(chosen):
        raise Refused("RuntimeError", f"{dims_text(tuple(chosen))} names a dimension twice.")
    kept = [d for d in range(old.ndim) if d not in chosen or old.shape[d] != 1]
    why = (
        "No dimension of size 1 was named, so nothing goes."
        if len(kept) == old.ndim
        else "A dimension of size 1 is never stepped through; dropping it moves no number."
    )
    new = Layout(tuple(old.shape[d] for d in kept), tuple(old.stride[d] for d in kept), old.offset)
    return view_of(header, new, why)


def unsqueeze(header: Header, dim: int) -> Outcome:
    """`unsqueeze(dim)`: a new dimension of size 1 before that one."""
    old = header.layout
    dim = wrapped(dim, old.ndim + 1)
    new = with_new_dim(old, dim)
    return view_of(header, new, "A dimension of size 1 needs no numbers; its stride is never used.")


def with_new_dim(layout: Layout, dim: int) -> Layout:
    """The layout with a dimension of size 1 put in; its stride spans what stands right of it."""
    stride = layout.shape[dim] * layout.stride[dim] if dim < layout.ndim else 1
    return Layout(
        (*layout.shape[:dim], 1, *layout.shape[dim:]),
        (*layout.stride[:dim], stride, *layout.stride[dim:]),
        layout.offset,
    )
