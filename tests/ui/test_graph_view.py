"""The graph's widget: painting at every scale, mouse, keys, folding, the minimap."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.model.graph.columns import GraphColumns, NodeKind, graph_columns
from explorer.model.graph.faces import compact_faces
from explorer.model.graph.folded import folded_graph
from explorer.model.graph.texts import GraphMarks, card_faces, plain_texts
from explorer.ui.theme import theme
from explorer.ui.widgets.graph.batches import CAPACITY, draw_lines, draw_rects
from explorer.ui.widgets.graph.camera import Camera
from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.view import GraphView
from tests.model.graph_samples import real_graph


def picture_of(graph: GraphColumns, *, cards: bool = False, upwards: bool = False) -> Picture:
    texts = plain_texts(graph)
    if cards:
        widths = lambda words: np.array([7.0 * len(word) for word in words])  # noqa: E731
        faces = card_faces(graph, texts, widths, widths)
    else:
        faces = compact_faces(graph)
    folded = folded_graph(graph, faces, dock=not cards, upwards=upwards)
    return Picture(folded, folded.scene(), texts, cards)


def shown(qtbot: QtBot, picture: Picture) -> GraphView:
    view = GraphView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    qtbot.waitExposed(view)
    view.show_picture(picture, fit=True)
    view.fold_wanted.connect(lambda group, is_open: refold(view, group, is_open))
    return view


def refold(view: GraphView, group: int, is_open: bool) -> None:
    assert view.picture is not None
    folded = view.picture.folded
    folded.set_open(group, is_open)
    view.show_picture(Picture(folded, folded.scene(), view.picture.texts, view.picture.cards))


def colours(view: GraphView) -> int:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint32)
    return len(np.unique(raw))


def place_of(view: GraphView, name: str) -> QPoint:
    assert view.picture is not None
    node = list(view.picture.folded.skeleton.graph.name).index(name)
    box = int(view.picture.scene.shown[node])
    x, y = view.camera.to_screen(*view.picture.middle(box))
    return QPoint(round(x), round(y))


def wheel(view: GraphView, at: QPointF, turn: int, *, ctrl: bool) -> None:
    keys = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("scale", [1.0, 0.5, 0.3, 0.1, 0.05, 0.01, 0.001])
def test_something_is_painted_at_every_scale(qtbot: QtBot, scale: float) -> None:
    view = shown(qtbot, picture_of(real_graph("gpt2")))
    for group in range(1, len(view.picture.folded.groups)) if view.picture else ():
        refold(view, group, True)
    view.camera.zoom(scale / view.camera.scale, 300, 20)
    assert colours(view) > 1


def test_batches_paint_what_single_calls_paint(qtbot: QtBot) -> None:
    draw = np.random.default_rng(1)
    shapes = draw.uniform(0, 180, (CAPACITY + 300, 4)).round()
    for paint in (draw_rects, draw_lines):
        images = []
        for one_by_one in (True, False):
            image = QImage(200, 200, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
            painter = QPainter(image)
            painter.setPen(theme().accent)
            paint(painter, shapes[:400], one_by_one=one_by_one)
            painter.end()
            images.append(image)
        assert images[0] == images[1]
        paint_all = QPainter(images[0])
        paint(paint_all, shapes)
        paint_all.end()


def test_a_click_chooses_a_node(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp")))
    with qtbot.waitSignal(view.node_chosen) as heard:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, "NllLossBackward0"))
    assert real_graph("mlp").name[heard.args[0]] == "NllLossBackward0"
    assert view.chosen_node() == heard.args[0]


def test_a_click_on_a_line_tells_its_edge(qtbot: QtBot) -> None:
    graph = graph_columns(["one", "two", "three"], [(0, 1), (1, 2)])
    view = shown(qtbot, picture_of(graph, cards=True))
    between = (place_of(view, "one") + place_of(view, "two")) / 2
    with qtbot.waitSignal(view.edge_chosen) as heard:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=between)
    assert heard.args == [0]


def test_a_click_opens_a_group_in_place_and_its_title_closes_it(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("gpt2")))
    assert view.picture is not None
    closed = view.picture.scene
    before = place_of(view, "wte.weight")
    box = int(np.flatnonzero(closed.group >= 0)[0])
    x, y = view.camera.to_screen(*view.picture.middle(box))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert len(view.picture.scene.frame) == 1
    assert place_of(view, "wte.weight") == before
    left, top = view.picture.scene.frame[0, :2].tolist()
    title = view.camera.to_screen(left + 12, top + 6)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPointF(*title).toPoint())
    assert np.array_equal(view.picture.scene.box, closed.box)


def test_the_arrows_walk_along_the_lines(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp")))
    names = []
    qtbot.keyClick(view, Qt.Key.Key_End)
    for _ in range(4):
        names.append(real_graph("mlp").name[view.chosen_node()])
        qtbot.keyClick(view, Qt.Key.Key_Up)
    assert names == [
        "NllLossBackward0", "LogSoftmaxBackward0", "AddmmBackward0", "ReluBackward0",
    ]  # fmt: skip
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert real_graph("mlp").name[view.chosen_node()] == "ReluBackward0"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert real_graph("mlp").name[view.chosen_node()] in ("4.bias", "TBackward0")


def test_walking_up_and_down_again_comes_back(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("resnet")))
    qtbot.keyClick(view, Qt.Key.Key_Home)
    way = []
    for _ in range(6):
        qtbot.keyClick(view, Qt.Key.Key_Down)
        way.append(view.chosen)
    for box in reversed(way[:-1]):
        qtbot.keyClick(view, Qt.Key.Key_Up)
        assert view.chosen == box


def test_return_opens_and_backspace_closes(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("resnet")))
    assert view.picture is not None
    view.chosen = int(np.flatnonzero(view.picture.scene.group >= 0)[0])
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(view.picture.scene.frame) == 1
    qtbot.keyClick(view, Qt.Key.Key_Backspace)
    assert len(view.picture.scene.frame) == 0


def test_shift_lights_up_the_paths_between_two_nodes(qtbot: QtBot) -> None:
    graph = graph_columns(["a", "b", "c", "d"], [(0, 1), (0, 2), (1, 3)])
    view = shown(qtbot, picture_of(graph))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, "a"))
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, shift, place_of(view, "d"))
    assert view.paths is not None
    assert np.flatnonzero(view.paths.nodes).tolist() == [0, 1, 3]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.paths is None


def test_zoom_keeps_what_is_under_the_pointer(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("resnet")))
    at = QPointF(200, 150)
    before, scale = view.camera.to_picture(200, 150), view.camera.scale
    wheel(view, at, -240, ctrl=True)
    assert view.camera.scale < scale
    assert view.camera.to_picture(200, 150) == pytest.approx(before)


def test_the_wheel_scrolls_or_zooms_as_set(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("resnet")))
    y, scale = view.camera.y, view.camera.scale
    wheel(view, QPointF(200, 150), -120, ctrl=False)
    assert (view.camera.y > y, view.camera.scale) == (True, scale)
    view.wheel_zooms = True
    wheel(view, QPointF(200, 150), -120, ctrl=False)
    assert view.camera.scale < scale


def test_dragging_pans_and_chooses_nothing(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp")))
    start = place_of(view, "NllLossBackward0")
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(40, -30))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(40, -30))
    assert place_of(view, "NllLossBackward0") == start + QPoint(40, -30)
    assert view.chosen == -1


def test_the_minimap_shows_when_there_is_more_and_leads_there(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp")))
    assert not view._minimap.isVisible()
    view.show_picture(picture_of(real_graph("unet")), fit=True)
    assert view._minimap.isVisible()
    before = view.camera.y
    low = QPoint(view._minimap.width() // 2, view._minimap.height() - 20)
    qtbot.mouseClick(view._minimap, Qt.MouseButton.LeftButton, pos=low)
    assert view.camera.y > before


def test_the_words_under_the_pointer_are_asked_for(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp")))
    heard: list[tuple[int, int, int]] = []

    def describe(node: int, edge: int, group: int) -> str:
        heard.append((node, edge, group))
        return "words"

    view.describe = describe
    view._show_tip(place_of(view, "NllLossBackward0"), QPoint())
    view._show_tip(QPoint(2, 2), QPoint())
    assert heard == [(list(real_graph("mlp").name).index("NllLossBackward0"), -1, -1)]


def test_cards_show_what_runs_and_grey_what_has_not_run(qtbot: QtBot) -> None:
    graph = graph_columns(
        ["x", "Pow", "z"],
        [(0, 1), (1, 2)],
        kinds=[NodeKind.LEAF, NodeKind.OPERATION, NodeKind.RESULT],
    )
    view = shown(qtbot, picture_of(graph, cards=True, upwards=True))
    plain = view.grab().toImage()
    place = place_of(view, "Pow") + QPoint(30, 12)
    view.set_marks(GraphMarks(running=1, ran=np.array([False, True, True])))
    running = view.grab().toImage()
    assert running != plain
    assert running.pixelColor(place) == theme().current_line
    assert place_of(view, "z").y() < place_of(view, "Pow").y() < place_of(view, "x").y()


def test_an_empty_view_is_quiet(qtbot: QtBot) -> None:
    view = GraphView()
    qtbot.addWidget(view)
    view.resize(200, 200)
    view.show()
    qtbot.waitExposed(view)
    view.show_picture(picture_of(graph_columns([], [])), fit=True)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_F):
        qtbot.keyClick(view, key)
    view.show_picture(None)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.chosen == -1


def test_the_camera_goes_there_and_back() -> None:
    camera = Camera()
    camera.width, camera.height = 400, 300
    camera.fit((0, 0, 1000, 4000))
    assert camera.scale == pytest.approx((300 - 48) / 4000)
    point = camera.to_picture(*camera.to_screen(123, 456))
    assert point == pytest.approx((123, 456))
    assert camera.show(500, 2000) is False
    camera.zoom(20, 0, 0)
    assert camera.show(900, 3900) is True


def test_a_picture_that_is_out_of_view_is_found_again(qtbot: QtBot) -> None:
    view = shown(qtbot, picture_of(real_graph("mlp")))
    view.pan(0, -5000)
    view.fit_if_lost()
    assert view.picture is not None
    assert len(view.picture.boxes_in(view.camera.view()))
    before = view.camera.x, view.camera.y
    view.pan(3, 3)
    view.fit_if_lost()
    assert (view.camera.x, view.camera.y) != before
