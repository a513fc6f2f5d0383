"""Slices are read as numpy would take them, and everything else is refused in one sentence."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model.slicing import SliceError, parse

SHAPES = st.lists(st.integers(0, 6), min_size=0, max_size=5).map(tuple)
BOUND = st.one_of(st.none(), st.integers(-9, 9))


@st.composite
def texts_and_shapes(draw: st.DrawFn) -> tuple[str, tuple[int, ...]]:
    """A slice text that mixes every entry there is, right and wrong ones, and a shape."""
    shape = draw(SHAPES)
    entries = []
    for _ in range(draw(st.integers(0, len(shape) + 1))):
        kind = draw(st.sampled_from(["index", "range", "none", "dots"]))
        if kind == "index":
            entries.append(str(draw(st.integers(-7, 7))))
        elif kind == "range":
            low, high = (draw(BOUND) for _ in range(2))
            step = draw(st.sampled_from(["", ":", ":1", ":2", ":3"]))
            entries.append(f"{'' if low is None else low}:{'' if high is None else high}{step}")
        else:
            entries.append({"none": "None", "dots": "..."}[kind])
    ending = draw(st.sampled_from(["", ".mT"]))
    return f"x[{', '.join(entries) or '()'}]{ending}", shape


@given(texts_and_shapes())
def test_agrees_with_numpy(drawn: tuple[str, tuple[int, ...]]) -> None:
    text, shape = drawn
    x = np.arange(int(np.prod(shape, dtype=int))).reshape(shape)
    try:
        expected = eval(text.replace(".mT", ""), {"x": x})
        if text.endswith(".mT"):
            expected = np.swapaxes(expected, -1, -2)
    except (IndexError, ValueError):
        with pytest.raises(SliceError):
            parse(text, shape)
        return
    cut = parse(text, shape)
    assert cut.result_shape == np.shape(expected)
    chosen = tuple(
        axis.start
        if axis.fixed
        else slice(axis.start, axis.start + axis.count * axis.step, axis.step)
        for axis in cut.axes
        if axis.dim is not None
    )
    assert np.array_equal(np.ravel(x[chosen]), np.ravel(eval(text.replace(".mT", ""), {"x": x})))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x[9]", "out of range"),
        ("x[0, 0, 0]", "take 1 away"),
        ("x[::-1]", "backwards"),
        ("x[::0]", "goes nowhere"),
        ("x[print('a')]", "would have to be executed"),
        ("x[__import__('os').system('true')]", "would have to be executed"),
        ("x[(n := 3)]", "would have to be executed"),
        ("x[n]", "would have to be executed"),
        ("x[[0, 1]]", "console"),
        ("x[True]", "console"),
        ("x[1.0]", "no whole number"),
        ("x['a']", "no whole number"),
        ("x[0", "bracket"),
        ("x]", "bracket"),
        ("x[0][0]]", "'['"),
        ("x[0]0]", "'['"),
        ("hello world", "no slice"),
        ("x.y()", "would have to be executed"),
        ("0; import os", "no slice"),
        ("0 if x else", "no slice"),
        ("...,...", "only once"),
        ("\0", "no slice"),
        ("(" * 900, "no slice"),
        ("0," * 2000, "longer than"),
        ("[0].T", ".T needs two dimensions"),
    ],
)
def test_refuses_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(SliceError) as caught:
        parse(text, (4, 5))
    sentence = str(caught.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_nothing_is_executed(tmp_path: Path) -> None:
    witness = tmp_path / "written"
    for text in (f"x[open({str(witness)!r}, 'w').close()]", f"open({str(witness)!r}, 'w')[0]"):
        with contextlib.suppress(SliceError):
            parse(text, (4, 5))
    assert not witness.exists()


def test_names_before_the_bracket() -> None:
    assert parse("net.0.weight[0]", (2, 3)).name == "net.0.weight"
    assert parse("rows[2]['k'][:, 1]", (2, 3)).name == "rows[2]['k']"
    assert parse("", (2, 3)).result_shape == (2, 3)
    assert parse("net.0.weight", (2, 3)).name == "net.0.weight"
    assert parse("größe", (2, 3)).result_shape == (2, 3)
    assert parse("None", (2, 3)).result_shape == (1, 2, 3)
    assert parse(":, 1_0", (2, 30)).result_shape == (2,)
    assert parse("[()]", ()).result_shape == ()


def test_sizes_up_to_63_bits() -> None:
    size = 2**62
    cut = parse(f"x[{size - 5}:, -1]", (size, 2))
    assert cut.result_shape == (5,)
    assert cut.axes[0].index(4) == size - 1
