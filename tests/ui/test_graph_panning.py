"""A panned graph: moved frames are those that are painted whole."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import folded_graph
from explorer.model.graph.scene import Role
from explorer.model.graph.texts import GraphMarks, plain_texts
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.painting import GraphPainter
from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.view import GraphView
from tests.model.graph_samples import real_graph
from tests.ui.test_graph_view import picture_of, shown

WAYS = [(0, -37), (0, 37), (-120, 0), (60, 45), (-25, -31), (7, 0), (0, 0)]


def pixels(view: GraphView) -> np.ndarray:
    image = view.grab().toImage()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[..., :3].copy()


def whole(view: GraphView) -> np.ndarray:
    """The same frame, with nothing left from the one before."""
    view._layer.forget()
    return pixels(view)


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """The same frame, but for letters, which Qt sets at quarters of a pixel, and the ends of thin
    lines: what lies between two such places may go either way."""
    apart = np.abs(one.astype(int) - other).max(axis=2)
    return bool((apart > 64).sum() <= 12 and (apart > 0).mean() < 0.005)


def flat(name: str) -> Picture:
    graph = real_graph(name)
    folded = folded_graph(graph, compact_faces(graph), flat=True)
    return Picture(folded, folded.scene(), plain_texts(graph), False)


def pictures(name: str) -> Picture:
    return flat(name) if name in ("resnet", "rnn30") else picture_of(real_graph(name))


@pytest.mark.parametrize("scale", [1.0, 0.62, 0.3, 0.04])
@pytest.mark.parametrize("name", ["resnet", "rnn30", "gpt2"])
def test_a_moved_frame_is_the_one_painted_whole(
    qtbot: QtBot, name: str, scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown(qtbot, pictures(name))
    assert view.picture is not None
    edges = view.picture.scene.line_edge.tolist()
    said = {edge: f"f32[{edge % 64}, 3] = {edge / 7:.3g}" for edge in edges[::2]}
    view.set_marks(GraphMarks(edge_text=said))
    view.camera.zoom(scale / view.camera.scale, 300, 200)
    view.moved()
    pixels(view)
    parts: list[bool] = []
    paint = GraphPainter.paint

    def noted(painter: GraphPainter, inside: QPainter, camera: Camera, *rest: Any) -> None:
        parts.append(camera._part not in (None, camera.whole))
        paint(painter, inside, camera, *rest)

    monkeypatch.setattr(GraphPainter, "paint", noted)
    chance = random.Random(len(name))
    for dx, dy in [*WAYS, *(chance.choice(WAYS) for _ in range(8))]:
        view.pan(dx, dy)
        moved = pixels(view)
        assert alike(moved, whole(view)), (dx, dy)
        view.pan(0, 0)
        pixels(view)
    assert any(parts), "no frame was painted in part"


def test_what_is_chosen_hovered_and_focused_is_not_moved_along(qtbot: QtBot) -> None:
    view = shown(qtbot, flat("resnet"))
    assert view.picture is not None
    view.setFocus()
    boxes = np.flatnonzero(view.picture.scene.role == Role.OPERATION)
    view.chosen = int(boxes[3])
    view.pan(0, -20)
    pixels(view)
    view.hover(int(boxes[5]))
    assert alike(pixels(view), whole(view))
    view.pan(0, -20)
    view.hover(-1)
    assert alike(pixels(view), whole(view))


def test_other_marks_and_another_picture_are_painted_anew(qtbot: QtBot) -> None:
    view = shown(qtbot, flat("resnet"))
    assert view.picture is not None
    view.pan(0, -20)
    before = pixels(view)
    nodes = len(view.picture.folded.skeleton.graph)
    view.set_marks(replace(view.marks, ran=np.zeros(nodes, bool)))
    view.pan(0, -20)
    after = pixels(view)
    assert (after != before).any()
    assert alike(after, whole(view))
    view.show_picture(flat("rnn30"))
    view.pan(-30, 0)
    assert alike(pixels(view), whole(view))


def test_cards_are_painted_whole(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp"), cards=True))
    view.pan(0, -20)
    assert alike(pixels(view), whole(view))
    assert view._layer._frame is None
