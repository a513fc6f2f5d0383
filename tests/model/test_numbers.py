"""Every dtype's bytes become the numbers that torch says they are."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.numbers import (
    TextStyle,
    UnknownDtype,
    codes,
    decode,
    float_text,
    magnitudes,
    texts,
)
from explorer.protocol.number_formats import FORMATS, shortest_text, table_of

TORCH_DTYPES = {
    str(value).removeprefix("torch."): value
    for value in vars(torch).values()
    if isinstance(value, torch.dtype)
}
CONVERTIBLE = [
    name
    for name in TORCH_DTYPES
    if name.startswith(("float", "bfloat", "complex", "bool"))
    or name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
    if name != "float4_e2m1fn_x2"
]


def same(left: np.ndarray, right: np.ndarray) -> bool:
    return bool(np.array_equal(left, right, equal_nan=left.dtype.kind in "fc"))


def test_every_dtype_of_torch_is_known() -> None:
    assert set(TORCH_DTYPES) <= set(FORMATS)
    for name, dtype in TORCH_DTYPES.items():
        assert FORMATS[name].itemsize == dtype.itemsize, name


@pytest.mark.parametrize("name", CONVERTIBLE)
def test_decoding_agrees_with_torch(name: str) -> None:
    dtype = TORCH_DTYPES[name]
    if dtype.itemsize <= 2:
        every = torch.arange(256**dtype.itemsize, dtype=torch.int64)
        raw = every.to([torch.uint8, torch.uint16][dtype.itemsize - 1]).numpy().tobytes()
    else:
        raw = np.random.default_rng(5).bytes(16 * 4096)
    if name == "bool":
        raw = b"\0\1\1\0"
    tensor = torch.frombuffer(bytearray(raw), dtype=dtype)
    wide = torch.complex128 if dtype.is_complex else torch.float64
    exact = dtype if name.lstrip("u").startswith("int") else wide
    mine = decode(name, raw, tuple(tensor.shape))
    theirs = tensor.to(exact).numpy()
    with np.errstate(invalid="ignore"):  # signalling NaNs are among the bytes
        assert same(mine.astype(theirs.dtype), theirs)


@pytest.mark.parametrize("name", ["float4_e2m1fn_x2", "bits2x4", "quint4x2", "bits1x8"])
def test_packed_elements_add_an_axis(name: str) -> None:
    kind = FORMATS[name]
    numbers = decode(name, bytes(range(256)), (16, 16))
    assert numbers.shape == (16, 16, kind.count)
    if name == "bits2x4":
        assert numbers[0, 0b11].tolist() == [3, 0, 0, 0]
        assert numbers[15, 0].tolist() == [0, 0, 3, 3]
    if name == "float4_e2m1fn_x2":
        # The sixteen values of e2m1, from the Microscaling specification.
        first = numbers.reshape(-1, 2)[:16, 0].tolist()
        positive = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]
        assert first == positive + [-value for value in positive]


@pytest.mark.parametrize("name", ["int4", "int1", "int7", "uint3", "uint7"])
def test_whole_numbers_of_few_bits(name: str) -> None:
    kind = FORMATS[name]
    span = 2**kind.bits
    numbers = decode(name, bytes(range(span)), (span,)).tolist()
    low = -(span // 2) if kind.kind == "int" else 0
    assert sorted(numbers) == list(range(low, low + span))
    assert numbers[0] == 0


@given(st.sampled_from(["float16", "bfloat16", "float32", "float64"]), st.binary(min_size=8))
def test_exact_texts_mean_the_same_number(name: str, raw: bytes) -> None:
    dtype = TORCH_DTYPES[name]
    raw = raw[: len(raw) // 8 * 8]
    tensor = torch.frombuffer(bytearray(raw), dtype=dtype)
    for text, value in zip(texts(name, raw, TextStyle("exact")), tensor, strict=True):
        again = torch.tensor(float(text), dtype=torch.float64).to(dtype)
        assert torch.equal(again, value) or (math.isnan(again) and math.isnan(value))


@pytest.mark.parametrize("name", [n for n in FORMATS if n.startswith("float8")])
def test_exact_texts_of_every_eight_bit_float(name: str) -> None:
    values = [row[0] for row in table_of(name)]
    finite = [value for value in values if math.isfinite(value)]
    said = {shortest_text(value, FORMATS[name]) for value in finite}
    assert len(said) == len(set(map(repr, finite)))
    for value in finite:
        nearest = min(
            finite, key=lambda other: abs(other - float(shortest_text(value, FORMATS[name])))
        )
        assert nearest == value


def test_styles() -> None:
    ten, tenth = np.float32(10).tobytes(), np.float32(0.1).tobytes()
    raw = ten + tenth
    assert texts("float32", raw, TextStyle()) == ["10.0000", "0.1000"]
    assert texts("float32", raw, TextStyle("exact")) == ["10.0", "0.1"]
    assert texts("float32", raw, TextStyle("scientific", 2)) == ["1.00e+01", "1.00e-01"]
    assert texts("float32", raw, TextStyle("hex")) == ["41200000", "3DCCCCCD"]
    assert texts("float32", ten, TextStyle("bits")) == ["0 10000010 01000000000000000000000"]
    assert texts("bool", b"\0\1", TextStyle()) == ["False", "True"]
    assert texts("int8", b"\xff", TextStyle("bits")) == ["11111111"]
    assert texts("float4_e2m1fn_x2", b"\x1f", TextStyle("exact")) == ["-6.0 0.5"]
    assert texts("uint64", b"\xff" * 8, TextStyle()) == ["18446744073709551615"]
    assert texts("complex64", np.complex64(1 - 2j).tobytes(), TextStyle("decimals", 1)) == [
        "1.0-2.0j"
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e38, "1.0000e+38"), (1e-38, "1.0000e-38"), (0.0, "0.0000"), (-0.0, "-0.0000"),
     (math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (5e-5, "0.0001"),
     (4e-5, "4.0000e-05"), (999999.0, "999999.0000"), (1e6, "1.0000e+06")],
)  # fmt: skip
def test_huge_and_tiny_numbers_keep_their_digits(value: float, text: str) -> None:
    assert float_text(FORMATS["float32"], value, TextStyle()) == text


def test_magnitudes() -> None:
    assert magnitudes("complex64", np.array([3 + 4j], np.complex64)).tolist() == [5.0]
    assert magnitudes("float4_e2m1fn_x2", decode("float4_e2m1fn_x2", b"\x21", (1,))).tolist() == [
        0.75
    ]


def test_codes() -> None:
    assert codes("int16", b"\xff\xff\0\1") == [65535, 256]
    assert codes("complex128", b"\1" + b"\0" * 15) == [1]


def test_an_unknown_dtype_is_said() -> None:
    with pytest.raises(UnknownDtype, match=r"newer than this program"):
        decode("float6_e3m2fn", b"\0", (1,))
