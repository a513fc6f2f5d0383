"""What makes a large graph quick to paint: finding what is in view, and sums of what is far."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from explorer.ui.widgets.graph.density import CELLS, Density, dots_of
from explorer.ui.widgets.graph.index import TallIndex


def rectangles(number: int, count: int) -> NDArray[np.float64]:
    """Left, top, right, bottom; a few are as high as the whole."""
    draw = np.random.default_rng(number)
    left, top = draw.uniform(-50, 50, count), draw.uniform(-100, 5000, count)
    high = np.where(draw.random(count) < 0.01, 5000, draw.uniform(0, 40, count))
    return np.stack([left, top, left + draw.uniform(0, 30, count), top + high])


@pytest.mark.parametrize("count", [0, 1, 2, 300, 2000])
def test_the_index_finds_what_a_look_at_each_finds(count: int) -> None:
    sides = rectangles(count, count)
    index = TallIndex(*sides)
    draw = np.random.default_rng(7)
    left, top, right, bottom = sides
    for _ in range(200):
        x, y = draw.uniform(-80, 80), draw.uniform(-300, 6000)
        view = (x, y, x + draw.uniform(0, 60), y + draw.choice([0.0, 50.0, 9000.0]))
        seen = (left <= view[2]) & (right >= view[0]) & (top <= view[3]) & (bottom >= view[1])
        assert sorted(index.touching(view).tolist()) == np.flatnonzero(seen).tolist()


def test_rectangles_that_touch_the_border_of_a_view_are_in_it() -> None:
    index = TallIndex(*(np.array([side]) for side in (0.0, 10.0, 5.0, 20.0)))
    assert index.touching((5.0, 20.0, 9.0, 30.0)).tolist() == [0]
    assert index.touching((-3.0, 0.0, 0.0, 10.0)).tolist() == [0]
    assert index.touching((5.1, 20.0, 9.0, 30.0)).tolist() == []


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_sums_keep_the_area_and_the_place(count: int) -> None:
    draw = np.random.default_rng(3)
    box = np.abs(draw.normal(0, 1, (count, 4))) * (800, 90000, 60, 24)
    density, area = Density(box), float((box[:, 2] * box[:, 3]).sum())
    for cell in CELLS:
        dots = density.coarse(0.7 / cell)
        assert dots is not None
        assert float(dots.area.sum()) == pytest.approx(area)
        if count:
            fine = dots_of(box)
            middle = float((fine.y * fine.area).sum() / area)
            assert float((dots.y * dots.area).sum() / area) == pytest.approx(middle, abs=cell)
    assert density.coarse(0.1) is None


def test_sums_are_fewer_than_boxes_when_they_are_far() -> None:
    box = np.stack([np.zeros(20000), np.arange(20000) * 42.0, np.full(20000, 80.0),
                    np.full(20000, 24.0)], axis=1)  # fmt: skip
    dots = Density(box).coarse(0.0001)
    assert dots is not None
    assert len(dots.x) < 1000
