"""2³¹ and more numbers in one row, really in memory: places beyond 32 bits are told apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explorer.protocol.values import FindNumber, Found, NumberBox, ReadSummary, ReadTile
from explorer.worker.tiles import read_tile
from explorer.worker.values.fields import StridedField, whole
from explorer.worker.values.finding import find_number
from explorer.worker.values.statistics import statistics_of
from explorer.worker.values.summaries import summary_of
from tests.worker.random_tensors import SIGHT

LONG = 2**31 + 9
BLOCK = 2**21

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def row() -> Iterator[torch.Tensor]:
    """Zeros with a few numbers on both sides of 2³¹."""
    made = torch.zeros(1, LONG, dtype=torch.int8)
    made[0, 2**31 - 1], made[0, 2**31], made[0, LONG - 1] = 3, -5, 7
    yield made
    del made


def test_a_tile_at_the_end(row: torch.Tensor) -> None:
    tile = read_tile(ReadTile(SIGHT, NumberBox((0, 2**31 - 2), (1, 11), (1, 1))), lambda _: row)
    assert np.frombuffer(tile.tail, np.int8).tolist() == row[0, 2**31 - 2 :].tolist()
    tile = read_tile(ReadTile(SIGHT, NumberBox((0, 1), (1, 3), (1, 2**30))), lambda _: row)
    assert np.frombuffer(tile.tail, np.int8).tolist() == row[0, 1 :: 2**30].tolist()


def test_statistics(row: torch.Tensor) -> None:
    *_, found = statistics_of(StridedField(row), whole((1, LONG)))
    assert found is not None
    assert (found.count, found.zeros, found.low, found.high) == (LONG, LONG - 3, -5, 7)
    assert found.mean == pytest.approx(5 / LONG)
    assert sum(found.bars.counts) == LONG


@pytest.mark.parametrize("how", ["mean", "furthest"])
def test_a_picture(row: torch.Tensor, how: str) -> None:
    request = ReadSummary(SIGHT, whole((1, LONG)), 0, 1, (1, BLOCK), how)
    *_, answer = summary_of(StridedField(row), request)
    assert answer is not None
    blocks = np.frombuffer(answer.tail, answer.dtype).reshape(answer.shape)[0, 0]
    assert len(blocks) == 2**10 + 1
    below = row[0, 2**31 - BLOCK : 2**31].double()
    last = row[0, 2**31 :].double()
    expected = {
        "mean": (below.mean(), last.mean()),
        "furthest": (torch.tensor(3.0), torch.tensor(7.0)),
    }[how]
    assert blocks[-2:] == pytest.approx([float(one) for one in expected])
    assert not blocks[:-2].any()


def test_finding(row: torch.Tensor) -> None:
    *_, found = find_number(FindNumber(SIGHT, whole((1, LONG)), "min"), lambda _: row)
    assert found == Found(True, (0, 2**31))
