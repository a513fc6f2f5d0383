"""Place arithmetic both ways against the bytes of torch's own storages."""

from __future__ import annotations

import warnings
from itertools import product
from random import Random

import numpy as np
import pytest
import torch

from explorer.model.layout.contiguity import formats_of, is_contiguous, is_dense_without_overlap
from explorer.model.layout.reach import (
    as_bytes,
    overlaps_itself,
    places_reached,
    share_a_byte,
    share_a_place,
    visits,
    visits_below,
)
from explorer.model.strides import Layout, index_at, indices_of, place_of
from tests.model.random_shape_calls import random_call, random_tensor

ROUNDS_QUICK = 400
ROUNDS_FULL = 20_000


def layout_of(x: torch.Tensor) -> Layout:
    """The layout that torch reports."""
    return Layout(tuple(x.shape), x.stride(), int(x.storage_offset()))


def random_numbered(rng: Random) -> tuple[torch.Tensor, Layout]:
    """A small random view over a storage of int64 whose numbers are their own places."""
    while True:
        x = random_tensor(rng).detach()
        for _ in range(rng.randrange(3)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    x = eval("x" + random_call(rng, x), {"x": x, "torch": torch})
                except (RuntimeError, IndexError, ValueError, TypeError):
                    break
        layout = layout_of(x)
        if x.numel() <= 300 and layout.end < 600 and all(n >= 0 for n in x.shape):
            break
    places = torch.arange(max(layout.end, layout.offset) + rng.randrange(4))
    return places.as_strided(layout.shape, layout.stride, layout.offset), layout


def check_one(rng: Random) -> None:
    numbered, layout = random_numbered(rng)
    storage = np.frombuffer(bytes(numbered.untyped_storage()), dtype=np.int64)
    indices = list(product(*map(range, layout.shape)))
    reached: dict[int, list[tuple[int, ...]]] = {}
    for position, index in enumerate(indices):
        place = place_of(layout, index)
        assert storage[place] == numbered[index].item()
        assert index_at(layout, position) == index
        reached.setdefault(place, []).append(index)
    for place in range(len(storage) + 2):
        assert indices_of(layout, place) == reached.get(place, [])
    counts = np.bincount(numbered.flatten().numpy(), minlength=len(storage) + 3)
    start = rng.randrange(len(storage) + 1)
    stop = rng.randrange(start, len(counts) + 1)
    assert visits(layout, start, stop).tolist() == counts[start:stop].tolist()
    edges = np.array([rng.randrange(-3, len(storage) + 5) for _ in range(6)])
    below = [int(counts[: max(edge, 0)].sum()) for edge in edges]
    assert visits_below(layout, edges).tolist() == below
    assert places_reached(layout) == len(reached)
    assert overlaps_itself(layout) == (len(reached) < len(indices))
    check_contiguity(numbered, layout)


def check_contiguity(x: torch.Tensor, layout: Layout) -> None:
    formats = {
        "contiguous_format": torch.contiguous_format,
        "channels_last": torch.channels_last,
        "channels_last_3d": torch.channels_last_3d,
    }
    truth = {name for name, one in formats.items() if x.is_contiguous(memory_format=one)}
    assert set(formats_of(layout)) == truth
    assert is_contiguous(layout) == x.is_contiguous()
    assert is_dense_without_overlap(layout) == torch.ops.aten.is_non_overlapping_and_dense(x)


def test_places_of_random_tensors() -> None:
    rng = Random(7)
    for _ in range(ROUNDS_QUICK):
        check_one(rng)


@pytest.mark.slow
def test_places_of_many_random_tensors() -> None:
    rng = Random(8)
    for _ in range(ROUNDS_FULL):
        check_one(rng)


def test_two_random_tensors_share_a_place_when_their_numbers_meet() -> None:
    rng = Random(9)
    for _ in range(300):
        (one, first), (other, second) = random_numbered(rng), random_numbered(rng)
        meet = bool(set(one.flatten().tolist()) & set(other.flatten().tolist()))
        assert share_a_place(first, second) == meet


def test_tensors_of_any_two_dtypes_share_a_byte_when_their_bytes_meet() -> None:
    rng = Random(10)
    sizes = (1, 2, 4, 8)
    for _ in range(400):
        (one, first), (other, second) = random_numbered(rng), random_numbered(rng)
        size, other_size = rng.choice(sizes), rng.choice(sizes)
        bytes_of = {p * size + b for p in one.flatten().tolist() for b in range(size)}
        others = {p * other_size + b for p in other.flatten().tolist() for b in range(other_size)}
        assert share_a_byte(first, size, second, other_size) == bool(bytes_of & others)


def test_combs_beside_each_other_are_told_apart_at_once() -> None:
    third = Layout((10**9,), (3,), 0)
    assert share_a_byte(third, 4, Layout((10**9,), (3,), 1), 4, most=1) is False
    assert share_a_byte(third, 4, Layout((10**9,), (3,), 3), 4, most=1) is True


def test_bytes_of_two_dtypes_on_one_storage_can_be_compared() -> None:
    x = torch.zeros(8, dtype=torch.int16)
    whole, tail = as_bytes(layout_of(x.view(torch.int64)), 8), as_bytes(layout_of(x[4:]), 2)
    assert places_reached(tail) == 8 and tail.offset == 8
    assert share_a_place(whole, tail)
    assert not share_a_place(as_bytes(layout_of(x[:4]), 2), tail)


def test_an_index_outside_is_refused_in_words() -> None:
    layout = Layout((2, 3), (3, 1), 0)
    assert place_of(layout, (-1, -1)) == 5
    with pytest.raises(IndexError, match="Index 3 is outside dimension 1"):
        place_of(layout, (0, 3))
    with pytest.raises(IndexError, match="needs 2 indices, not 1"):
        place_of(layout, (0,))
    with pytest.raises(IndexError, match="no element number 6"):
        index_at(layout, 6)
    with pytest.raises(ValueError, match="one stride per dimension"):
        Layout((2, 3), (1,), 0)


def test_huge_tensors_cost_only_the_window_that_is_looked_at() -> None:
    huge = Layout((100_000, 100_000), (1, 100_000), 0)
    assert visits(huge, 5_000_000_000, 5_000_004_096).tolist() == [1] * 4096
    assert indices_of(huge, 1_234_567_890) == [(67_890, 12_345)]
    assert places_reached(huge) == 10**10
    every_second = Layout((50_000_000,), (2,), 1)
    assert visits(every_second, 10, 16).tolist() == [0, 1, 0, 1, 0, 1]
    edges = np.array([0, 2, 100_000_000])
    assert visits_below(every_second, edges).tolist() == [0, 1, 50_000_000]


def test_windows_that_overlap_a_million_times_are_still_counted() -> None:
    windows = Layout((1_000_000, 1000), (1, 1), 0)
    assert visits(windows, 500_000, 500_003).tolist() == [1000] * 3
    assert visits(windows, 0, 3).tolist() == [1, 2, 3]
    assert places_reached(windows) == 1_000_999
    below = visits_below(windows, np.array([0, 1, 2, 2_000_000]))
    assert below.tolist() == [0, 1, 3, 1_000_000_000]
