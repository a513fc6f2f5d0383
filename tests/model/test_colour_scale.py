"""Scales place numbers in order, and keep their ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.values.colour_scale import (
    KINDS,
    ColourScale,
    natural_kind,
    scale_over,
    tick_text,
    ticks,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(KINDS), st.lists(FLOATS, min_size=1, max_size=30))
def test_places_are_in_order_and_inside(kind: str, numbers: list[float]) -> None:
    values = np.array(sorted(numbers))
    scale = scale_over(kind, values)
    placed = scale.unit(values)
    assert np.all(np.isfinite(placed))
    assert np.all(np.diff(placed) >= -1e-9)
    assert np.all(placed <= 1)
    assert np.all(placed >= (-1 if scale.diverging else 0))
    if scale.diverging:
        assert scale.unit(np.array([0.0]))[0] == 0
        assert np.all(placed[values < 0] <= 0)


@given(st.sampled_from(KINDS), st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(0.1, 1))
def test_numbers_of_places(kind: str, low: float, span: float, unit: float) -> None:
    scale = scale_over(kind, np.array([low, low + span]))
    assert scale.unit(np.array([scale.number(unit)]))[0] == pytest.approx(unit, abs=1e-3)


def test_bad_numbers_stay_what_they_are() -> None:
    values = np.array([math.nan, math.inf, -math.inf, 1.0, -3.0])
    for kind in KINDS:
        placed = scale_over(kind, values).unit(values)
        assert math.isnan(placed[0])
        assert placed[1:3].tolist() == [math.inf, -math.inf]
    assert scale_over("linear", values[:3]) == ColourScale("linear", 0.0, 1.0)


def test_kinds() -> None:
    values = np.array([-1.0, 0.0, 10.0])
    assert scale_over("symmetric", values) == ColourScale("symmetric", -10, 10)
    assert scale_over("linear", values).unit(values).tolist() == [0, pytest.approx(1 / 11), 1]
    assert scale_over("log", values).unit(np.array([10, 1, 1e-9])).tolist() == [1, 0.8, 0]
    assert scale_over("robust", np.arange(101.0)) == ColourScale("robust", 1, 99)
    assert (natural_kind(-1, 1), natural_kind(0, 1)) == ("symmetric", "linear")
    same = scale_over("linear", np.array([3.0, 3.0]))
    assert same.unit(np.array([3.0]))[0] == 0
    with pytest.raises(ValueError, match="one of"):
        scale_over("rainbow", values)


@given(FLOATS, FLOATS, st.integers(2, 9))
def test_ticks_lie_inside(one: float, other: float, about: int) -> None:
    low, high = sorted((one, other))
    found = ticks(low, high, about)
    assert 1 <= len(found) <= 51 or high - low < 1e-290
    slack = abs(high - low) * 1e-6 if math.isfinite(high - low) else math.inf
    assert all(low - slack <= tick <= high + slack for tick in found)


def test_tick_texts() -> None:
    assert [tick_text(n) for n in ticks(0, 1, 5)] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert tick_text(-1e20) == "−1e20"
    assert tick_text(1e-7) == "1e−7"
