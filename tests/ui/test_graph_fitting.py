"""What is in view of a graph when its pane gets another size, and how wide groups are."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from explorer.model.graph.faces import plain_measure
from tests.model.graph_samples import all_open, real_graph
from tests.ui.test_graph_view import picture_of, shown


def test_a_fitted_graph_is_fitted_to_every_new_size(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("unet")))
    for size in ((270, 320), (700, 860), (420, 300)):
        view.resize(*size)
        was = view.camera.place
        view.fit_first()
        assert view.camera.place == was


def test_all_of_a_graph_stays_all_of_it(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("gpt2")))
    view.fit()
    view.resize(300, 900)
    assert view.picture is not None
    left, top, right, bottom = view.camera.view()
    bounds = view.picture.bounds
    assert left <= bounds[0] and top <= bounds[1]
    assert right >= bounds[2] and bottom >= bounds[3]


@pytest.mark.parametrize("gesture", ["zoom", "pan"])
def test_what_was_moved_by_hand_stays_where_it_is(qtbot: QtBot, gesture: str) -> None:
    view = shown(qtbot, picture_of(real_graph("resnet")))
    view.zoom(1.3) if gesture == "zoom" else view.pan(-20, -60)
    scale, x, y = view.camera.place
    middle = x + view.camera.width / 2 / scale
    view.resize(400, 620)
    now = view.camera.place
    assert now[0] == scale and now[2] == y
    assert now[1] + view.camera.width / 2 / scale == pytest.approx(middle)


@pytest.mark.parametrize("name", ["resnet", "gpt2", "unet"])
def test_an_open_group_is_as_wide_as_its_title(name: str) -> None:
    folded = all_open(real_graph(name))
    scene = folded.scene()
    titles = [f"▾ {folded.groups.title(group)}" for group in scene.frame_group.tolist()]
    assert titles
    assert (scene.frame[:, 2] >= plain_measure(titles)).all()
