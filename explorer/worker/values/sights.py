"""From what the window looks at to a field: parts of tensors, and differences of two."""

from __future__ import annotations

from collections.abc import Callable

import torch

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import NumberBox, Sight
from explorer.worker.values.differences import DifferenceField
from explorer.worker.values.fields import CannotShow, Field, StridedField
from explorer.worker.values.stored_fields import (
    MadeField,
    NestedField,
    QuantizedField,
    SparseField,
    components,
)

TensorOf = Callable[[NumbersOf], torch.Tensor]

_COMPRESSED = {
    torch.sparse_csr: ("crow_indices", "col_indices"),
    torch.sparse_bsr: ("crow_indices", "col_indices"),
    torch.sparse_csc: ("ccol_indices", "row_indices"),
    torch.sparse_bsc: ("ccol_indices", "row_indices"),
}
_HALVES = {
    "real": "real part",
    "imag": "imaginary part",
    "abs": "size |z|",
    "angle": "angle in radians",
}
MOST_COMPONENTS = 256
"""Components of a nested tensor that are offered one by one."""


def field_for(sight: Sight, tensor_of: TensorOf) -> Field:
    """The field that a sight means.

    Raises:
        CannotShow: when there is no such part, or the two tensors cannot be compared.
    """
    field = field_of(tensor_of(sight.source), sight.part)
    if sight.against is None:
        return field
    return DifferenceField(field, field_of(tensor_of(sight.against), sight.part), sight.how)


def field_of(tensor: torch.Tensor, part: str = "") -> Field:
    """A tensor, or a part of it, as a field.

    Raises:
        CannotShow: when it has no numbers (``meta``), or no such part.
    """
    if tensor.device.type == "meta":
        raise CannotShow("A tensor on meta has a shape but no numbers.")
    if part not in ("", *(name for name, _ in parts_of(tensor))):
        raise CannotShow(f"A {tensor.layout} tensor of {tensor.dtype} has no part '{part}'.")
    if tensor.is_nested:
        return _nested_field(tensor, part)
    if tensor.layout is torch.sparse_coo and part:
        return StridedField(tensor._indices() if part == "indices" else tensor._values())
    if tensor.layout in _COMPRESSED and part:
        return StridedField(getattr(tensor, part)())
    if tensor.layout is not torch.strided:
        return _sparse_field(tensor)
    if tensor.is_quantized:
        return _quantized_field(tensor, part)
    if part in ("real", "imag"):
        return StridedField(getattr(tensor, part))
    return SizeField(tensor, part) if part else StridedField(tensor)


def parts_of(tensor: torch.Tensor) -> tuple[tuple[str, str], ...]:
    """The parts that `field_of` knows of a tensor, each with a title for people."""
    if tensor.is_nested:
        count = min(tensor.size(0), MOST_COMPONENTS)
        own = tuple((f"component {at}", f"component {at}") for at in range(count))
        stored = (("values", "stored values"),) if tensor.layout is torch.jagged else ()
        offsets = (("offsets", "offsets"),) if tensor.layout is torch.jagged else ()
        return stored + offsets + own
    if tensor.layout is torch.sparse_coo:
        return (("indices", "indices"), ("values", "stored values"))
    if tensor.layout in _COMPRESSED:
        names = _COMPRESSED[tensor.layout]
        return (*((name, name) for name in names), ("values", "stored values"))
    if tensor.is_quantized:
        scheme = str(tensor.qscheme())
        stored_name = (("int_repr", "stored whole numbers"),)
        if "channel" in scheme:
            return (*stored_name, ("scales", "scales"), ("zero_points", "zero points"))
        return stored_name
    if tensor.is_complex():
        return tuple(_HALVES.items())
    return ()


def _sparse_field(tensor: torch.Tensor) -> Field:
    if tensor.layout is torch.sparse_coo or tensor.layout in _COMPRESSED:
        return SparseField(tensor)
    if str(tensor.layout) == "torch._mkldnn":
        return StridedField(tensor.to_dense())
    raise CannotShow(f"This program does not know the layout {tensor.layout}.")


def _quantized_field(tensor: torch.Tensor, part: str) -> Field:
    if part == "scales":
        return StridedField(tensor.q_per_channel_scales())
    if part == "zero_points":
        return StridedField(tensor.q_per_channel_zero_points())
    if part and str(tensor.dtype) in ("torch.quint4x2", "torch.quint2x4"):
        return StridedField(tensor.int_repr())
    return QuantizedField(tensor, stored=bool(part))


def _nested_field(tensor: torch.Tensor, part: str) -> Field:
    if part in ("values", "offsets"):
        return StridedField(getattr(tensor, part)())
    if part:
        return StridedField(tensor.select(0, int(part.split()[1])))
    return NestedField(components(tensor))


class SizeField(MadeField):
    """Absolute value or angle of complex numbers, made box by box."""

    def __init__(self, tensor: torch.Tensor, part: str) -> None:
        self.shape = tuple(tensor.shape)
        self._field = StridedField(tensor)
        self._part = part
        wide = tensor.dtype == torch.complex128
        self.dtype = "float64" if wide else "float32"

    def box(self, box: NumberBox) -> torch.Tensor:
        numbers = self._field.box(box)
        if numbers.dtype == torch.complex32:
            numbers = numbers.to(torch.complex64)
        return numbers.abs() if self._part == "abs" else numbers.angle()
