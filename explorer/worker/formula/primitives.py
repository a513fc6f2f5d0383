"""The few functions of the derivative table that are neither formulas nor torch operations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import torch
from torch import Tensor

OPTIONS: Final = object()
"""Stands for dtype, layout and device of an input; calls leave it out."""


def _dims(dims: Any, count: int) -> list[int]:
    """The reduced dimensions, counted from 0; None and an empty list mean all."""
    if dims is None or (isinstance(dims, (list, tuple)) and not dims):
        return list(range(count))
    listed = dims if isinstance(dims, (list, tuple)) else [dims]
    return sorted(dim % count if count else 0 for dim in listed)


def spread(grad: Tensor, sizes: Sequence[int], dims: Any = None, keepdim: bool = False) -> Tensor:
    """Repeat a gradient over the dimensions of ``sizes`` that a reduction took away."""
    if not keepdim and sizes:
        for dim in _dims(dims, len(sizes)):
            if grad.dim() < len(sizes):
                grad = grad.unsqueeze(dim)
    return grad.expand(list(sizes))


def _count(sizes: Sequence[int], dims: Any = None) -> int:
    return math.prod(sizes[dim] for dim in _dims(dims, len(sizes))) if sizes else 1


def _mean_along(values: Tensor, dims: Any = None) -> Tensor:
    return values.mean(_dims(dims, values.dim()), keepdim=True) if values.dim() else values


def _where(condition: Any, yes: Any, no: Any) -> Any:
    if not isinstance(condition, Tensor):
        return yes if condition else no
    return torch.where(condition, yes, no)


def _reshaped(grad: Tensor, *dims_and_sizes: Any) -> Tensor:
    return grad.reshape(dims_and_sizes[-1])


def _repeat_backward(grad: Tensor, repeats: Sequence[int], sizes: Sequence[int]) -> Tensor:
    extra = len(repeats) - len(sizes)
    folded: list[int] = []
    for times, size in zip(repeats, [1] * extra + list(sizes), strict=True):
        folded += [times, size]
    return grad.reshape(folded).sum(list(range(0, len(folded), 2))).reshape(list(sizes))


def _stack(grads: Sequence[Tensor | None], dim: int) -> Tensor:
    shape = next(grad for grad in grads if grad is not None)
    return torch.stack([torch.zeros_like(shape) if g is None else g for g in grads], dim)


def _joined(grads: Sequence[Tensor | None], parts: Sequence[int], dim: int, sizes: Any) -> Tensor:
    like = next(grad for grad in grads if grad is not None)
    pieces = []
    for grad, part in zip(grads, parts, strict=True):
        shape = [*sizes]
        shape[dim] = part
        pieces.append(like.new_zeros(shape) if grad is None else grad)
    return torch.cat(pieces, dim)


def _split_backward(grads: Sequence[Tensor | None], size: int, dim: int, sizes: Any) -> Tensor:
    whole = sizes[dim]
    parts = [min(size, whole - start) for start in range(0, whole, size)] or [0]
    return _joined(grads, parts, dim, sizes)


def _slice_backward(
    grad: Tensor, sizes: Any, dim: int, start: int | None, end: int | None, step: int
) -> Tensor:
    place: list[Any] = [slice(None)] * len(sizes)
    place[dim] = slice(start, end, step)
    full = grad.new_zeros(list(sizes))
    full[tuple(place)] = grad
    return full


def _gather_backward(grad: Tensor, like: Tensor, dim: int, index: Tensor, _: bool) -> Tensor:
    return grad.new_zeros(like.shape).scatter_add(dim, index, grad)


def _index_backward(zeros: Tensor, indices: Sequence[Tensor | None], grad: Tensor) -> Tensor:
    put: Tensor = torch.ops.aten.index_put(zeros, indices, grad, True)
    return put


def _inverse_permute(grad: Tensor, dims: Sequence[int]) -> Tensor:
    order = [0] * len(dims)
    for place, dim in enumerate(dims):
        order[dim % len(dims)] = place
    return grad.permute(order)


def _trace_backward(grad: Tensor, sizes: Sequence[int]) -> Tensor:
    return torch.eye(*sizes, dtype=grad.dtype, device=grad.device) * grad


def _pad_backward(grad: Tensor, pad: Sequence[int]) -> Tensor:
    return torch.nn.functional.pad(grad, [-part for part in pad])


def _take_backward(grad: Tensor, like: Tensor, index: Tensor) -> Tensor:
    return grad.new_zeros(like.shape).put(index, grad, accumulate=True)


def _polar_backward(grad: Tensor, result: Tensor) -> list[Tensor]:
    return [(grad.conj() * result.sgn()).real, (grad.conj() * result * 1j).real]


def _restored(values: Tensor, dims: Any, keepdim: bool) -> Tensor:
    """Put the dimensions back, with size 1, that a reduction over ``dims`` took away."""
    if keepdim:
        return values
    listed = dims if isinstance(dims, (list, tuple)) else [dims]
    for dim in _dims(listed, values.dim() + len(listed)):
        values = values.unsqueeze(dim)
    return values


def _count_true(mask: Tensor, dims: Any) -> Tensor:
    return mask.sum(_dims(dims, mask.dim()), keepdim=True)


def _scalar_tensor(value: float) -> Tensor:
    return torch.tensor(value)


PRIMITIVES: dict[str, Callable[..., Any]] = {
    "spread": spread,
    "count": _count,
    "amount": lambda correction: 1 if correction is None else correction,
    "mean_along": _mean_along,
    "only": lambda value: [value],
    "where": _where,
    "scalar_tensor": _scalar_tensor,
    "Tensor": lambda *_: None,
    "tuple": lambda *_: None,
    "take_backward": _take_backward,
    "polar_backward": _polar_backward,
    "restored": _restored,
    "count_true": _count_true,
    "summed_to": lambda grad, sizes: grad.sum_to_size(sizes),
    "fmap": lambda values, _: [-value for value in values],
    "unsqueeze_to": _reshaped,
    "repeat_backward": _repeat_backward,
    "cat_tensors_backward": lambda grad, sizes, dim: list(
        grad.split([size[dim] for size in sizes], dim)
    ),
    "stack_tensors_backward": lambda grad, dim: list(grad.unbind(dim)),
    "unbind_backward": _stack,
    "split_backward": _split_backward,
    "split_with_sizes_backward": _joined,
    "slice_backward": _slice_backward,
    "gather_backward": _gather_backward,
    "index_backward": _index_backward,
    "permute_backwards": _inverse_permute,
    "trace_backward": _trace_backward,
    "constant_pad_nd_backward": _pad_backward,
    "reverse_list": lambda values: list(values)[::-1],
    "sqrt": lambda value: value.sqrt() if isinstance(value, Tensor) else math.sqrt(value),
    "matmul": torch.matmul,
    "real": torch.real,
    "imag": torch.imag,
}
