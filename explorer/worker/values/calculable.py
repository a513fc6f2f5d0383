"""Elements of any dtype as numbers that torch can calculate with, exactly."""

from __future__ import annotations

from functools import cache

import torch

from explorer.protocol.number_formats import FORMATS, table_of

_BY_BYTE = {
    name
    for name, kind in FORMATS.items()
    if kind.itemsize == 1 and name not in ("int8", "uint8", "bool")
}
_FLOATS = {torch.float32, torch.float64}
_SMALL = {torch.int8, torch.int16, torch.int32, torch.uint8, torch.uint16, torch.uint32}
TOP = -(1 << 63)


def calculable(piece: torch.Tensor) -> torch.Tensor:
    """The same numbers as float32, float64 or int64, whichever holds them exactly.

    Complex numbers become their size. uint64 becomes int64 lower by 2⁶³ (see `lift`), which
    keeps the order. A piece that is float32, float64 or int64 already is returned as it is; an
    element that packs several numbers adds a last dimension.
    """
    dtype = piece.dtype
    if dtype in _FLOATS or dtype == torch.int64:
        return piece
    if dtype.is_complex:
        wide = torch.complex128 if dtype == torch.complex128 else torch.complex64
        return piece.to(wide).abs()
    if dtype in (torch.float16, torch.bfloat16):
        return piece.to(torch.float32)
    if dtype == torch.bool or dtype in _SMALL:
        return piece.to(torch.int64)
    if dtype == torch.uint64:
        return piece.view(torch.int64).bitwise_xor(TOP)
    name = str(dtype).removeprefix("torch.")
    if name == "bits16":
        return piece.view(torch.uint16).to(torch.int64)
    table = _table(name, piece.device)
    found = table[piece.view(torch.uint8).to(torch.int64)]
    return found[..., 0] if found.shape[-1] == 1 else found


def lift(dtype: str) -> int:
    """What to add to a calculable whole number to have the number itself."""
    return 1 << 63 if dtype == "uint64" else 0


def counts_as_float(dtype: str) -> bool:
    """Whether elements of this dtype (by its name) become floats."""
    kind = FORMATS.get(dtype)
    return kind is None or kind.is_float


def is_wide(dtype: str) -> bool:
    """Whether float32 cannot tell all numbers of this dtype apart."""
    kind = FORMATS.get(dtype)
    if kind is None:
        return False
    return kind.bits > 32 or (kind.bits == 32 and not kind.is_float)


@cache
def _table(name: str, device: torch.device) -> torch.Tensor:
    dtype = torch.float32 if FORMATS[name].is_float else torch.int64
    if name not in _BY_BYTE:
        raise TypeError(f"no table for {name}")
    return torch.tensor(table_of(name), dtype=torch.float64).to(dtype).to(device)
