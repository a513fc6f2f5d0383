"""Cells and pixels lead to one another at every zoom, near zero and near 2⁶²."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.values.zoom import NEAREST, Zoom, fitted, fitting_scales

GESTURES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.floats(-500, 500)),
        st.tuples(st.just("zoom"), st.floats(0.05, 20), st.floats(0, 300)),
        st.tuples(st.just("size"), st.integers(1, 900)),
        st.tuples(st.just("centre"), st.floats(0, 1)),
    ),
    max_size=12,
)


def after(zoom: Zoom, gestures: list[tuple[Any, ...]]) -> Zoom:
    for name, *values in gestures:
        if name == "move":
            zoom = zoom.moved(values[0])
        elif name == "zoom":
            zoom = zoom.zoomed(values[0], min(values[1], zoom.pixels))
        elif name == "size":
            zoom = zoom.resized(values[0], values[0] / zoom.cells)
        else:
            zoom = zoom.centred(int(values[0] * (zoom.cells - 1)))
    return zoom


@given(st.sampled_from([1, 3, 700, 10**6, 2**40, 2**62]), st.integers(1, 900), GESTURES)
def test_no_gesture_leaves_the_picture(
    cells: int, pixels: int, gestures: list[tuple[Any, ...]]
) -> None:
    zoom = after(fitted(cells, pixels), gestures)
    assert 0 <= zoom.first < cells
    assert 0 <= zoom.fraction <= 1
    assert zoom.least * 0.999 <= zoom.scale <= max(NEAREST, zoom.least) * 1.001
    first, count = zoom.visible()
    assert count >= 1
    assert first + count <= cells
    assert zoom.pixel_of(first) <= 1e-6 * zoom.pixels + 1e-3
    assert zoom.pixel_of(first + count) >= min(zoom.pixels, cells * zoom.scale) * 0.999 - 1e-3
    blocks = count / zoom.block()
    assert blocks <= 2 * zoom.pixels + 2
    assert zoom.block() == 1 or blocks >= 0.5 * zoom.pixels


def test_zooming_keeps_the_cell_under_the_pointer() -> None:
    zoom = fitted(2**62, 800).zoomed(2.0**50, 400)
    cell = zoom.cell_at(300)
    for _ in range(40):
        zoom = zoom.zoomed(1.5, 300)
        assert abs(zoom.cell_at(300) - cell) <= max(2, 2**62 / 2**52)
        cell = zoom.cell_at(300)
    assert zoom.scale == NEAREST
    assert zoom.pixel_of(cell) <= 300 < zoom.pixel_of(cell + 1)
    assert zoom.pixel_of(cell + 1) - zoom.pixel_of(cell) == pytest.approx(NEAREST)


def test_fitting_and_centring() -> None:
    zoom = fitted(10, 200)
    assert (zoom.scale, zoom.visible(), zoom.block()) == (20, (0, 10), 1)
    assert zoom.whole
    assert zoom.resized(400, 40).visible() == (0, 10)
    near = zoom.zoomed(4, 0).centred(7)
    assert near.cell_at(100) == 7
    assert fitted(20000, 700).block() == 16
    assert math.isfinite(fitted(0, 0).scale)
    small = fitted(10, 200, 5.0)
    assert (small.visible(), small.cell_at(100), small.moved(-50).first) == ((0, 10), 20, 0)


def test_cells_are_square_where_both_directions_can_be_seen() -> None:
    assert fitting_scales(100, 50, 400, 400) == (4, 4)
    assert fitting_scales(4, 3, 400, 400) == (48, 48)
    assert fitting_scales(1, 100_000, 300, 500) == (40, 0.005)
    assert fitting_scales(100_000, 2, 30, 500) == (pytest.approx(3e-4), 20)
