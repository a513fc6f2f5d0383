"""Finding numbers, the first bad tensor, and the gist of many."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import (
    FindFirstBad,
    FindNumber,
    Found,
    NumberBox,
    ReadBriefs,
    ReadCellHistory,
)
from explorer.worker.values import finding
from explorer.worker.values.briefs import read_briefs, read_cell_history
from explorer.worker.values.fields import CannotShow, whole
from explorer.worker.values.finding import find_first_bad, find_number
from tests.worker.random_tensors import SIGHT, boxes

TESTS: dict[str, Callable[[float], bool]] = {
    "nan": math.isnan,
    "inf": math.isinf,
    "zero": lambda n: n == 0,
    "nonzero": lambda n: n != 0,
    "range": lambda n: 1 <= n <= 2,
}


def find(tensor: torch.Tensor, request: FindNumber) -> Found:
    *_, last = find_number(request, lambda source: tensor)
    assert last is not None
    return last


def hits(tensor: torch.Tensor, request: FindNumber) -> list[tuple[int, ...]]:
    """Every index in the box that is searched for, row by row."""
    box = request.box
    lines = [
        range(a, a + n * s, s) for a, n, s in zip(box.starts, box.counts, box.steps, strict=True)
    ]
    values = {index: float(tensor[index]) for index in itertools.product(*lines)}
    good = [value for value in values.values() if not math.isnan(value)]
    test = TESTS.get(request.what)
    if test is None:
        best = (max if request.what == "max" else min)(good, default=math.nan)
        test = lambda n: n == best  # noqa: E731
    return [index for index, value in values.items() if test(value)]


def expected(found: list[tuple[int, ...]], request: FindNumber) -> Found:
    if not found:
        return Found(False)
    if not request.after:
        return Found(True, found[-1 if request.backwards else 0])
    if request.backwards:
        before = [index for index in found if index < request.after]
        return Found(True, before[-1]) if before else Found(True, found[-1], True)
    behind = [index for index in found if index > request.after]
    return Found(True, behind[0]) if behind else Found(True, found[0], True)


@given(st.data(), st.sampled_from([*TESTS, "max", "min"]), st.booleans(), st.integers(1, 9))
def test_agrees_with_a_search_one_by_one(
    data: st.DataObject, what: str, backwards: bool, piece: int
) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 4), max_size=3)))
    count = math.prod(shape)
    choices = st.sampled_from([0.0, -0.0, 1.0, 2.0, -3.0, math.nan, math.inf, -math.inf])
    flat = data.draw(st.lists(choices, min_size=count, max_size=count))
    tensor = torch.tensor(flat).view(shape)
    box = data.draw(boxes(shape))
    after: tuple[int, ...] = ()
    look_on: bool = data.draw(st.booleans())
    if shape and look_on and 0 not in box.counts:
        at = [data.draw(st.integers(0, n - 1)) for n in box.counts]
        after = tuple(a + i * s for a, i, s in zip(box.starts, at, box.steps, strict=True))
    request = FindNumber(SIGHT, box, what, after, backwards, 1.0, 2.0)
    kept, finding.PIECE = finding.PIECE, piece
    try:
        got = find(tensor, request)
    finally:
        finding.PIECE = kept
    assert got == expected(hits(tensor, request), request)


def test_whole_numbers_and_packed_ones() -> None:
    big = torch.tensor([5, 2**64 - 1, 0], dtype=torch.uint64)
    box = whole((3,))
    assert find(big, FindNumber(SIGHT, box, "max")).index == (1,)
    assert find(big, FindNumber(SIGHT, box, "zero")).index == (2,)
    assert find(big, FindNumber(SIGHT, box, "range", (), False, 4, 6)).index == (0,)
    assert not find(big, FindNumber(SIGHT, box, "nan")).found
    packed = torch.tensor([0x00, 0x70], dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    assert find(packed, FindNumber(SIGHT, whole((2,)), "max")).index == (1,)


def test_all_nan_has_no_maximum() -> None:
    x = torch.full((3,), math.nan)
    assert not find(x, FindNumber(SIGHT, whole((3,)), "max")).found


def test_what_is_refused() -> None:
    with pytest.raises(CannotShow, match="cannot be searched for"):
        find(torch.ones(2), FindNumber(SIGHT, whole((2,)), "prime"))
    with pytest.raises(CannotShow, match="number of dimensions"):
        find(torch.ones(2), FindNumber(SIGHT, whole((2,)), "nan", (0, 0)))
    with pytest.raises(CannotShow, match="outside"):
        find(torch.ones(2), FindNumber(SIGHT, NumberBox((0,), (3,), (1,)), "nan"))


def source(content: int) -> NumbersOf:
    return NumbersOf(content, "float32", (4,), (1,), 0)


def held(content: NumbersOf) -> torch.Tensor:
    """Content 1 is fine, 2 is gone, 3 has Inf, 4 has NaN, 5 is whole numbers."""
    if content.content == 2:
        raise LookupError("What it held was dropped.")
    made = torch.arange(4.0)
    if content.content == 3:
        made[1] = math.inf
    if content.content == 4:
        made[2] = math.nan
    return made.long() if content.content == 5 else made


def test_the_first_tensor_with_a_bad_number() -> None:
    order = tuple(source(content) for content in (1, 5, 2, 3, 4))
    *_, nan = find_first_bad(FindFirstBad(order), held)
    assert nan is not None
    assert (nan.place, nan.index, nan.unread) == (4, (2,), 1)
    *_, inf = find_first_bad(FindFirstBad(order, "inf"), held)
    assert inf is not None
    assert (inf.place, inf.index) == (3, (1,))
    *_, none = find_first_bad(FindFirstBad(order[:2]), held)
    assert none is not None
    assert none.place == -1


def test_briefs() -> None:
    *_, answer = read_briefs(ReadBriefs(tuple(source(c) for c in (1, 2, 3, 4, 5))), held)
    assert answer is not None
    one, gone, inf, nan, ints = answer.briefs
    assert (one.count, one.zeros, one.low, one.high) == (4, 1, 0.0, 3.0)
    assert len(one.bars) == 8
    assert sum(one.bars) == 4
    assert gone.sentence == "What it held was dropped."
    assert (inf.inf, inf.nan, nan.nan, nan.high) == (1, 0, 1, 3.0)
    assert (ints.low, ints.high) == (0, 3)


def test_what_a_cell_held_through_the_recording() -> None:
    request = ReadCellHistory(source(0), (1,), (1, 2, 3))
    *_, answer = read_cell_history(request, held)
    assert answer is not None
    assert answer.held == (1, 0, 1)
    assert answer.tail == torch.tensor([1.0, 0.0, math.inf]).numpy().tobytes()
