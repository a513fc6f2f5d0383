"""Blocks hold the cells of a plane in the plane's own order; texts to take elsewhere mean them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import Region
from explorer.model.values.image_reading import brightness_range, bytes_of_image, readings
from explorer.model.values.number_block import NumberBlock, block_of
from explorer.model.values.plane import Plane, plane_over
from explorer.model.values.slice_texts import slice_text
from explorer.model.values.words import (
    bar_words,
    histogram_words,
    number_words,
    statistics_words,
)
from explorer.protocol.values import Bars, Statistics, Tile
from tests.model.test_plane import cells, planes


@given(planes())
def test_a_block_shows_what_the_plane_shows(plane: Plane) -> None:
    if plane.empty:
        return
    x = np.arange(int(np.prod(plane.shape, dtype=int)), dtype="<i4").reshape(plane.shape)
    box = plane.whole_box()
    cut = tuple(
        slice(a, a + n * s, s) for a, n, s in zip(box.starts, box.counts, box.steps, strict=True)
    )
    tile = Tile("int32", box.counts, x[cut].tobytes())
    region = Region(0, plane.rows, 0, plane.columns)
    block = block_of(tile, plane, region)
    expected = cells(plane, x)
    assert np.array_equal(block.numbers, expected)
    for row in range(plane.rows):
        assert block.line(row, TextStyle()) == [str(number) for number in expected[row]]
        assert block.element(row, 0) == expected[row, 0].tobytes()


def block(numbers: Any, dtype: torch.dtype = torch.float32) -> NumberBlock:
    """A block of a row, or of rows, of numbers."""
    tensor = torch.tensor(numbers, dtype=dtype)
    tensor = tensor.reshape(-1, tensor.shape[-1])
    region = Region(0, tensor.shape[0], 0, tensor.shape[1])
    raw = tensor.contiguous().view(torch.uint8).numpy().tobytes()
    return NumberBlock(region, str(dtype).removeprefix("torch."), raw)


def test_absent_cells() -> None:
    region = Region(2, 1, 4, 2)
    made = NumberBlock(region, "int8", b"\1\0", b"\0\1", "zero")
    assert (made.is_absent(2, 4), made.is_absent(2, 5)) == (False, True)
    assert made.text(2, 4, TextStyle()) == "1"
    assert made.widest(2, TextStyle("bits")) == 8


def test_a_tile_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        block_of(Tile("int8", (2,), b"\1"), plane_over((2,)), Region(0, 1, 0, 2))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64, torch.complex64,
                                   torch.bool])  # fmt: skip
def test_python_code_makes_the_same_tensor(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0.1, -2.0, 3.0], [1e10, 0.0, 7.0]]).to(dtype)
    rows = tensor.tolist()
    code = slice_text("python", block(rows, dtype), TextStyle())
    assert torch.equal(eval(code), tensor)
    line = slice_text("python", block(rows[0], dtype), TextStyle(), lone=True)
    assert torch.equal(eval(line), tensor[0])


def test_python_code_of_bad_numbers() -> None:
    code = slice_text("python", block([math.nan, math.inf, -math.inf]), TextStyle(), lone=True)
    assert eval(code).tolist()[1:] == [math.inf, -math.inf]
    assert math.isnan(eval(code)[0])
    code = slice_text("python", block([complex(math.nan, 1)], torch.complex64), TextStyle(), True)
    assert torch.isnan(eval(code).real)


def test_tables() -> None:
    made = block([[1.0, 2.0], [3.0, 4.5]])
    style = TextStyle("decimals", 1)
    assert slice_text("table", made, style) == "1.0\t2.0\n3.0\t4.5"
    assert slice_text("markdown", made, style).splitlines() == [
        "| 0 | 1 |", "| ---: | ---: |", "| 1.0 | 2.0 |", "| 3.0 | 4.5 |",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="one of"):
        slice_text("html", made, style)


def test_words() -> None:
    bars = Bars(-2, -1, (1, 0, 3))
    assert bar_words(bars, 2, 4) == "3 numbers from 0 to below 0.5, 75 %"
    assert histogram_words(bars).startswith("The fullest of 3 bars holds 3 numbers")
    assert histogram_words(Bars(0, 0, ())) == "There is no finite number to count."
    found = Statistics(12, 1, 2, 0, 3, -1.0, 10.0, 0.5, 2.0, bars)
    assert statistics_words(found, "float32") == (
        "12 numbers, from −1.0 to 10.0, mean 0.5, standard deviation 2, 1 NaN, 2 Inf, 3 zeros."
    )
    same = Statistics(2, 0, 0, 0, 0, 1, 1, 1.0, 0.0, bars)
    assert statistics_words(same, "int64") == "2 numbers, all of them 1."
    assert "none of them finite" in statistics_words(Statistics(1, 1, 0, 0, 0, None, None, None, None, bars), "float32")  # fmt: skip  # noqa: E501
    assert statistics_words(Statistics(0, 0, 0, 0, 0, None, None, None, None, bars), "bool") == (
        "There are no numbers."
    )
    assert (number_words(-1234567), number_words(None), number_words(1 / 3)) == (
        "−1,234,567", "–", "0.333333",
    )  # fmt: skip


def test_readings_of_images() -> None:
    assert [one.title for one in readings((8, 3, 32, 48))] == [
        "colours × rows × columns",
        "one picture per layer",
    ]
    assert readings((32, 48, 3))[0].channels == 2
    assert readings((8, 32, 48, 4))[0].batch == 0
    assert readings((2, 3, 4))[0].title == "one picture per layer"
    assert [one.title for one in readings((5, 6))] == ["grey"]
    assert readings((5,)) == []


def test_bytes_of_images() -> None:
    values = np.array([[[0.0, 0.5], [1.0, np.nan]]])
    made = bytes_of_image(values, (0.0, 1.0))
    assert made[0, 0].tolist() == [0, 0, 0, 255]
    assert made[0, 1].tolist() == [128, 128, 128, 255]
    assert made[1, 1].tolist() == [255, 0, 255, 255]
    colours = bytes_of_image(np.stack([values[0]] * 3) * [[[1]], [[0]], [[1]]], (0, 1))
    assert colours[1, 0].tolist() == [255, 0, 255, 255]
    assert brightness_range("uint8", 3, 9) == (0, 255)
    assert brightness_range("float32", 0.1, 0.9) == (0, 1)
    assert brightness_range("float32", -3, 3) == (-3, 3)
    assert brightness_range("float32", 5, 5) == (4.5, 5.5)


def test_words_of_lone_and_complex_numbers() -> None:
    bars = Bars(2, 0, (1,))
    lone = Statistics(1, 0, 0, 0, 0, 2.5, 2.5, 2.5, None, bars)
    assert statistics_words(lone, "float32") == "One number, 2.5."
    pair = Statistics(2, 0, 0, 0, 0, 1.0, 2.0, 1.5, 0.5, bars)
    assert statistics_words(pair, "complex64").startswith("2 numbers by size |z|, from 1 to 2")
    assert histogram_words(Bars(2, 0, (4,))).startswith("The only bar holds 4 numbers")
