"""What the bits of every dtype's numbers mean, for both processes, without torch or numpy.

Sources of the layouts: IEEE 754-2019 for the 16, 32 and 64 bit kinds; "FP8 Formats for Deep
Learning" (Micikevicius et al., 2022) for e4m3fn and e5m2; the fnuz kinds as in StableHLO's
RFC "Float8E4M3FNUZ and Float8E5M2FNUZ"; the OCP Microscaling (MX) specification 1.0 for e8m0
and e2m1. torch packs two e2m1 numbers in a byte, the first in the low half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

MAX_DIGITS = 17
"""Significant decimal digits that tell any two float64 apart."""


@dataclass(frozen=True)
class NumberFormat:
    """How one dtype writes a number."""

    name: str
    """Without the ``torch.``."""
    kind: str
    """``float``, ``int``, ``uint``, ``bool``, ``complex`` or ``bits`` (no arithmetic meaning)."""
    itemsize: int
    """Bytes of one element."""
    bits: int
    """Bits of one number; a complex element holds two, a packed one several."""
    count: int = 1
    """Numbers in one element."""
    exponent: int = 0
    """Exponent bits of a float, or of each half of a complex number."""
    fraction: int = 0
    """Fraction bits, the hidden one not counted."""
    bias: int = 0
    specials: str = "ieee"
    """Where NaN and Inf are: ``ieee``; ``fn`` NaN at all ones, no Inf; ``fnuz`` NaN in place of
    minus zero, no Inf; ``none`` neither; ``e8m0`` NaN at all ones, no sign, no zero."""

    @property
    def signed(self) -> bool:
        """Whether a number has a sign bit (of its own, or in two's complement)."""
        if self.kind in ("float", "complex"):
            return self.specials != "e8m0"
        return self.kind == "int"

    @property
    def is_float(self) -> bool:
        """Whether its numbers are floats, those of complex elements included."""
        return self.kind in ("float", "complex")


def _float(name: str, exponent: int, fraction: int, bias: int, specials: str) -> NumberFormat:
    bits = fraction + exponent + (specials != "e8m0")
    return NumberFormat(name, "float", bits // 8, bits, 1, exponent, fraction, bias, specials)


def _complex(name: str, exponent: int, fraction: int, bias: int) -> NumberFormat:
    bits = fraction + exponent + 1
    return NumberFormat(name, "complex", bits // 4, bits, 2, exponent, fraction, bias)


def _all_formats() -> dict[str, NumberFormat]:
    found = [
        _float("float16", 5, 10, 15, "ieee"),
        _float("bfloat16", 8, 7, 127, "ieee"),
        _float("float32", 8, 23, 127, "ieee"),
        _float("float64", 11, 52, 1023, "ieee"),
        _float("float8_e5m2", 5, 2, 15, "ieee"),
        _float("float8_e4m3fn", 4, 3, 7, "fn"),
        _float("float8_e5m2fnuz", 5, 2, 16, "fnuz"),
        _float("float8_e4m3fnuz", 4, 3, 8, "fnuz"),
        _float("float8_e8m0fnu", 8, 0, 127, "e8m0"),
        NumberFormat("float4_e2m1fn_x2", "float", 1, 4, 2, 2, 1, 1, "none"),
        _complex("complex32", 5, 10, 15),
        _complex("complex64", 8, 23, 127),
        _complex("complex128", 11, 52, 1023),
        NumberFormat("bool", "bool", 1, 8),
        NumberFormat("bits8", "bits", 1, 8),
        NumberFormat("bits16", "bits", 2, 16),
        NumberFormat("bits1x8", "bits", 1, 1, 8),
        NumberFormat("bits2x4", "bits", 1, 2, 4),
        NumberFormat("bits4x2", "bits", 1, 4, 2),
        NumberFormat("qint8", "int", 1, 8),
        NumberFormat("quint8", "uint", 1, 8),
        NumberFormat("qint32", "int", 4, 32),
        NumberFormat("quint4x2", "uint", 1, 4, 2),
        NumberFormat("quint2x4", "uint", 1, 2, 4),
    ]
    for bits in (*range(1, 9), 16, 32, 64):
        size = (bits + 7) // 8
        found.append(NumberFormat(f"int{bits}", "int", size, bits))
        found.append(NumberFormat(f"uint{bits}", "uint", size, bits))
    return {each.name: each for each in found}


FORMATS = _all_formats()


def format_of(dtype: str) -> NumberFormat | None:
    """The format of a dtype by its name without ``torch.``; None for one not known here."""
    return FORMATS.get(dtype)


@dataclass(frozen=True)
class Fields:
    """The bit fields of one float as unsigned whole numbers."""

    sign: int
    exponent: int
    fraction: int


def fields_of(kind: NumberFormat, code: int) -> Fields:
    """Take the bits of one float apart."""
    fraction = code & ((1 << kind.fraction) - 1)
    exponent = (code >> kind.fraction) & ((1 << kind.exponent) - 1)
    return Fields((code >> (kind.fraction + kind.exponent)) & 1, exponent, fraction)


def class_of(kind: NumberFormat, code: int) -> str:
    """``zero``, ``subnormal``, ``normal``, ``inf`` or ``nan`` for the bits of one float."""
    parts = fields_of(kind, code)
    top = (1 << kind.exponent) - 1
    if kind.specials == "e8m0":
        return "nan" if code == top else "normal"
    if kind.specials == "fnuz" and code == 1 << (kind.bits - 1):
        return "nan"
    if parts.exponent == top:
        if kind.specials == "ieee":
            return "nan" if parts.fraction else "inf"
        if kind.specials == "fn" and parts.fraction == (1 << kind.fraction) - 1:
            return "nan"
    if parts.exponent == 0:
        return "subnormal" if parts.fraction else "zero"
    return "normal"


def power_of(kind: NumberFormat, code: int) -> int:
    """The exponent of two of a finite float's last fraction bit."""
    exponent = fields_of(kind, code).exponent
    if kind.specials != "e8m0":
        exponent = max(exponent, 1)
    return exponent - kind.bias - kind.fraction


def float_of(kind: NumberFormat, code: int) -> float:
    """The value of one float's bits; exact, since every kind here fits into float64."""
    what = class_of(kind, code)
    parts = fields_of(kind, code)
    sign = -1.0 if parts.sign and kind.specials != "e8m0" else 1.0
    if what == "nan":
        return math.nan
    if what == "inf":
        return sign * math.inf
    hidden = 0 if what in ("zero", "subnormal") else 1 << kind.fraction
    return sign * math.ldexp(float(hidden | parts.fraction), power_of(kind, code))


def integer_of(kind: NumberFormat, code: int) -> int:
    """The value of the low ``bits`` of a whole number, in two's complement where signed."""
    code &= (1 << kind.bits) - 1
    if kind.kind == "int" and code >> (kind.bits - 1):
        return code - (1 << kind.bits)
    return code


@cache
def table_of(dtype: str) -> tuple[tuple[float, ...], ...]:
    """For a dtype of one byte: the numbers in each of its 256 elements, first number first.

    Raises:
        KeyError: when the dtype is not known or is wider than a byte.
    """
    kind = FORMATS[dtype]
    if kind.itemsize != 1:
        raise KeyError(dtype)
    value = float_of if kind.is_float else integer_of
    mask = (1 << kind.bits) - 1
    return tuple(
        tuple(float(value(kind, (byte >> (kind.bits * at)) & mask)) for at in range(kind.count))
        for byte in range(256)
    )


def shortest_text(value: float, kind: NumberFormat) -> str:
    """The shortest decimal text that no other number of this format is nearer to.

    ``value`` must be a value of the format. 0.1 as float32 gives ``0.1``, not the exact
    0.100000001490116…; whole numbers below 10¹⁶ are written out with all their digits.
    """
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if kind.name in ("float64", "complex128") or value == 0:
        return repr(value)
    size = abs(value)
    if value.is_integer() and size < 1e16:
        return f"{value:.1f}"
    _, power = math.frexp(size)
    smallest = 1 - kind.bias - kind.fraction
    gap = math.ldexp(1.0, max(power - 1 - kind.fraction, smallest))
    below = gap / 2 if size == math.ldexp(0.5, power) and power - 1 > 1 - kind.bias else gap
    for digits in range(1, MAX_DIGITS):
        text = f"{value:.{digits - 1}e}"
        wrong = abs(float(text)) - size
        if -below / 2 < wrong < gap / 2:
            return repr(float(text))
    return repr(value)
