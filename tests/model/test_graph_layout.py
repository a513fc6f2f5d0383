"""Layout: nothing crosses, overlaps or runs through a box; the picture is always the same."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.graph.quality import overlaps, quality, strokes_of, through_boxes
from benchmarks.graph.random_graphs import random_graph
from explorer.model.graph.columns import GraphColumns, NodeKind, graph_columns
from explorer.model.graph.order import NotAGraph, creation_order
from explorer.model.graph.scene import Role, Scene
from tests.model.graph_samples import REAL, all_open, folded, real_graph, tensors_of


@pytest.mark.parametrize("name", REAL)
def test_a_real_graph_is_drawn_without_a_fault(name: str) -> None:
    graph = real_graph(name)
    for made in (folded(graph, flat=True), folded(graph), all_open(graph)):
        scene = made.scene()
        found = quality(scene, tensors_of(graph, scene))
        assert (found.crossings, found.overlaps, found.through_boxes) == (0, 0, 0)


def test_the_fault_counters_see_faults() -> None:
    graph = graph_columns(
        ["a", "b", "c", "d", "e", "f"],
        [(0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 5), (3, 5), (4, 5)],
    )
    scene = folded(graph, flat=True).scene()
    assert quality(scene, tensors_of(graph, scene)).crossings > 0
    shifted = scene.box.copy()
    shifted[1] = shifted[0]
    assert overlaps(shifted) > 0
    everywhere = np.array([[*scene.bounds[:2], 2000.0, 2000.0]])
    assert through_boxes(strokes_of(scene, tensors_of(graph, scene)), everywhere) > 0


@pytest.mark.parametrize("number", range(24))
def test_a_random_graph_has_no_overlaps_and_no_lines_over_boxes(number: int) -> None:
    graph = random_graph(number)
    scene = folded(graph, flat=True).scene()
    assert overlaps(scene.box) == 0
    assert through_boxes(strokes_of(scene, tensors_of(graph, scene)), scene.box) == 0


@pytest.mark.parametrize("name", ["resnet", "lstm30", "densenet"])
def test_the_same_graph_gives_the_same_picture(name: str) -> None:
    graph = real_graph(name)
    one, other = folded(graph).scene(), folded(graph).scene()
    for column in ("box", "points", "first", "links", "frame"):
        assert np.array_equal(getattr(one, column), getattr(other, column))


@pytest.mark.parametrize("name", REAL)
def test_lines_run_from_the_lower_border_of_the_maker_to_the_upper_border_of_the_user(
    name: str,
) -> None:
    graph = real_graph(name)
    scene = folded(graph, flat=True).scene()
    starts, ends = scene.points[scene.first[:-1]], scene.points[scene.first[1:] - 1]
    maker = scene.box[scene.shown[graph.source[scene.line_edge]]]
    user = scene.box[scene.shown[graph.target[scene.line_edge]]]
    assert np.allclose(starts[:, 1], maker[:, 1] + maker[:, 3])
    assert np.allclose(ends[:, 1], user[:, 1])
    for point, box in ((starts, maker), (ends, user)):
        assert (point[:, 0] >= box[:, 0]).all()
        assert (point[:, 0] <= box[:, 0] + box[:, 2]).all()


def test_every_edge_is_a_line_a_dock_or_a_reference() -> None:
    for name in (*REAL, "densenet"):
        graph = real_graph(name)
        scene = folded(graph, flat=True).scene()
        shown = set(scene.line_edge.tolist()) | set(scene.edge.tolist())
        shown |= set(scene.link_edge.tolist())
        docked = set(scene.node[scene.role == Role.DOCKED].tolist())
        for edge in range(len(graph.source)):
            assert edge in shown or int(graph.source[edge]) in docked


def test_parameters_hang_left_of_the_operation_that_uses_them() -> None:
    graph = real_graph("mlp")
    scene = folded(graph).scene()
    names = [graph.name[node] for node in scene.node[scene.role == Role.DOCKED].tolist()]
    assert sorted(names) == sorted(
        ["0.bias", "0.weight", "TBackward0", "2.bias", "2.weight", "TBackward0",
         "4.bias", "4.weight", "TBackward0"]
    )  # fmt: skip
    first = graph.name.index("0.weight")
    users = [row for row, name in enumerate(graph.name) if name == "AddmmBackward0"]
    box, boxes = scene.box[scene.shown[first]], scene.box[scene.shown[users]]
    nearest = boxes[np.argmin(np.abs(boxes[:, 1] - box[1]))]
    assert box[0] + box[2] < nearest[0]
    assert nearest[1] <= box[1] + box[3] / 2 <= nearest[1] + nearest[3]


def test_a_shared_parameter_is_repeated_at_each_use() -> None:
    graph = real_graph("rnn30")
    scene = folded(graph, flat=True).scene()
    bias = graph.name.index("hh.bias")
    assert int((scene.node == bias).sum()) == 30


def test_the_trunk_is_one_straight_line() -> None:
    graph = real_graph("resnet")
    scene = folded(graph, flat=True).scene()
    own = scene.role == Role.OPERATION
    middle = scene.box[own, 0] + scene.box[own, 2] / 2
    assert int((np.abs(middle) < 1e-9).sum()) >= 160


def test_results_stand_above_when_turned_and_nothing_else_changes() -> None:
    graph = real_graph("resnet")
    down, up = folded(graph).scene(), folded(graph, upwards=True).scene()
    assert np.array_equal(down.box[:, 0], up.box[:, 0])
    height = max(float((s.box[:, 1] + s.box[:, 3]).max()) for s in (down, up))
    assert np.allclose(height - down.box[:, 1] - down.box[:, 3], up.box[:, 1])


def test_many_far_uses_become_words() -> None:
    chain = [(n, n + 1) for n in range(60)]
    uses = [(0, n) for n in range(6, 60, 4)]
    graph = graph_columns([f"op{n}" for n in range(61)], [*chain, *uses])
    scene = folded(graph, flat=True).scene()
    assert int((scene.role == Role.FROM).sum()) == len(uses)
    few = graph_columns([f"op{n}" for n in range(61)], [*chain, *uses[:5]])
    assert not (folded(few, flat=True).scene().role == Role.FROM).any()


def test_two_edges_between_the_same_nodes_are_two_lines() -> None:
    graph = graph_columns(["a", "Mul", "c"], [(0, 1, 0, 0), (0, 1, 0, 1), (1, 2, 0, 0)])
    scene = folded(graph, flat=True).scene()
    ends = scene.points[scene.first[1:] - 1, 0]
    assert len(ends) == 3
    assert len(set(ends[:2].tolist())) == 2


def empty_and_tiny() -> list[GraphColumns]:
    return [
        graph_columns([], []),
        graph_columns(["only"], []),
        graph_columns(["a", "b"], []),
        graph_columns(["leaf", "op"], [(0, 1)], kinds=[NodeKind.LEAF, NodeKind.OPERATION]),
    ]


@pytest.mark.parametrize("graph", empty_and_tiny())
def test_the_smallest_graphs(graph: GraphColumns) -> None:
    scene: Scene = folded(graph).scene()
    assert len(scene.box) == len(graph)
    assert overlaps(scene.box) == 0


def test_nodes_made_out_of_order_are_put_in_order() -> None:
    graph = graph_columns(["late", "early", "middle"], [(1, 2), (2, 0)], sequence=[0, 9, 4])
    assert creation_order(graph).tolist() == [1, 2, 0]


def test_a_circle_is_refused_in_a_sentence() -> None:
    graph = graph_columns(["a", "b", "c"], [(0, 1), (1, 2), (2, 1)])
    with pytest.raises(NotAGraph, match="circle through node 1, b"):
        folded(graph)


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="outside 0"):
        graph_columns(["a"], [(0, 3)])
    with pytest.raises(ValueError, match="Every node column"):
        graph_columns(["a", "b"], [], sequence=[0])


def test_an_item_with_thousands_of_inputs_is_drawn() -> None:
    count = 3000
    edges = [(n, count) for n in range(count)]
    graph = graph_columns([f"op{n % 5}" for n in range(count)] + ["Stack"], edges)
    scene = folded(graph, flat=True).scene()
    assert overlaps(scene.box) == 0
