"""The walk, the memory chart and the dimension boxes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from explorer.model.layout.contiguity import Straddle
from explorer.model.strides import Layout
from explorer.ui.widgets.memory_chart import MemoryChart
from explorer.ui.widgets.numbers.dim_boxes import DimBoxes
from explorer.ui.widgets.storage.stride_walk import MOST_SHOWN, StrideWalk, Walker

MATRIX = Walker("x", Layout((6, 10), (10, 1)), 4, "A")
TURNED = Walker("x.T", Layout((10, 6), (1, 10)), 4, "A")


def test_the_walk_steps_plays_and_speaks(qtbot: QtBot) -> None:
    walk = StrideWalk()
    qtbot.addWidget(walk)
    walk.resize(500, 300)
    walk.show_walkers((MATRIX, TURNED))
    walk.show()
    assert walk.made == walk.total == 60
    assert walk.sentence() == (
        "x: visit 60, [5, 9] at place 59, 3 jumps. x.T: visit 60, [9, 5] at place 59, 39 jumps."
    )
    qtbot.keyClick(walk, Qt.Key.Key_Home)
    assert walk.sentence() == "x has not begun. x.T has not begun."
    qtbot.keyClick(walk, Qt.Key.Key_Right)
    qtbot.keyClick(walk, Qt.Key.Key_Right)
    assert "x.T: visit 2, [0, 1] at place 10" in walk.accessibleDescription()
    walk.set_speed(1000)
    qtbot.keyClick(walk, Qt.Key.Key_Space)
    assert walk.playing
    qtbot.waitUntil(lambda: walk.made == 60 and not walk.playing)
    qtbot.keyClick(walk, Qt.Key.Key_Space)
    assert walk.made == 0 and walk.playing
    walk.hide()
    assert not walk.playing


def test_a_long_reading_is_drawn_by_its_beginning(qtbot: QtBot) -> None:
    walk = StrideWalk()
    qtbot.addWidget(walk)
    walk.show_walkers((Walker("big", Layout((10**6, 10**6), (1, 10**6)), 4, "A"),))
    assert walk.total == MOST_SHOWN
    assert walk.grab().width() > 0
    walk.show_walkers(())
    assert walk.grab().width() > 0


def test_the_chart_answers_for_every_step(qtbot: QtBot) -> None:
    chart = MemoryChart()
    qtbot.addWidget(chart)
    chart.resize(400, 110)
    steps = np.array([1, 3, 10], np.int64)
    chart.set_changes(steps, np.array([48, 4000, 96], np.int64), 20)
    chart.set_current(5)
    chart.show()
    assert [chart.held(step) for step in (0, 1, 2, 3, 9, 10, 19)] == [0, 48, 48, 4000, 4000, 96, 96]
    assert chart.sentence() == ("4.0 kB are held here; the most was 4.0 kB, 96 B at the end.")
    chosen: list[int] = []
    chart.step_chosen.connect(chosen.append)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(63, 50))
    assert chosen == [10, 3, 10, 0]
    assert chart.step_at(399) == 19
    many = np.arange(100_000, dtype=np.int64)
    chart.set_changes(many, many % 977, 100_000)
    assert chart.grab().width() > 0


def test_boxes_are_dragged_past_each_other_and_together(qtbot: QtBot) -> None:
    boxes = DimBoxes()
    qtbot.addWidget(boxes)
    boxes.resize(500, 70)
    boxes.show_layout(Layout((2, 3, 4), (12, 4, 1)), Straddle(0, 1, 2, 12))
    boxes.show()
    wishes: list[object] = []
    boxes.order_wanted.connect(wishes.append)
    boxes.merge_wanted.connect(wishes.append)
    assert boxes.sentence().endswith("dimensions 1 and 2 cannot merge.")

    def drag(start: int, stop: int) -> None:
        qtbot.mousePress(boxes, Qt.MouseButton.LeftButton, pos=QPoint(start, 20))
        qtbot.mouseMove(boxes, QPoint((start + stop) // 2, 22))
        qtbot.mouseRelease(boxes, Qt.MouseButton.LeftButton, pos=QPoint(stop, 20))

    drag(30, 300)
    drag(30, 110)
    drag(190, 0)
    assert wishes == [(1, 2, 0), 0, (2, 0, 1)]


def test_boxes_by_keys(qtbot: QtBot) -> None:
    boxes = DimBoxes()
    qtbot.addWidget(boxes)
    boxes.show_layout(Layout((2, 3, 4), (12, 4, 1)))
    boxes.show()
    wishes: list[object] = []
    boxes.order_wanted.connect(wishes.append)
    boxes.merge_wanted.connect(wishes.append)
    qtbot.keyClick(boxes, Qt.Key.Key_Right)
    qtbot.keyClick(boxes, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(boxes, Qt.Key.Key_Left)
    qtbot.keyClick(boxes, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert wishes == [(0, 2, 1), 0]
    boxes.show_layout(Layout((), ()))
    assert boxes.sentence() == "No dimensions: a single number."
    assert boxes.grab().width() > 0
