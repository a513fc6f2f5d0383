"""Reads shapes, saved tensors and scalars of a live node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from explorer.worker.autograd.node_table import NodeDetail, Output, SavedRow
from explorer.worker.autograd.saved import (
    Saved,
    SavedState,
    attributes_of,
    saved_scalars,
    saved_tensors,
)

_words: dict[Any, str] = {}
_NO_VALUES: dict[str, Any] = {}


def read_detail(node: Any, keep: Callable[[Tensor], int]) -> NodeDetail:
    """All that can be read of a node; ``keep`` gives the id of a tensor in the recording."""
    known = attributes_of(type(node))
    outputs = outputs_of(node)
    scalars = saved_scalars(node) if known.scalars else _NO_VALUES
    if not known.tensors and not known.is_function:
        return NodeDetail(outputs, (), scalars)
    rows = tuple([_row(saved, keep) for saved in saved_tensors(node)])
    if len(rows) == len(known.tensors):
        return NodeDetail(outputs, rows, scalars)
    held = {row.argument.partition("[")[0] for row in rows}
    absent = tuple([name for name in known.tensors if name not in held])
    return NodeDetail(outputs, rows, scalars, absent)


def outputs_of(node: Any) -> tuple[Output, ...]:
    """Shape, dtype and device of each result of the node's operation."""
    every = node._input_metadata
    return (_output(every[0]),) if len(every) == 1 else tuple(map(_output, every))


def _output(metadata: Any) -> Output:
    try:
        shape = tuple(metadata.shape)
    except RuntimeError:
        shape = ()  # a nested tensor has no shape of plain numbers
    return Output(shape, _word(metadata.dtype), _word(metadata.device))


def _word(value: Any) -> str:
    """The name of a dtype or device, without ``torch.``."""
    known = _words.get(value)
    if known is None:
        known = _words[value] = str(value).removeprefix("torch.")
    return known


def _row(saved: Saved, keep: Callable[[Tensor], int]) -> SavedRow:
    argument, state, value, _ = saved
    if value is None:
        return SavedRow(argument, 0, 0, (), "", 0, state)
    version = 0 if value.is_inference() else value._version
    nbytes = value.numel() * value.element_size()
    shape, dtype = tuple(value.shape), _word(value.dtype)
    return SavedRow(argument, keep(value), version, shape, dtype, nbytes, SavedState.HELD)
