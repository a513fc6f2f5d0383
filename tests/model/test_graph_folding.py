"""Folding: groups by call, loop and chunk; unfolding in place."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.model.graph.columns import graph_columns
from explorer.model.graph.docking import skeleton
from explorer.model.graph.folding import MOST_CHILDREN, GroupKind, Groups, fold
from explorer.model.graph.loops import Loop, find_loops
from explorer.model.graph.origins import Origins, calls_of
from explorer.model.graph.scene import Scene
from tests.model.graph_samples import all_open, folded, real_graph


def labels(groups: Groups, group: int = 0) -> list[str]:
    return [groups.label[child] for child in groups.child_group[group].tolist() if child >= 0]


def test_modules_become_groups_under_their_names() -> None:
    groups = fold(skeleton(real_graph("resnet")))
    assert labels(groups) == ["layer1", "layer2", "layer3", "layer4"]
    first = groups.label.index("layer1")
    assert labels(groups, first) == ["layer1.0", "layer1.1", "layer1.2"]
    assert groups.title(groups.label.index("layer1.0.downsample")) == "layer1.0.downsample (2)"


def test_passes_of_a_loop_become_groups() -> None:
    groups = fold(skeleton(real_graph("rnn30")))
    assert labels(groups) == [f"pass {n}" for n in range(1, 31)]


def test_long_rows_become_even_chunks() -> None:
    graph = graph_columns([f"op{n}" for n in range(2000)], [(n, n + 1) for n in range(1999)])
    groups = fold(skeleton(graph))
    sizes = [len(children) for children in groups.child_start]
    assert max(sizes) <= MOST_CHILDREN
    assert len(groups.child_start[0]) == 45
    assert set(groups.kind[1:]) == {GroupKind.CHUNK}


@pytest.mark.parametrize("name", ["gpt2", "densenet", "lstm30"])
def test_groups_nest_and_hold_every_node_once(name: str) -> None:
    bare = skeleton(real_graph(name))
    groups = fold(bare)
    seen = np.zeros(len(bare), int)
    for group in range(len(groups)):
        starts, inner = groups.child_start[group], groups.child_group[group]
        assert len(starts) <= MOST_CHILDREN
        assert starts[0] == groups.start[group]
        seen[starts[inner < 0]] += 1
        for child in inner[inner >= 0].tolist():
            assert groups.parent[child] == group
            assert groups.start[group] <= groups.start[child] < groups.end[child]
            assert groups.end[child] <= groups.end[group]
    assert (seen == 1).all()


def test_folding_never_makes_a_circle() -> None:
    for name in ("gpt2", "densenet", "lstm30", "unet"):
        made = folded(real_graph(name))
        made.scene()
        bare, groups = made.skeleton, made.groups
        child = np.searchsorted(groups.child_start[0], np.arange(len(bare)), side="right")
        assert (child[bare.source] <= child[bare.target]).all()


def test_a_small_graph_starts_open_and_a_large_one_folded() -> None:
    assert folded(real_graph("unet")).open != {0}
    assert len(folded(real_graph("unet")).scene().frame) == 9
    assert folded(real_graph("gpt2")).open == {0}
    assert len(folded(real_graph("gpt2")).scene().box) < 30


def boxes_by_what(scene: Scene) -> dict[tuple[int, int, int], np.ndarray]:
    keys = zip(scene.node.tolist(), scene.group.tolist(), scene.role.tolist(), strict=True)
    found: dict[tuple[int, int, int], np.ndarray] = {}
    for key, box in zip(keys, scene.box, strict=True):
        found.setdefault(key, box)
    return found


@pytest.mark.parametrize("upwards", [False, True])
@pytest.mark.parametrize("name", ["resnet", "gpt2", "rnn30", "densenet"])
def test_unfolding_moves_nothing_above_and_all_below_alike(name: str, upwards: bool) -> None:
    made = folded(real_graph(name), upwards=upwards)
    closed = made.scene()
    groups = sorted(set(closed.group[closed.group >= 0].tolist()))
    for group in groups[:: max(1, len(groups) // 5)]:
        own = closed.box[np.flatnonzero(closed.group == group)[0]]
        made.set_open(group, True)
        opened = boxes_by_what(made.scene())
        made.set_open(group, False)
        moved = set()
        for key, box in boxes_by_what(closed).items():
            if key not in opened or key[1] == group:
                continue
            if box[1] + box[3] <= own[1]:
                assert np.allclose(opened[key], box)
            elif box[1] >= own[1] + own[3]:
                assert np.allclose(opened[key][[0, 2, 3]], box[[0, 2, 3]])
                moved.add(round(float(opened[key][1] - box[1]), 6))
        assert len(moved) <= 1
        assert all(way > 0 for way in moved)
    assert np.array_equal(made.scene().box, closed.box)


def test_the_order_of_opening_does_not_matter() -> None:
    graph = real_graph("gpt2")
    one, other = folded(graph), folded(graph)
    groups = [g for g in range(1, len(one.groups)) if one.groups.parent[g] == 0][:4]
    for group in groups:
        one.set_open(group, True)
        one.scene()
    for group in reversed(groups):
        other.set_open(group, True)
        other.scene()
    assert np.array_equal(one.scene().box, other.scene().box)


def test_lines_go_on_through_the_frames_of_open_groups() -> None:
    graph = real_graph("gpt2")
    scene = all_open(graph).scene()
    starts = {tuple(p) for p in scene.points[scene.first[:-1]].round(3).tolist()}
    ends = {tuple(p) for p in scene.points[scene.first[1:] - 1].round(3).tolist()}
    top, bottom = scene.box[:, 1].round(3), (scene.box[:, 1] + scene.box[:, 3]).round(3)
    for point in starts - ends:
        assert point[1] in bottom
    for point in ends - starts:
        assert point[1] in top


def test_a_node_inside_a_closed_group_is_shown_as_the_group_until_it_is_revealed() -> None:
    made = folded(real_graph("gpt2"))
    place = len(made.skeleton) // 2
    node = int(made.skeleton.order[place])
    scene = made.scene()
    assert scene.group[scene.shown[node]] >= 0
    made.reveal(place)
    scene = made.scene()
    assert scene.node[scene.shown[node]] == node


def test_loops_are_found_where_they_begin() -> None:
    tokens = np.array([9, 8] + [1, 2, 3, 2] * 5 + [7])
    assert find_loops(tokens) == [Loop(2, 4, 5)]
    assert find_loops(np.array([1, 2, 3, 4, 5])) == []
    two = np.array([1, 2] * 6 + [5] + [3, 4, 6] * 4)
    assert find_loops(two) == [Loop(0, 2, 6), Loop(13, 3, 4)]


def test_modules_that_are_no_function_of_the_program_stand_between() -> None:
    """``net.layer1`` is a Sequential: nothing of it is a frame, its blocks' ``forward`` are."""
    frame = np.array([0, 1, 1, 2, 2, 3, 3])
    nothing = np.zeros(len(frame), np.int64)
    labels = ["Net.forward", *["Block.forward"] * 3]
    made_by = Origins(nothing, frame, nothing, labels, [-1, 0, 0, 0], {})
    blocks = ("net.layer1.0", "net.layer1.1", "net.layer2.0")
    leaves = [f"{block}.{name}.weight" for block in blocks for name in "ab"]
    calls = calls_of(made_by, np.arange(len(frame)), ["net.stem.weight", *leaves])

    def around(node: int) -> list[str]:
        at, found = int(calls.call[node]), []
        while at >= 0:
            found.append(calls.label[at])
            at = int(calls.parent[at])
        return found

    assert around(1) == ["net.layer1.0", "net.layer1", "net"]
    assert around(4) == ["net.layer1.1", "net.layer1", "net"]
    assert around(6) == ["net.layer2.0", "net.layer2", "net"]
    assert around(0)[-1] == "net"
    assert (calls.parent < np.arange(len(calls.parent))).all()


def test_another_graph_is_opened_as_the_one_before() -> None:
    """As when the next line of the program has made the graph larger."""
    before, after = folded(real_graph("gpt2")), folded(real_graph("gpt2"))
    first = set(before.open)
    inner = [g for g in before.groups.child_group[max(first)].tolist() if g >= 0]
    before.set_open(inner[1], True)
    before.set_open(max(first), False)
    after.choose(before.choices())
    assert after.open == before.open != first
    fresh = folded(real_graph("gpt2"))
    fresh.choose(fresh.choices())
    assert fresh.open == first
