"""The first numbers of tensors at a step, as lists that JSON can carry."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import torch

from explorer.protocol.numbers import Numbers, NumbersOf, ReadNumbers
from explorer.worker.snapshots import ContentGone, Snapshots


def read_numbers(snapshots: Snapshots, request: ReadNumbers) -> Numbers:
    """Answer `ReadNumbers`: a list per tensor, or the sentence that says why there is none."""
    return Numbers(tuple(_numbers_of(snapshots, one, request.count) for one in request.wanted))


def _numbers_of(snapshots: Snapshots, wanted: NumbersOf, count: int) -> list[Any] | str:
    try:
        tensor = snapshots.tensor_of(
            wanted.content, wanted.dtype, wanted.shape, wanted.stride, wanted.offset
        )
    except ContentGone as err:
        return str(err)
    if wanted.layout != "strided" or tensor.is_sparse:
        tensor = tensor.to_dense()
    if "conj" in wanted.flags:
        tensor = tensor.conj()
    if "neg" in wanted.flags:
        tensor = -tensor
    return [_plain(value) for value in first_values(tensor, count)]


def first_values(tensor: torch.Tensor, count: int) -> Iterator[Any]:
    """The first ``count`` values of a strided tensor, row by row, without copying the rest."""
    indices = itertools.product(*(range(size) for size in tensor.shape))
    for index in itertools.islice(indices, count):
        yield tensor[index].item() if index else tensor.item()


def _plain(value: Any) -> Any:
    if isinstance(value, complex):
        return [_plain(value.real), _plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
