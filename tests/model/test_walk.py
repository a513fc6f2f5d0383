"""The order of visits, against flattening a tensor whose numbers are their own places."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import torch

from explorer.model.layout.walk import (
    comparison_sentence,
    jumps_between,
    places_visited,
    trip,
    trip_sentence,
)
from explorer.model.strides import Layout
from tests.model.test_strides import random_numbered


def test_random_tensors_are_visited_as_torch_flattens_them() -> None:
    rng = Random(11)
    for _ in range(300):
        numbered, layout = random_numbered(rng)
        truth = numbered.flatten().tolist() if numbered.numel() else []
        start = rng.randrange(layout.numel + 1)
        assert places_visited(layout, 0, layout.numel + 3).tolist() == truth
        assert places_visited(layout, start, start + 5).tolist() == truth[start : start + 5]
        itemsize = rng.choice((1, 4, 16))
        lines = [place * itemsize // 64 for place in truth]
        counted = trip(layout, itemsize)
        assert counted.jumps == sum(a != b for a, b in pairwise(lines))
        assert counted.lines == len(set(lines)) and counted.whole
        assert int(jumps_between(np.array(truth, np.int64), itemsize).sum()) == counted.jumps


def test_a_matrix_and_its_transpose() -> None:
    x = torch.zeros(64, 64)
    row_wise = trip(Layout((64, 64), x.stride()), 4)
    column_wise = trip(Layout((64, 64), x.t().stride()), 4)
    assert (row_wise.jumps, column_wise.jumps) == (255, 4095)
    assert row_wise.lines == column_wise.lines == 256
    assert trip_sentence("x", row_wise) == (
        "x: 4,096 visits, 255 jumps to another cache line of 64 bytes, 256 lines touched."
    )
    told = comparison_sentence("x", row_wise, "x.t()", column_wise)
    assert told.startswith("x.t() changes the cache line 16.1 times as often as x")


def test_a_long_reading_is_counted_in_part_and_says_so() -> None:
    counted = trip(Layout((10**6, 10**6), (10**6, 1)), 4, most=1000)
    assert counted.visits == 1000 and not counted.whole
    assert trip_sentence("x", counted).startswith("x: the first 1,000 visits")


def test_small_tensors_stay_in_a_line() -> None:
    small, wide = trip(Layout((4,), (1,)), 4), trip(Layout((4,), (100,)), 4)
    assert small.jumps == 0
    told = comparison_sentence("a", small, "b", wide)
    assert told == "a stays in one cache line; b leaves its line 3 times."
    assert "equally often" in comparison_sentence("a", small, "c", small)
