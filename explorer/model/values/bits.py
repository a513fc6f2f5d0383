"""The bits of one number: its fields, what each says, and the exact value they spell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from explorer.protocol.number_formats import (
    NumberFormat,
    class_of,
    fields_of,
    float_of,
    integer_of,
    power_of,
)

DECIMALS = 1200
"""More digits than any float64 needs: the smallest takes 767."""


@dataclass(frozen=True)
class Field:
    """A run of bits with one meaning; ``role`` is sign, exponent, fraction, integer or plain."""

    role: str
    bits: str
    meaning: str


@dataclass(frozen=True)
class BitsOfNumber:
    """One number taken apart."""

    title: str
    """Empty for a lone number; ``real``, ``imaginary``, ``number 1`` ... where an element has
    several."""
    fields: tuple[Field, ...]
    hex: str
    exact: str
    """The exact decimal value of the bits, every digit of it."""
    formula: str
    """How the fields make the value, such as ``−1 × 2^(130 − 127) × (1 + 1/4)``."""


def bits_of(kind: NumberFormat, code: int) -> tuple[BitsOfNumber, ...]:
    """Take the bits of one element apart, the first number first."""
    mask = (1 << kind.bits) - 1
    parts = []
    for at in range(kind.count):
        own = (code >> (at * kind.bits)) & mask
        take = _float_bits if kind.is_float else _plain_bits
        parts.append(take(kind, own, _title(kind, at)))
    return tuple(parts)


def exact_text(value: float) -> str:
    """Every decimal digit of a finite float's value, no rounding."""
    with localcontext() as context:
        context.prec = DECIMALS
        text = format(Decimal(value), "f")
    return text


def exact_of(kind: NumberFormat, code: int) -> str:
    """The exact value of one element in decimal, complex ones as ``re + im j``."""
    if kind.kind == "bool":
        return "True" if code else "False"
    numbers = [part.exact for part in bits_of(kind, code)]
    if kind.kind == "complex":
        sign = "-" if numbers[1].startswith("-") else "+"
        return f"{numbers[0]} {sign} {numbers[1].lstrip('-')}j"
    return ", ".join(numbers)


def _title(kind: NumberFormat, at: int) -> str:
    if kind.kind == "complex":
        return ("real", "imaginary")[at]
    return f"number {at + 1}" if kind.count > 1 else ""


def _float_bits(kind: NumberFormat, code: int, title: str) -> BitsOfNumber:
    parts = fields_of(kind, code)
    what = class_of(kind, code)
    fields = []
    if kind.signed:
        fields.append(Field("sign", str(parts.sign), "minus" if parts.sign else "plus"))
    exponent = f"{parts.exponent:0{kind.exponent}b}"
    fields.append(Field("exponent", exponent, _exponent_meaning(kind, what, parts.exponent)))
    if kind.fraction:
        fraction = f"{parts.fraction:0{kind.fraction}b}"
        whole = 1 << kind.fraction
        fields.append(Field("fraction", fraction, f"{parts.fraction} / {whole}"))
    value = float_of(kind, code)
    exact = {"nan": "nan", "inf": "-inf" if parts.sign else "inf"}.get(what) or exact_text(value)
    formula = _formula(kind, code, what)
    return BitsOfNumber(title, tuple(fields), f"0x{code:0{(kind.bits + 3) // 4}X}", exact, formula)


def _exponent_meaning(kind: NumberFormat, what: str, exponent: int) -> str:
    if what == "nan":
        return "marks NaN"
    if what == "inf":
        return "all ones: infinity"
    if what in ("zero", "subnormal"):
        return f"all zeros: subnormal, 2^{1 - kind.bias}"
    return f"{exponent} − {kind.bias} = {exponent - kind.bias}"


def _formula(kind: NumberFormat, code: int, what: str) -> str:
    parts = fields_of(kind, code)
    sign = "−1 × " if parts.sign and kind.signed else ""
    if what == "nan":
        return "NaN, not a number"
    if what == "inf":
        return "−infinity" if parts.sign else "+infinity"
    if what == "zero":
        return "−0: zero with the sign bit set" if parts.sign else "0"
    power = power_of(kind, code) + kind.fraction
    if not kind.fraction:
        return f"{sign}2^{power}"
    whole = 1 << kind.fraction
    hidden = "" if what == "subnormal" else "1 + "
    return f"{sign}2^{power} × ({hidden}{parts.fraction}/{whole})"


def _plain_bits(kind: NumberFormat, code: int, title: str) -> BitsOfNumber:
    bits = f"{code:0{kind.bits}b}"
    exact = str(integer_of(kind, code))
    hexadecimal = f"0x{code:0{(kind.bits + 3) // 4}X}"
    if kind.kind == "bool":
        truth = "True" if code else "False"
        return BitsOfNumber(title, (Field("integer", bits, truth),), hexadecimal, truth, truth)
    if kind.kind == "bits":
        plain = Field("plain", bits, "bits without a number's meaning")
        return BitsOfNumber(title, (plain,), hexadecimal, exact, "bits without a number's meaning")
    if kind.kind == "uint" or kind.bits == 1:
        ones = " + ".join(f"2^{at}" for at in range(kind.bits - 1, -1, -1) if code >> at & 1)
        sign = "−" if kind.kind == "int" and code else ""
        return BitsOfNumber(
            title, (Field("integer", bits, exact),), hexadecimal, exact, f"{sign}({ones or '0'})"
        )
    top = Field("sign", bits[0], f"−2^{kind.bits - 1}" if bits[0] == "1" else "0")
    rest = Field("integer", bits[1:], str(int(bits[1:], 2)))
    formula = f"{top.meaning} + {rest.meaning}"
    return BitsOfNumber(title, (top, rest), hexadecimal, exact, formula)
