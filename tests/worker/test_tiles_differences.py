"""Differences number by number, against numpy and exact fractions."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.worker.values.differences import HOWS, DifferenceField
from explorer.worker.values.fields import CannotShow, StridedField, whole
from explorer.worker.values.sights import field_of


def difference(one: torch.Tensor, other: torch.Tensor, how: str) -> torch.Tensor:
    field = DifferenceField(field_of(one), field_of(other), how)
    return field.box(whole(field.shape))


@given(st.lists(st.tuples(st.floats(width=32), st.floats(width=32)), min_size=1, max_size=20))
def test_floats(pairs: list[tuple[float, float]]) -> None:
    one, other = (torch.tensor(column) for column in zip(*pairs, strict=True))
    a, b = one.double().numpy(), other.double().numpy()
    with np.errstate(all="ignore"):
        gap = np.where(a == b, 0.0, a - b)
        ratio = np.where(gap == 0, 0.0, np.abs(gap) / np.abs(b))
    assert np.array_equal(difference(one, other, "absolute").numpy(), gap, equal_nan=True)
    assert np.array_equal(difference(one, other, "relative").numpy(), ratio, equal_nan=True)
    changed = one.numpy().view(np.int32) != other.numpy().view(np.int32)
    assert difference(one, other, "changed").tolist() == changed.tolist()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float8_e4m3fn,
                                   torch.float8_e5m2, torch.float8_e8m0fnu])  # fmt: skip
def test_ulps_are_steps_through_all_floats(dtype: torch.dtype) -> None:
    size = 256**dtype.itemsize
    carrier = torch.uint8 if dtype.itemsize == 1 else torch.uint16
    every = torch.arange(size, dtype=torch.int64).to(carrier).view(dtype)
    floats = every.double().numpy()
    ordered = np.unique(floats[~np.isnan(floats)])
    rng = np.random.default_rng(3)
    left, right = rng.integers(0, size, (2, 2000))
    got = difference(every[left], every[right], "ulps").numpy()
    bad = np.isnan(floats[left]) | np.isnan(floats[right])
    place = np.searchsorted(ordered, floats)
    assert np.array_equal(got[~bad], (place[left] - place[right])[~bad])
    assert np.isnan(got[bad & (left != right)]).all()


def test_ulps_of_float64_span_the_whole_range() -> None:
    one = torch.tensor([1.0, 1.0, -0.0, math.inf, math.nan], dtype=torch.float64)
    after = math.nextafter(1.0, 2.0)
    other = torch.tensor([1.0, after, 0.0, -math.inf, math.nan], dtype=torch.float64)
    assert difference(one, other, "ulps").tolist() == [0, -1, 0, 2.0 * 0x7FF0000000000000, 0]


@given(st.lists(st.tuples(*[st.integers(-(2**63), 2**63 - 1)] * 2), min_size=1, max_size=9))
def test_whole_numbers(pairs: list[tuple[int, int]]) -> None:
    one, other = (torch.tensor(column) for column in zip(*pairs, strict=True))
    got = difference(one, other, "absolute").tolist()
    for (a, b), gap in zip(pairs, got, strict=True):
        assert gap == pytest.approx(a - b, rel=1e-15)
        if abs(a - b) < 2**53 and -(2**63) <= a - b < 2**63:
            assert gap == a - b


def test_other_kinds() -> None:
    z = torch.tensor([3 + 4j, 1j])
    assert difference(z, torch.zeros_like(z), "absolute").tolist() == [5.0, 1.0]
    assert difference(z, z.conj(), "changed").tolist() == [True, True]
    wide = z.to(torch.complex128)
    assert difference(wide, wide.clone(), "changed").tolist() == [False, False]
    big = torch.tensor([2**64 - 1, 5], dtype=torch.uint64)
    assert difference(
        big, torch.tensor([2**64 - 2, 9], dtype=torch.uint64), "absolute"
    ).tolist() == [
        1.0,
        -4.0,
    ]
    truth = torch.tensor([True, False])
    assert difference(truth, ~truth, "absolute").tolist() == [1.0, -1.0]
    assert difference(torch.ones(2), torch.ones(2, dtype=torch.int64), "absolute").tolist() == [
        0,
        0,
    ]


def test_pieces_cover_the_box() -> None:
    one, other = torch.randn(5, 7), torch.randn(7, 5).t()
    field = DifferenceField(StridedField(one), StridedField(other), "absolute")
    total = sum(float(piece.sum()) for piece, _ in field.pieces(whole((5, 7)), 4))
    assert total == pytest.approx(float((one.double() - other.double()).sum()))


@pytest.mark.parametrize(
    ("one", "other", "how", "says"),
    [
        (torch.ones(2), torch.ones(3), "absolute", "Shapes"),
        (torch.ones(2), torch.ones(2), "sideways", "no way to compare"),
        (torch.ones(2), torch.ones(2).double(), "ulps", "one dtype"),
        (torch.ones(2).long(), torch.ones(2).long(), "ulps", "one dtype"),
    ],
)
def test_what_is_refused(one: torch.Tensor, other: torch.Tensor, how: str, says: str) -> None:
    with pytest.raises(CannotShow, match=says):
        difference(one, other, how)
    assert "changed" in HOWS
