"""Words beside the lines of a graph: clear of everything, and inside what is shown."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from explorer.model.graph.columns import NodeKind, graph_columns
from explorer.model.graph.texts import GraphMarks
from explorer.ui.widgets.graph.paint_near import Words
from tests.ui.test_graph_view import picture_of, shown


def test_words_of_lines_stand_clear_of_boxes_lines_and_each_other(qtbot: QtBot) -> None:
    """Two lines leave the first box at one place, and different things are said of them."""
    names = ["Long operation", "Second", "Third", "Fourth", "Fifth"]
    graph = graph_columns(names, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)])
    picture = picture_of(graph)
    view = shown(qtbot, picture)
    said = {edge: f"f32[2, 4, 16, 16] = {edge}.5" for edge in range(5)}
    view.set_marks(GraphMarks(edge_text=said))
    view.grab()
    rooms = list(picture.beside.rooms())
    assert {text for text, _ in rooms} == set(said.values())
    for number, (_, room) in enumerate(rooms):
        assert not len(picture.boxes_in(room))
        assert not picture.line_through(room)
        for _, (left, top, right, bottom) in rooms[:number]:
            apart = room[2] <= left or right <= room[0] or room[3] <= top or bottom <= room[1]
            assert apart


@pytest.mark.parametrize("upwards", [False, True])
def test_words_left_of_a_line_are_in_view_when_all_is(qtbot: QtBot, upwards: bool) -> None:
    """On the right of the trunk stands a branch with its leaves, so words go to the left."""
    leaf, operation = NodeKind.LEAF, NodeKind.OPERATION
    nodes = {"k.bias": leaf, "k.weight": leaf, "T1": operation, "Addmm1": operation}
    nodes |= {"q.bias": leaf, "q.weight": leaf, "T2": operation, "Addmm2": operation}
    nodes |= {"T": operation, "Mm": operation, "Pow": operation, "loss": NodeKind.RESULT}
    edges = [(1, 2), (0, 3), (2, 3), (5, 6), (4, 7), (6, 7), (3, 8), (8, 9), (7, 9), (9, 10)]
    edges.append((10, 11))
    graph = graph_columns([*nodes], edges, kinds=[*nodes.values()])
    picture = picture_of(graph, upwards=upwards)
    view = shown(qtbot, picture)
    said = {edge: f"f32[8, 8, 32] = -0.00{edge}1181 … 0.0018114" for edge in range(len(edges))}
    view.set_marks(GraphMarks(edge_text=said))
    view.grab()
    rooms = [room for _, room in picture.beside.rooms()]
    assert rooms
    left, top, right, bottom = view.camera.view()
    for room in rooms:
        assert left <= room[0] and room[2] <= right and top <= room[1] and room[3] <= bottom
    trunk = min(picture.scene.points[:, 0])
    assert any(room[2] <= trunk for room in rooms) or upwards


def test_a_line_too_wide_for_its_box_keeps_its_end(qtbot: QtBot) -> None:
    words = Words()
    line = "layer.parametrizations.weight.original.grad = none"
    room = words.width(line, 11) * 0.6
    fitted = words.fitting(line, room, 11)
    assert words.width(fitted, 11) <= room
    assert fitted.startswith("…")
    assert line.endswith(fitted[1:])
    assert words.fitting("x.grad = none", room, 11) == "x.grad = none"
