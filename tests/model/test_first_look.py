"""What is asked for first: few samples of much, all of little."""

from __future__ import annotations

from math import prod

import pytest

from explorer.model.values.first_look import SAMPLES, first_looks
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import NumberBox, ReadSummary, Sight

SIGHT = Sight(NumbersOf(1, "float32", (), (), 0))


@pytest.mark.parametrize(
    ("side", "block", "first"),
    [(100, 1, [1]), (2000, 2, [2]), (20_000, 20, [320, 80]), (20_000, 1, [1])],
)
def test_blocks_of_the_first_pictures(side: int, block: int, first: list[int]) -> None:
    box = NumberBox((0, 0), (side, side), (1, 1))
    exact = ReadSummary(SIGHT, box, 0, 1, (block, block), "mean")
    found = first_looks(exact)
    assert [one.block for one in found] == [(side, side) for side in first]
    assert all((one.how, one.box) == ("sample", box) for one in found)


@pytest.mark.parametrize(
    ("counts", "dims", "block"),
    [
        ((1, 1 << 30), (0, 1), (1, 1 << 20)),
        ((100, 1 << 22), (0, 1), (1, 1 << 12)),
        ((64, 3, 4096, 4096), (2, 3), (32, 32)),
        ((1 << 24,), (-1, 0), (1, 1 << 14)),
        ((20_000, 20_000), (1, 0), (32, 64)),
    ],
)
def test_no_picture_has_many_more_samples_than_it_may(
    counts: tuple[int, ...], dims: tuple[int, int], block: tuple[int, int]
) -> None:
    box = NumberBox((0,) * len(counts), counts, (1,) * len(counts))
    looks = first_looks(ReadSummary(SIGHT, box, *dims, block, "mean"))
    for look, most in zip(looks, SAMPLES, strict=False):
        sizes = dict(zip((look.down, look.across), look.block, strict=True))
        samples = prod(-(-count // sizes.get(dim, 1)) for dim, count in enumerate(counts))
        assert samples <= most * 1.25
