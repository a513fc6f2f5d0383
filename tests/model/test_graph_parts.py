"""Levels ordered part by part: every invariant of the whole, and as few crossings."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from explorer.model.graph import parts
from explorer.model.graph.lanes import Lanes
from explorer.model.graph.parts import ends_of_parts, order_level
from explorer.model.graph.ranks import Level, Ranks, columns, rank
from tests.model.graph_samples import real_graph
from tests.model.test_graph_sifting import crossed, ordered

Edges = list[tuple[int, int]]


def block(number: int) -> tuple[int, Edges]:
    """A small random graph with one way in (0) and one way out (the last), and its edges."""
    chance = random.Random(number)
    size = chance.randint(4, 12)
    edges, shared = [], [0]
    for item in range(1, size):
        if item < size - 1 and chance.random() < 0.15:
            continue  # it begins here, and is used once, at the end
        inputs = sorted(chance.sample(shared, chance.randint(1, min(len(shared), 2))))
        edges += [(source, item) for source in inputs]
        shared.append(item)
    used = {source for source, _ in edges}
    edges += [(item, size - 1) for item in range(size - 1) if item not in used]
    return size, sorted(edges, key=lambda edge: (edge[1], edge[0]))


def stacked(seed: int, kinds: int = 4, times: int = 60) -> Level:
    """Blocks of a few kinds one behind the other; the way out of one is the way into the next."""
    chance = random.Random(seed)
    blocks = [block(100 * seed + kind) for kind in range(kinds)]
    edges: Edges = []
    begin = 0
    for _ in range(times):
        size, own = chance.choice(blocks)
        edges += [(source + begin, target + begin) for source, target in own]
        begin += size - 1
    source, target = np.array(edges).T
    _, tensor = np.unique(source, return_inverse=True)
    return Level(begin + 1, source, target, tensor.reshape(-1))


def whole(level: Level, ranks: Ranks) -> Lanes:
    """The same order found without looking for parts."""
    return parts._ordered(level, columns(level, ranks))


def check(level: Level, ranks: Ranks, lanes: Lanes) -> None:
    """Every item stands alone in a row of its column, every edge in lanes that reach its ends."""
    row = ranks.row_column
    assert sorted(lanes.position) == list(range(len(lanes.first)))
    assert (lanes.first[lanes.column] <= row).all()
    assert (lanes.last[lanes.column] >= row).all()
    assert len({*zip(lanes.column.tolist(), row.tolist(), strict=True)}) == level.count
    start, end = row[level.source], row[level.target]
    own = lanes.way == lanes.column[level.source]
    assert (own | (lanes.first[lanes.way] <= start + 1)).all()
    assert (lanes.last[lanes.way] >= end - 1).all()
    assert ((lanes.lane == -1) == (end - start <= 1)).all()
    assert (lanes.lane[lanes.lane >= 0] == lanes.way[lanes.lane >= 0]).all()


@pytest.mark.parametrize("seed", range(12))
def test_stacked_blocks_are_ordered_as_well_in_parts(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    level = stacked(seed)
    ranks = rank(level)
    asked: list[list[int]] = []
    whole_level = parts._Parts.ordered

    def noted(self: parts._Parts, chosen: list[int]) -> list[parts._Piece]:
        asked.append(chosen)
        return whole_level(self, chosen)

    monkeypatch.setattr(parts._Parts, "ordered", noted)
    lanes = order_level(level, ranks)
    assert len(ends_of_parts(level, ranks)) > 10
    assert asked and len(asked[0]) <= 40
    check(level, ranks, lanes)
    check(level, ranks, whole(level, ranks))
    assert crossed(level, ranks, lanes) <= 1.1 * crossed(level, ranks, whole(level, ranks)) + 3


def test_a_first_item_that_is_pulled_down_is_no_beginning_of_parts() -> None:
    # 0 is used by 3 alone, and stands right above it; 1 and 2 stand higher.
    level = stacked(2)
    source = np.concatenate([[1, 0, 2], level.source + 3])
    target = np.concatenate([[2, 3, 3], level.target + 3])
    _, tensor = np.unique(source, return_inverse=True)
    level = Level(level.count + 3, source, target, tensor.reshape(-1))
    ranks = rank(level)
    assert ranks.row[:4] == [1, 0, 1, 2]
    assert ends_of_parts(level, ranks).tolist() == [0, level.count - 1]
    check(level, ranks, order_level(level, ranks))


def test_equal_parts_look_alike() -> None:
    level = stacked(3, kinds=1)
    ranks = rank(level)
    lanes = order_level(level, ranks)
    ends = ends_of_parts(level, ranks)
    trunk = lanes.position[lanes.column[0]]
    sides = [
        np.sign(lanes.position[lanes.column[begin : end + 1]] - trunk).tolist()
        for begin, end in itertools.pairwise(ends[1:-1])
    ]
    assert all(side == sides[0] for side in sides)


def test_a_network_of_equal_layers_is_cut_between_them() -> None:
    level, ranks, _ = ordered(real_graph("gpt2"))
    ends = ends_of_parts(level, ranks)
    assert len(ends) == 27
    lanes = order_level(level, ranks)
    check(level, ranks, lanes)
    assert crossed(level, ranks, lanes) == 0
    assert len(set(lanes.column[ends])) == 1, "the trunk is not one column"


def test_what_ends_beside_an_item_does_not_let_it_cut() -> None:
    # 2 is used by nobody and stands in one row with 3.
    source, target, tensor = np.array([[0, 1, 0], [1, 2, 1], [1, 3, 1], [3, 4, 2]]).T
    level = Level(5, source, target, tensor)
    ranks = rank(level)
    assert ranks.row == [0, 1, 2, 2, 3]
    assert ends_of_parts(level, ranks).tolist() == [0, 4]
