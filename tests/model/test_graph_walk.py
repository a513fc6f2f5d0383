"""Paths, neighbours and search against plain definitions; files against their own readers."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np
import pytest

from explorer.model.graph.columns import GraphColumns, graph_columns
from explorer.model.graph.export import LINE, as_dot, as_svg
from explorer.model.graph.walk import all_paths, neighbours, reached, search
from tests.model.graph_samples import folded, real_graph


def every_path(graph: GraphColumns, one: int, other: int) -> list[tuple[int, ...]]:
    """All paths, by trying them all."""
    users: dict[int, set[int]] = {}
    for source, target in zip(graph.source.tolist(), graph.target.tolist(), strict=True):
        users.setdefault(source, set()).add(target)
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[int, ...]] = [(one,)]
    while waiting:
        path = waiting.pop()
        if path[-1] == other:
            found.append(path)
        else:
            waiting += [(*path, user) for user in users.get(path[-1], ())]
    return found


@pytest.mark.parametrize("seed", range(12))
def test_all_paths_are_all_paths(seed: int) -> None:
    draw = np.random.default_rng(seed)
    pairs = list(itertools.combinations(range(12), 2))
    edges = [pairs[n] for n in draw.choice(len(pairs), 18, replace=False)]
    graph = graph_columns([str(n) for n in range(12)], edges)
    for one, other in ((0, 11), (3, 8), (9, 2)):
        found = all_paths(graph, one, other)
        low, high = min(one, other), max(one, other)
        paths = every_path(graph, low, high)
        assert found.found == bool(paths)
        assert set(np.flatnonzero(found.nodes).tolist()) == {n for p in paths for n in p}
        steps = {step for path in paths for step in itertools.pairwise(path)}
        lit = {edges[edge] for edge in np.flatnonzero(found.edges).tolist()}
        assert lit == steps


def test_everything_upstream() -> None:
    graph = graph_columns(["a", "b", "c", "d", "e"], [(0, 2), (1, 2), (2, 3), (1, 4)])
    assert np.flatnonzero(reached(graph, [3], forward=False)).tolist() == [0, 1, 2, 3]
    assert np.flatnonzero(reached(graph, [1], forward=True)).tolist() == [1, 2, 3, 4]


def test_neighbours_come_by_input_and_by_output() -> None:
    graph = graph_columns(
        ["a", "b", "c", "d"], [(1, 2, 0, 1), (0, 2, 0, 0), (2, 3, 1, 0), (2, 3, 0, 1)]
    )
    into, out = neighbours(graph, 2)
    assert graph.source[into].tolist() == [0, 1]
    assert graph.source_slot[out].tolist() == [0, 1]


def test_search_wants_all_words_in_any_case() -> None:
    words = ["Relu f32[8] line 4", "Addmm f32[8]", "relu f32[16] line 40"]
    assert search(words, "relu").tolist() == [0, 2]
    assert search(words, "RELU f32[8").tolist() == [0]
    assert search(words, "  ").tolist() == []


def test_dot_has_every_node_and_edge() -> None:
    graph = graph_columns(['say "hi"', "b", "日本"], [(0, 1), (1, 2)])
    text = as_dot(graph)
    assert text.count("label=") == 3
    assert 'label="say \\"hi\\""' in text
    assert "n0 -> n1" in text
    assert "n1 -> n2" in text
    assert 'label="日本"' in text


def test_svg_is_well_formed_and_has_every_box_and_line() -> None:
    made = folded(real_graph("resnet"))
    made.set_open(1, True)
    scene = made.scene()
    svg = as_svg(scene, lambda box: [f"<box {box} & more>", "below"], lambda one: f"group {one}")
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{space}rect")) == len(scene.box) + len(scene.frame)
    lines = len(scene.first) - 1 + len(scene.links)
    assert len(root.findall(f"{space}g/{space}path")) == lines
    assert len(root.findall(f".//{space}path[@marker-end]")) == len(scene.first) - 1
    named, below = root.findall(f"{space}text")[-2:]
    assert (named.text, below.text) == (f"<box {len(scene.box) - 1} & more>", "below")
    assert float(below.get("y", "0")) - float(named.get("y", "0")) == LINE
