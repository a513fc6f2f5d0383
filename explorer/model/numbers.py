"""Numbers from raw bytes, for every dtype, and their texts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.protocol.number_formats import (
    FORMATS,
    NumberFormat,
    format_of,
    shortest_text,
    table_of,
)

Values = NDArray[Any]

HIGHEST_FIXED = 1e6
"""From this size on, a fixed number of decimals says less than a power of ten."""

_DIRECT = {
    "bool": "?",
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
    "complex64": "<c8",
    "complex128": "<c16",
    "bits8": "<u1",
    "bits16": "<u2",
    "qint8": "<i1",
    "quint8": "<u1",
    "qint32": "<i4",
    **{f"int{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)},
}


class UnknownDtype(ValueError):
    """A dtype whose bits are not known here; its text is one sentence for people."""


@dataclass(frozen=True)
class TextStyle:
    """How numbers are written.

    ``mode`` is ``decimals`` (a fixed count, or scientific where that would say nothing),
    ``exact`` (the shortest text that means this number and no other), ``scientific``, ``hex``
    (of the bits) or ``bits``. ``digits`` counts decimals for the first and the third.
    """

    mode: str = "decimals"
    digits: int = 4


MODES = ("decimals", "exact", "scientific", "hex", "bits")


def known(dtype: str) -> NumberFormat:
    """The format of a dtype.

    Raises:
        UnknownDtype: when this program does not know the dtype.
    """
    found = format_of(dtype)
    if found is None:
        raise UnknownDtype(
            f"The dtype {dtype} is newer than this program; its bytes can be seen in Layout."
        )
    return found


def decode(dtype: str, raw: bytes, shape: tuple[int, ...]) -> Values:
    """The numbers in raw little-endian bytes, as an array that numpy can calculate with.

    Kinds that numpy lacks come as float32 (exact, all of them fit); an element that packs
    several numbers adds a last axis of that length.

    Raises:
        UnknownDtype: when this program does not know the dtype.
        ValueError: when the bytes do not fill the shape.
    """
    kind = known(dtype)
    if kind.count > 1 and kind.kind != "complex":
        return _lookup(dtype, raw).reshape(*shape, kind.count)
    if dtype in _DIRECT:
        return np.frombuffer(raw, _DIRECT[dtype]).reshape(shape)
    if dtype == "bfloat16":
        high = np.frombuffer(raw, "<u2").astype("<u4") << np.uint32(16)
        return high.view("<f4").reshape(shape)
    if dtype == "complex32":
        with np.errstate(invalid="ignore"):  # a signalling NaN is a number to show like any other
            halves = np.frombuffer(raw, "<f2").astype("<f4")
        return halves.view("<c8").reshape(shape)
    return _lookup(dtype, raw)[:, 0].reshape(shape)


def _lookup(dtype: str, raw: bytes) -> Values:
    kind = FORMATS[dtype]
    table = np.array(table_of(dtype), dtype="<f4")
    if not kind.is_float:
        table = table.astype("<i2")
    found: Values = table[np.frombuffer(raw, np.uint8)]
    return found


def codes(dtype: str, raw: bytes) -> list[int]:
    """The bits of each element as an unsigned whole number, packed and complex ones entire."""
    size = known(dtype).itemsize
    if size <= 8:
        return [int(code) for code in np.frombuffer(raw, f"<u{size}")]
    return [int.from_bytes(raw[at : at + size], "little") for at in range(0, len(raw), size)]


def texts(dtype: str, raw: bytes, style: TextStyle) -> list[str]:
    """The text of each element in raw bytes, in order.

    Raises:
        UnknownDtype: when this program does not know the dtype.
    """
    kind = known(dtype)
    if style.mode == "hex":
        return [f"{code:0{kind.itemsize * 2}X}" for code in codes(dtype, raw)]
    if style.mode == "bits":
        return [bit_text(kind, code) for code in codes(dtype, raw)]
    values = decode(dtype, raw, (len(raw) // kind.itemsize,))
    if kind.kind == "bool":
        return ["True" if value else "False" for value in values.tolist()]
    if kind.kind == "complex":
        return [_complex_text(kind, value, style) for value in values.tolist()]
    if kind.count > 1:
        return [
            " ".join(_one_text(kind, number, style) for number in numbers)
            for numbers in values.tolist()
        ]
    if kind.kind != "float":
        return [str(value) for value in values.tolist()]
    return [float_text(kind, value, style) for value in values.tolist()]


def bit_text(kind: NumberFormat, code: int) -> str:
    """The bits of one element, a float's sign, exponent and fraction set apart by spaces."""
    if not kind.is_float:
        return f"{code:0{kind.itemsize * 8}b}"
    parts = []
    for at in range(kind.count):
        bits = f"{(code >> (at * kind.bits)) & ((1 << kind.bits) - 1):0{kind.bits}b}"
        ends = (kind.bits - kind.fraction - kind.exponent, kind.bits - kind.fraction, kind.bits)
        pieces = (bits[: ends[0]], bits[ends[0] : ends[1]], bits[ends[1] :])
        parts.append(" ".join(piece for piece in pieces if piece))
    return "  ".join(parts)


def float_text(kind: NumberFormat, value: float, style: TextStyle) -> str:
    """The text of one float of a format."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if style.mode == "exact":
        return shortest_text(value, kind)
    if style.mode == "scientific":
        return f"{value:.{style.digits}e}"
    size = abs(value)
    if size >= HIGHEST_FIXED or 0 < size < 0.5 * 10.0**-style.digits:
        return f"{value:.{style.digits}e}"
    return f"{value:.{style.digits}f}"


def _one_text(kind: NumberFormat, value: float, style: TextStyle) -> str:
    return float_text(kind, value, style) if kind.kind == "float" else str(int(value))


def _complex_text(kind: NumberFormat, value: complex, style: TextStyle) -> str:
    imaginary = float_text(kind, value.imag, style)
    sign = "" if imaginary.startswith("-") else "+"
    return f"{float_text(kind, value.real, style)}{sign}{imaginary}j"


def magnitudes(dtype: str, values: Values) -> NDArray[np.float64]:
    """One float per element, for colours and pictures: complex ones by size, packed by mean.

    Whole numbers beyond 2⁵³ are rounded; NaN stays NaN.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if values.dtype.kind == "c":
            return np.abs(values.astype(np.complex128))
        out = values.astype(np.float64)
    return out.mean(axis=-1) if known(dtype).count > 1 else out
