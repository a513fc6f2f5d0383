"""What is asked for first: few samples of much, all of little."""

from __future__ import annotations

import pytest

from explorer.model.values.first_look import first_look
from explorer.protocol.numbers import NumbersOf
from explorer.protocol.values import NumberBox, ReadSummary, Sight

SIGHT = Sight(NumbersOf(1, "float32", (), (), 0))


@pytest.mark.parametrize(
    ("side", "block", "first"),
    [(100, 1, 1), (2000, 2, 2), (20_000, 20, 80), (20_000, 1, 1)],
)
def test_blocks_of_the_first_picture(side: int, block: int, first: int) -> None:
    box = NumberBox((0, 0), (side, side), (1, 1))
    exact = ReadSummary(SIGHT, box, 0, 1, (block, block), "mean")
    found = first_look(exact)
    assert (found.block, found.how, found.box) == ((first, first), "sample", box)
