"""Slices of tensors of every kind and layout, typed as text, agree with torch cell by cell.

The way of a number is the window's: the text is parsed, laid out as a plane, its box read by the
worker's function, and each cell written as text. torch evaluates the same text.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.numbers import TextStyle
from explorer.model.slicing import parse
from explorer.model.tile_cache import Region
from explorer.model.values.number_block import block_of
from explorer.model.values.plane import Plane, plane_of
from explorer.model.values.view import box_of
from explorer.protocol.values import ReadTile, Sight
from explorer.worker.tiles import read_tile
from tests.worker.random_tensors import SOURCE, strided
from tests.worker.test_tiles import plain_bytes

pytestmark = [
    pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental"),
    pytest.mark.filterwarnings("ignore:Sparse .*"),
    pytest.mark.filterwarnings("ignore:torch.quantize_per"),
    pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors"),
]

EXACT, HEX = TextStyle("exact"), TextStyle("hex")


@st.composite
def slices(draw: st.DrawFn, shape: tuple[int, ...]) -> str:
    """Python code that takes a slice of ``x``: indices, ranges with steps, None, dots."""
    entries = []
    for size in shape[: draw(st.integers(0, len(shape)))]:
        kind = draw(st.sampled_from(["index", "range", "range"] if size else ["range"]))
        if kind == "index":
            entries.append(str(draw(st.integers(-size, size - 1))))
        else:
            low, high = (draw(st.one_of(st.just(""), st.integers(-6, 6))) for _ in range(2))
            entries.append(f"{low}:{high}{draw(st.sampled_from(['', ':', ':2', ':3']))}")
        if draw(st.integers(0, 4)) == 0:
            entries.append("None")
    if draw(st.booleans()):
        entries.append("...")
    return f"x[{', '.join(entries) or '...'}]"


def shown(tensor: torch.Tensor, text: str, shape: tuple[int, ...]) -> tuple[Plane, Any]:
    """The plane that a slice is shown in, and all its cells, as the window has them."""
    plane = plane_of(parse(text, shape))
    rows, columns = plane.rows, plane.columns
    request = ReadTile(Sight(SOURCE), box_of(plane, 0, rows, 0, columns))
    tile = read_tile(request, lambda source: tensor)
    return plane, block_of(tile, plane, Region(0, rows, 0, columns))


def cells(plane: Plane, text: str, oracle: torch.Tensor) -> list[tuple[int, int, torch.Tensor]]:
    """Row, column and number of each cell, as torch says: it evaluates the slice."""
    expected = eval(text, {"x": oracle})
    cut = parse(text, tuple(oracle.shape))
    free = [number for number, axis in enumerate(cut.axes) if not axis.fixed]
    found = []
    for row in range(plane.rows):
        for column in range(plane.columns):
            at = {plane.down: row, plane.across: column}
            index = tuple(at.get(number, plane.positions[number]) for number in free)
            found.append((row, column, expected[index]))
    return found


def same_number(text: str, cell: torch.Tensor) -> bool:
    """Whether a text means just this number, NaN being as good as another NaN."""
    number = cell.resolve_conj().resolve_neg().item()
    if isinstance(number, bool):
        return text == str(number)
    if isinstance(number, int):
        return int(text) == number
    if isinstance(number, complex):
        got = complex(text)
        if cmath.isnan(number) or cmath.isnan(got):
            pairs = ((got.real, number.real), (got.imag, number.imag))
            return all(near(one, other, cell.real.dtype) for one, other in pairs)
        parts = (got.real, number.real), (got.imag, number.imag)
        return all(near(one, other, cell.real.dtype) for one, other in parts)
    return near(float(text), float(number), cell.dtype)


def near(got: float, number: float, dtype: torch.dtype) -> bool:
    """Whether a number rounds to another one in a dtype: the text is the shortest that does."""
    if math.isnan(number) or math.isnan(got):
        return math.isnan(number) and math.isnan(got)
    return float(torch.tensor(got, dtype=torch.float64).to(dtype)) == number


@given(strided(), st.data())
def test_strided_tensors_of_every_dtype(made: Any, data: st.DataObject) -> None:
    shape = tuple(made.tensor.shape)
    text = data.draw(slices(shape))
    if plane_of(parse(text, shape)).empty:
        assert made.tensor.numel() == 0 or 0 in eval(text, {"x": made.tensor}).shape, text
        return
    plane, block = shown(made.tensor, text, shape)
    for row, column, cell in cells(plane, text, made.tensor):
        bits = plain_bytes(cell)[::-1].hex().upper()
        assert block.text(row, column, HEX) == bits, (made.how, text, row, column)
        if not block.dtype.startswith(("bits", "uint1", "float4")) and cell.dtype in READ_BY_TORCH:
            written = block.text(row, column, EXACT)
            assert same_number(written, cell), (made.how, text, row, column, written, cell)


READ_BY_TORCH = {
    dtype
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype)
    and not str(dtype).startswith(("torch.q", "torch.uq", "torch.bits", "torch.float4"))
    and not any(
        str(dtype) == f"torch.{sign}int{bits}" for sign in ("", "u") for bits in range(1, 8)
    )
}
"""Dtypes of which torch gives a number as a Python number."""


def quantized(dtype: torch.dtype) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda dense: torch.quantize_per_tensor(dense, 0.1, 3, dtype)


def by_channel(dense: torch.Tensor) -> torch.Tensor:
    count = dense.shape[0]
    scales = torch.linspace(0.1, 0.4, count, dtype=torch.float64)
    return torch.quantize_per_channel(dense, scales, torch.arange(count), 0, torch.qint8)


STORED: dict[str, tuple[Callable[[torch.Tensor], torch.Tensor], str]] = {
    "coo": (lambda dense: dense.to_sparse(), "to_dense"),
    "hybrid coo": (lambda dense: dense.to_sparse(1), "to_dense"),
    "csr": (lambda dense: dense.to_sparse_csr(), "to_dense"),
    "csc": (lambda dense: dense.to_sparse_csc(), "to_dense"),
    "bsr": (lambda dense: dense.to_sparse_bsr((2, 3)), "to_dense"),
    "bsc": (lambda dense: dense.to_sparse_bsc((2, 3)), "to_dense"),
    "quint8": (quantized(torch.quint8), "dequantize"),
    "qint8": (quantized(torch.qint8), "dequantize"),
    "qint32": (quantized(torch.qint32), "dequantize"),
    "qint8 by channel": (by_channel, "dequantize"),
}


@pytest.mark.parametrize("kind", STORED)
@given(data=st.data())
def test_tensors_stored_in_other_ways(kind: str, data: st.DataObject) -> None:
    make, read = STORED[kind]
    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 99)))
    dense = torch.randn(4, 6, generator=generator)
    dense *= torch.rand(4, 6, generator=generator) > 0.4
    tensor = make(dense)
    agree(tensor, getattr(tensor, read)(), data.draw(slices((4, 6))))


@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
@given(data=st.data())
def test_nested_tensors_as_padded(layout: torch.layout, data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    parts = [torch.randn(length, 3) for length in lengths]
    tensor = torch.nested.nested_tensor(parts, layout=layout)
    padded = torch.nested.to_padded_tensor(tensor, 0.0)
    agree(tensor, padded, data.draw(slices(tuple(padded.shape))))


def agree(tensor: torch.Tensor, oracle: torch.Tensor, text: str) -> None:
    """Every cell of a slice of a tensor holds what torch says that it stands for."""
    if plane_of(parse(text, tuple(oracle.shape))).empty:
        assert 0 in eval(text, {"x": oracle}).shape, text
        return
    plane, block = shown(tensor, text, tuple(oracle.shape))
    for row, column, cell in cells(plane, text, oracle):
        if block.hole == "nothing" and block.is_absent(row, column):
            assert cell == 0, (text, row, column)  # it pads
        else:
            # torch's own reading of a channel rounds otherwise where it takes eight at once.
            spare = 1e-6 if tensor.is_quantized else 0
            same = math.isclose(block.numbers[row, column], cell.item(), rel_tol=spare)
            assert same, (text, row, column)
