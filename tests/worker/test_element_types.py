"""The table of types against torch itself."""

from __future__ import annotations

import pytest
import torch

from explorer.protocol.types import ElementType, ReadTypes
from explorer.worker.values.element_types import read_types

TABLE = {one.name: one for one in read_types(ReadTypes()).types}
_FOUND = {value for name in dir(torch) if isinstance(value := getattr(torch, name), torch.dtype)}
DTYPES = sorted(_FOUND, key=str)


def short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def test_every_dtype_of_this_torch_has_a_row() -> None:
    assert set(TABLE) == {short(dtype) for dtype in DTYPES}


@pytest.mark.parametrize("dtype", [d for d in DTYPES if d.is_floating_point], ids=short)
def test_ranges_of_floating_types(dtype: torch.dtype) -> None:
    row = TABLE[short(dtype)]
    if not row.largest:
        with pytest.raises((RuntimeError, NotImplementedError)):
            torch.finfo(dtype).max  # noqa: B018
        return
    info = torch.finfo(dtype)
    assert (float(row.smallest), float(row.largest)) == (info.min, info.max)
    assert (float(row.tiny), float(row.epsilon)) == (info.tiny, info.eps)


@pytest.mark.parametrize(
    ("name", "bits", "low", "high", "cls"),
    [
        ("uint8", 8, "0", "255", "torch.ByteTensor"),
        ("int8", 8, "-128", "127", "torch.CharTensor"),
        ("int64", 64, str(-(2**63)), str(2**63 - 1), "torch.LongTensor"),
        ("bool", 8, "False", "True", "torch.BoolTensor"),
        ("int4", 4, "", "", ""),
    ],
)
def test_known_rows(name: str, bits: int, low: str, high: str, cls: str) -> None:
    row: ElementType = TABLE[name]
    assert (row.bits, row.smallest, row.largest, row.cpu_class) == (bits, low, high, cls)


def test_digits_are_those_of_c() -> None:
    digits = {name: TABLE[name].digits for name in ("float16", "bfloat16", "float32", "float64")}
    assert digits == {"float16": 3, "bfloat16": 2, "float32": 6, "float64": 15}


def test_aliases_and_devices() -> None:
    assert TABLE["float32"].aliases == ("float",)
    assert {"cpu", "meta"} <= set(TABLE["float32"].held_on)
    assert ("cuda" in TABLE["float32"].held_on) == torch.cuda.is_available()
