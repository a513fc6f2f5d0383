"""Statistics in one pass say what torch's separate calls say."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.protocol.values import Bars, ReadStatistics, Statistics
from explorer.worker.values import statistics
from explorer.worker.values.fields import Field, whole
from explorer.worker.values.lattice import Lattice
from explorer.worker.values.sights import field_of
from explorer.worker.values.statistics import read_statistics, statistics_of
from tests.worker.random_tensors import SIGHT, Made, boxes, cut, strided

NUMBERS = ["float32", "float64", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2fnuz",
           "int8", "uint8", "int32", "int64", "uint64", "uint16", "bool", "complex64",
           "complex128"]  # fmt: skip


def all_of(field: Field) -> Statistics:
    *_, last = statistics_of(field, whole(field.shape))
    assert last is not None
    return last


def wide(tensor: torch.Tensor) -> np.ndarray:
    """The numbers as numpy's widest kind: Python integers for whole ones."""
    if tensor.is_complex():
        return tensor.to(torch.complex128).resolve_conj().abs().numpy().ravel()
    if tensor.is_floating_point():
        return tensor.to(torch.float64).resolve_neg().numpy().ravel()
    return np.array([int(number) for number in tensor.reshape(-1).tolist()], dtype=object)


def bar_of(number: float | int, bars: Bars) -> int:
    exact = int(number) >> bars.power if isinstance(number, int) else None
    return (math.floor(math.ldexp(number, -bars.power)) if exact is None else exact) - bars.first


@given(strided(NUMBERS), st.data())
def test_against_numpy(made: Made, data: st.DataObject) -> None:
    box = data.draw(boxes(tuple(made.tensor.shape)))
    request = ReadStatistics(SIGHT, box)
    *_, got = read_statistics(request, lambda source: made.tensor)
    assert got is not None
    chosen = cut(made.tensor, box)
    numbers = wide(chosen)
    floats = numbers.astype(np.float64)
    bad = torch.isnan(chosen.to(torch.complex128 if chosen.is_complex() else torch.float64))
    assert got.count == numbers.size
    assert got.nan == int(bad.sum())
    finite = numbers[np.isfinite(floats)]
    assert got.zeros == int((finite == 0).sum())
    assert got.count == got.nan + got.plus_inf + got.minus_inf + finite.size
    if finite.size == 0:
        assert (got.low, got.high, got.mean, got.bars.counts) == (None, None, None, ())
        return
    assert got.low == pytest.approx(min(finite), rel=1e-6)
    assert got.high == pytest.approx(max(finite), rel=1e-6)
    assert sum(got.bars.counts) == finite.size
    with np.errstate(over="ignore", invalid="ignore"):
        plain = finite.astype(np.float64)
        scale = float(np.abs(plain).max())
        assert got.mean == pytest.approx(float(plain.mean()), rel=1e-5, abs=1e-5 * scale)
        deviation = float(plain.std(ddof=1)) if finite.size > 1 else None
    if deviation is not None and math.isfinite(deviation):
        assert got.deviation == pytest.approx(deviation, rel=1e-4, abs=1e-6 * scale)
    if not chosen.is_complex():
        counts = [0] * len(got.bars.counts)
        for number in finite.tolist():
            counts[bar_of(number, got.bars)] += 1
        assert tuple(counts) == got.bars.counts


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
def test_pieces_add_up(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.randn(6, 17) * 100 + 3
    x[2, 3], x[4, 4], x[5, 5] = math.nan, math.inf, -math.inf
    at_once = all_of(field_of(x))
    monkeypatch.setattr(statistics, "PIECE_BYTES", piece * 4)
    bit_by_bit = all_of(field_of(x))
    assert bit_by_bit.mean == pytest.approx(at_once.mean, rel=1e-5)
    assert bit_by_bit.deviation == pytest.approx(at_once.deviation, rel=1e-5)
    keys = ("count", "nan", "plus_inf", "minus_inf", "zeros", "low", "high")
    assert [getattr(bit_by_bit, key) for key in keys] == [getattr(at_once, key) for key in keys]
    assert (at_once.nan, at_once.plus_inf, at_once.minus_inf) == (1, 1, 1)
    assert sum(bit_by_bit.bars.counts) == 6 * 17 - 3


def test_huge_beside_tiny() -> None:
    got = all_of(field_of(torch.tensor([1e38, -1e38, 1e-38, 1e-45, 0.0])))
    assert (got.low, got.high, got.zeros) == (np.float32(-1e38), np.float32(1e38), 1)
    assert got.deviation == pytest.approx(1e38 / math.sqrt(2), rel=1e-6)
    assert sum(got.bars.counts) == 5


def test_subnormals_have_bars_of_their_own() -> None:
    step = 2.0**-149
    got = all_of(field_of(torch.arange(8, dtype=torch.float64).mul(step).float()))
    assert got.zeros == 1
    assert got.bars.power < -149
    assert sum(1 for count in got.bars.counts if count) == 8
    tiny = all_of(field_of(torch.arange(300, dtype=torch.float64) * 5e-324))
    assert (tiny.bars.power, sum(tiny.bars.counts)) == (-1073, 300)


def test_the_largest_floats() -> None:
    got = all_of(field_of(torch.full((4,), 1.7e308, dtype=torch.float64)))
    assert got.mean == pytest.approx(1.7e308)
    ends = all_of(field_of(torch.tensor([-1.7e308, 1.7e308], dtype=torch.float64)))
    assert (ends.mean, sum(ends.bars.counts)) == (0.0, 2)


def test_all_equal_all_nan_and_nothing() -> None:
    equal = all_of(field_of(torch.full((5,), 0.3)))
    assert equal.deviation == pytest.approx(0, abs=1e-7)
    assert equal.bars.counts == (5,)
    nothing = all_of(field_of(torch.full((5,), math.nan)))
    assert (nothing.nan, nothing.low, nothing.bars.counts) == (5, None, ())
    empty = all_of(field_of(torch.empty(0, 4)))
    assert (empty.count, empty.low) == (0, None)


def test_an_expanded_tensor_counts_each_number_as_often_as_it_stands() -> None:
    got = all_of(field_of(torch.tensor([[1.0], [3.0]]).expand(2, 2**40)))
    assert got.count == 2**41
    assert (got.mean, got.deviation) == (2.0, pytest.approx(1.0))


@pytest.mark.filterwarnings("ignore:Sparse .*")
def test_zeros_that_a_sparse_tensor_does_not_store() -> None:
    size = 2**31
    got = all_of(field_of(torch.sparse_coo_tensor(torch.tensor([[5], [6]]), [7.0], (size, size))))
    assert (got.count, got.zeros, got.high) == (size * size, size * size - 1, 7.0)
    dense = torch.rand(6, 8) * (torch.rand(6, 8) > 0.6)
    for sparse in (dense.to_sparse_csr(), dense.to_sparse_bsc((2, 2))):
        assert all_of(field_of(sparse)).mean == pytest.approx(float(dense.mean()), rel=1e-5)


def test_nan_in_half_of_a_complex_number() -> None:
    z = torch.tensor([complex(math.inf, math.nan), complex(math.inf, 1), 3 + 4j])
    got = all_of(field_of(z))
    assert (got.nan, got.plus_inf, got.high) == (1, 1, 5.0)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_the_lattice_counts_exactly(numbers: list[float]) -> None:
    lattice = Lattice()
    for number in numbers:
        lattice.cover(number, number)
        lattice.add(torch.tensor([number], dtype=torch.float64))
    bars = lattice.bars()
    counts = [0] * len(bars.counts)
    for number in numbers:
        numerator, denominator = number.as_integer_ratio()
        if bars.power >= 0:
            place = numerator // (denominator << bars.power)
        else:
            place = (numerator << -bars.power) // denominator
        counts[place - bars.first] += 1
    assert tuple(counts) == bars.counts
    assert len(bars.counts) <= 256
