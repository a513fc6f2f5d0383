"""The bits of a number spell exactly the number."""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.values.bits import bits_of, exact_of, exact_text
from explorer.protocol.number_formats import FORMATS, float_of, integer_of

FLOATS = [name for name, kind in FORMATS.items() if kind.kind == "float"]


def value_of_formula(formula: str) -> Fraction:
    """Work out a formula such as ``−1 × 2^3 × (1 + 1/4)`` with exact fractions."""
    text = formula.replace("−", "-").replace("×", "*")
    text = re.sub(r"2\^(-?\d+)", r"F(2)**(\1)", text)
    text = re.sub(r"(\d+)/(\d+)", r"F(\1, \2)", text)
    return Fraction(eval(text, {"F": Fraction}))


@given(st.sampled_from(FLOATS), st.integers(0, 2**64 - 1))
def test_fields_formula_and_decimal_say_the_same(name: str, code: int) -> None:
    kind = FORMATS[name]
    code &= (1 << kind.bits) - 1
    (found,) = bits_of(kind, code)[:1]
    assert "".join(field.bits for field in found.fields) == f"{code:0{kind.bits}b}"
    assert int(found.hex, 16) == code
    value = float_of(kind, code)
    if value != value or value in (float("inf"), float("-inf")):
        assert found.exact == str(value)
        return
    assert Fraction(Decimal(found.exact)) == Fraction(value)
    if value:
        assert value_of_formula(found.formula) == Fraction(value)


@given(
    st.sampled_from(["int8", "uint8", "int64", "int4", "int1", "uint1"]), st.integers(0, 2**64 - 1)
)
def test_whole_numbers(name: str, code: int) -> None:
    kind = FORMATS[name]
    code &= (1 << kind.bits) - 1
    (found,) = bits_of(kind, code)
    assert int(found.exact) == integer_of(kind, code)
    assert value_of_formula(found.formula) == integer_of(kind, code)


def test_known_numbers() -> None:
    (tenth,) = bits_of(FORMATS["float32"], struct.unpack("<I", struct.pack("<f", 0.1))[0])
    assert tenth.exact == "0.100000001490116119384765625"
    assert tenth.fields[1].meaning == "123 − 127 = -4"
    assert exact_text(5e-324).endswith("625")
    assert len(exact_text(5e-324)) == 1076
    assert exact_of(FORMATS["complex64"], 0xC000000040000000) == "2 - 2j"
    assert exact_of(FORMATS["float4_e2m1fn_x2"], 0x1F) == "-6, 0.5"
    assert exact_of(FORMATS["bool"], 1) == "True"


@pytest.mark.parametrize(
    ("name", "code", "formula"),
    [("float32", 0x7FC00000, "NaN, not a number"), ("float32", 0xFF800000, "−infinity"),
     ("float32", 0x80000000, "−0: zero with the sign bit set"),
     ("float8_e4m3fn", 0x7E, "2^8 × (1 + 6/8)"),
     ("float8_e8m0fnu", 0, "2^-127"), ("float16", 1, "2^-14 × (1/1024)")],
)  # fmt: skip
def test_formulas(name: str, code: int, formula: str) -> None:
    assert bits_of(FORMATS[name], code)[0].formula == formula
