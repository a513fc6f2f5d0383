"""Cells and indices lead to one another, and the code of a plane is what it shows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.slicing import parse
from explorer.model.values.plane import Plane, plane_of, plane_over
from tests.model.test_slicing import texts_and_shapes


@st.composite
def planes(draw: st.DrawFn) -> Plane:
    text, shape = draw(texts_and_shapes())
    try:
        plane = plane_of(parse(text, shape))
    except ValueError:
        plane = plane_over(shape)
    for number in plane.others:
        plane = plane.at(number, draw(st.integers(-1, 7)))
    if plane.down is not None and draw(st.booleans()):
        plane = plane.transposed()
    if plane.others and plane.across is not None:
        number = draw(st.sampled_from(plane.others))
        plane = draw(st.sampled_from([plane.with_down, plane.with_across]))(number)
    return plane


def cells(plane: Plane, x: np.ndarray) -> np.ndarray:
    """What the plane shows, cell by cell."""
    rows = range(plane.rows)
    return np.array([[x[plane.index_of(r, c)] for c in range(plane.columns)] for r in rows])


@given(planes())
def test_cells_and_indices(plane: Plane) -> None:
    if plane.empty:
        return
    for row in range(plane.rows):
        for column in range(plane.columns):
            index = plane.index_of(row, column)
            assert plane.cell_of(index) == (row, column)
            assert plane.towards(index).positions == plane.positions


@given(planes())
def test_code_shows_the_same_numbers(plane: Plane) -> None:
    if plane.empty:
        return
    x = np.arange(int(np.prod(plane.shape, dtype=int))).reshape(plane.shape)
    by_code = eval(plane.code("x"), {"x": x})
    shown = cells(plane, x)
    assert np.array_equal(np.ravel(by_code), np.ravel(shown))
    box = plane.whole_box()
    cut = tuple(
        slice(a, a + n * s, s) for a, n, s in zip(box.starts, box.counts, box.steps, strict=True)
    )
    assert np.array_equal(np.sort(np.ravel(x[cut])), np.sort(np.ravel(shown)))


def test_a_plane_of_four_dimensions() -> None:
    plane = plane_over((2, 3, 4, 5))
    assert plane.code("x") == "x[0, 0, :, :]"
    assert plane.dims == (2, 3)
    moved = plane.at(1, 2).with_down(0)
    assert moved.code("x") == "x[:, 2, 0, :]"
    assert moved.transposed().code("x") == "x[:, 2, 0, :].T"
    assert moved.cell_of((1, 2, 0, 3)) == (1, 3)
    assert moved.cell_of((1, 1, 0, 3)) is None
    assert moved.towards((1, 1, 0, 3)).cell_of((1, 1, 0, 3)) == (1, 3)


def test_a_fixed_dimension_can_be_walked() -> None:
    plane = plane_of(parse("x[2]", (5, 3, 4)))
    assert plane.others == (0,)
    assert plane.at(0, 99).code("x") == "x[4, :, :]"


def test_few_dimensions() -> None:
    assert (plane_over(()).code("z"), plane_over(()).code()) == ("z", "[()]")
    assert (plane_over(()).rows, plane_over(()).columns) == (1, 1)
    assert plane_over((7,)).columns == 7
    assert plane_over((0, 3)).empty
    assert plane_of(parse("[:, 1:1]", (2, 3))).code() == "[:, 0:0]"
    assert plane_over((1,) * 64).code().count(":") == 2
