"""Sifting: fewer crossings, the same things, the same picture each time."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.graph.quality import overlaps, quality, strokes_of, through_boxes
from benchmarks.graph.random_graphs import random_graph
from explorer.model.graph.columns import GraphColumns
from explorer.model.graph.docking import skeleton
from explorer.model.graph.folding import flat_groups
from explorer.model.graph.lanes import Lanes, order_lanes
from explorer.model.graph.ranks import Level, Ranks, columns, rank
from explorer.model.graph.sifting import gaps_of, sift
from explorer.model.graph.splitting import join_pieces, split_columns
from explorer.model.graph.wiring import level_of, wire
from tests.model.graph_samples import REAL, all_open, folded, real_graph, tensors_of


def ordered(graph: GraphColumns) -> tuple[Level, Ranks, Lanes]:
    """The whole graph as one level, in the order of the first pass."""
    bare = skeleton(graph)
    level = level_of(wire(bare), flat_groups(bare), 0, [], [])[0]
    ranks = columns(level, rank(level))
    return level, ranks, order_lanes(level, ranks)


def crossed(level: Level, ranks: Ranks, lanes: Lanes) -> int:
    """Crossings counted pair by pair, in plain Python."""
    gaps = gaps_of(level, ranks, lanes)
    place = lanes.position
    lines = list(zip(gaps.gap.tolist(), gaps.top.tolist(), gaps.bottom.tolist(), strict=True))
    return sum(
        (place[a] - place[c]) * (place[b] - place[d]) < 0
        for at, (gap, a, b) in enumerate(lines)
        for other, c, d in lines[:at]
        if other == gap
    )


@pytest.mark.parametrize("number", range(9))
def test_sifting_removes_a_quarter_of_the_crossings(number: int) -> None:
    level, ranks, lanes = ordered(random_graph(number))
    sifted = sift(level, ranks, lanes)
    assert crossed(level, ranks, sifted) <= 0.75 * crossed(level, ranks, lanes)
    assert sorted(sifted.position) == list(range(len(sifted.position)))


@pytest.mark.parametrize("number", range(6))
def test_cutting_and_joining_columns_changes_no_crossing(number: int) -> None:
    level, ranks, lanes = ordered(random_graph(number))
    pieces = split_columns(level.source, ranks, lanes)
    assert len(set(pieces.column)) == level.count
    joined = join_pieces(pieces, lanes)
    before = crossed(level, ranks, lanes)
    assert crossed(level, ranks, pieces) == before
    assert crossed(level, ranks, joined) == before
    # Nothing moved, so all the columns are whole again.
    assert len(set(joined.column)) == len(set(lanes.column))


@pytest.mark.parametrize("number", range(6))
def test_every_item_lies_in_the_rows_of_its_column(number: int) -> None:
    level, ranks, lanes = ordered(random_graph(number))
    sifted = sift(level, ranks, lanes)
    for item, thing in enumerate(sifted.column):
        assert sifted.first[thing] <= ranks.row[item] <= sifted.last[thing]
    taken = {(thing, ranks.row[item]) for item, thing in enumerate(sifted.column)}
    assert len(taken) == level.count


def test_sifting_is_the_same_each_time() -> None:
    first, second = (sift(*ordered(random_graph(4))) for _ in range(2))
    assert first.position.tolist() == second.position.tolist()
    assert first.column.tolist() == second.column.tolist()


@pytest.mark.parametrize("name", REAL)
def test_what_has_no_crossing_stays_as_it_is(name: str) -> None:
    level, ranks, lanes = ordered(real_graph(name))
    assert sift(level, ranks, lanes) is lanes


@pytest.mark.parametrize("number", [*range(8), 25, 58])
def test_an_open_random_graph_has_no_overlaps_and_no_lines_over_boxes(number: int) -> None:
    graph = random_graph(number)
    for scene in (folded(graph).scene(), all_open(graph).scene()):
        assert overlaps(scene.box) == 0
        assert through_boxes(strokes_of(scene, tensors_of(graph, scene)), scene.box) == 0


def test_dense_blocks_cross_less_than_before_sifting() -> None:
    graph = real_graph("densenet")
    scene = folded(graph, flat=True).scene()
    found = quality(scene, tensors_of(graph, scene))
    assert found.crossings <= 120
    assert (found.overlaps, found.through_boxes) == (0, 0)
    assert np.isfinite(scene.box).all()
