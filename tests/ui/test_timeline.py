"""The timeline: dots, a band for many, keys, wheel, drag, and how it walks by itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.timeline import TimelinePane
from explorer.ui.session import Session
from explorer.ui.step_words import node_short_name, step_place, step_sentence
from explorer.ui.stepper import Stepper
from explorer.ui.theme import theme
from explorer.ui.widgets.timeline_band import column_shares
from explorer.ui.widgets.timeline_strip import MARGIN, TimelineStrip
from explorer.ui.widgets.timeline_view import TimelineView
from tests.model.test_recording import finished
from tests.ui.test_session import Pigeon, session_on


class Steps:
    """So many steps, every third a node."""

    def __init__(self, count: int) -> None:
        self._nodes: NDArray[np.bool_] = np.arange(count) % 3 == 2

    def count(self) -> int:
        return len(self._nodes)

    def nodes(self) -> NDArray[np.bool_]:
        return self._nodes

    def dropped(self) -> NDArray[np.bool_]:
        return np.arange(len(self._nodes)) < len(self._nodes) // 3

    def errors(self) -> list[int]:
        return [len(self._nodes) - 1]

    def writes_in_place(self, step: int) -> bool:
        return step == 1

    def label(self, step: int) -> str:
        return f"{step} x"

    def tip(self, step: int) -> str:
        return f"Step {step}."


def strip_of(count: int, qtbot: QtBot) -> TimelineStrip:
    strip = TimelineStrip(Steps(count))
    qtbot.addWidget(strip)
    strip.resize(800, 66)
    strip.steps_changed()
    strip.show()
    return strip


@pytest.mark.parametrize("count", [0, 1, 2, 9, 120, 3000, 1_000_000])
def test_it_paints_any_number_of_steps(count: int, qtbot: QtBot) -> None:
    strip = strip_of(count, qtbot)
    for step in (-1, 0, count // 2, count - 1):
        strip.set_current(step)
        picture = strip.grab().toImage()
        assert not picture.isNull()
    colours = {picture.pixelColor(x, 26).name() for x in range(MARGIN, picture.width() - MARGIN)}
    if count:
        assert theme().accent.name() in colours or count < 3


def test_a_click_wants_the_nearest_step_and_a_drag_those_it_passes(qtbot: QtBot) -> None:
    strip = strip_of(9, qtbot)
    wanted: list[int] = []
    strip.wanted.connect(wanted.append)
    spacing = (800 - 2 * MARGIN) / 8
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(strip, left, pos=QPoint(round(MARGIN + 3.3 * spacing), 30))
    QTest.mouseMove(strip, QPoint(round(MARGIN + 5.8 * spacing), 30))
    QTest.mouseRelease(strip, left, pos=QPoint(round(MARGIN + 5.8 * spacing), 30))
    QTest.mouseClick(strip, left, pos=QPoint(799, 30))
    QTest.mouseClick(strip, left, pos=QPoint(0, 30))
    assert wanted[0] == 3
    assert wanted[-2:] == [8, 0]


def test_keys_and_wheel_are_gestures(qtbot: QtBot) -> None:
    strip = strip_of(9, qtbot)
    told: list[str] = []
    strip.key_stepped.connect(told.append)
    shift = Qt.KeyboardModifier.ShiftModifier
    for key, modifiers in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Right, shift),
        (Qt.Key.Key_Left, shift),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier),
    ):
        QTest.keyClick(strip, key, modifiers)
    turn(strip, -120)
    assert told == ["into", "back_into", "forward", "back", "start", "end", "into"]


def turn(strip: TimelineStrip, by: int, modifiers: Qt.KeyboardModifier | None = None) -> None:
    event = QWheelEvent(
        QPointF(400, 30),
        strip.mapToGlobal(QPointF(400, 30)),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        modifiers or Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip, event)


def test_zooming_keeps_what_is_under_the_pointer(qtbot: QtBot) -> None:
    view = TimelineView()
    view.set_count(1000)
    assert view.visible(1000) == (0, 999)
    under = view.step_at(0.25)
    view.zoom(10, 0.25)
    assert view.step_at(0.25) == under
    assert view.length == 100
    assert view.show(900)
    assert 0 <= view.share(900) <= 1
    view.zoom(0.0001, 0.5)
    assert view.visible(1000) == (0, 999)
    view.set_count(2000)
    assert view.length == 2000


def test_a_zoomed_strip_shows_dots_again(qtbot: QtBot) -> None:
    strip = strip_of(5000, qtbot)
    strip.set_current(2500)
    before = strip.grab().toImage()
    for _ in range(40):
        turn(strip, 120, Qt.KeyboardModifier.ControlModifier)
    assert strip.grab().toImage() != before
    QTest.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(400, 30))
    assert strip.grab().toImage() == before


def test_shares_of_columns_are_exact() -> None:
    nodes = np.array([0, 0, 1, 1, 1, 0], dtype=bool)
    assert column_shares(nodes, 3).tolist() == [0.0, 1.0, 0.5]
    assert column_shares(nodes, 6).tolist() == nodes.astype(float).tolist()
    assert column_shares(nodes, 1).tolist() == [0.5]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("MeanBackward0", "Mean"),
        ("PowBackward0", "Pow"),
        ("torch::autograd::AccumulateGrad", "Accumulate"),
        ("AccumulateGrad", "Accumulate"),
        ("MyFunctionBackward", "MyFunction"),
        ("NllLossBackward1", "NllLoss"),
        ("CopySlices", "CopySlices"),
    ],
)
def test_short_names_of_nodes(name: str, short: str) -> None:
    assert node_short_name(name) == short


def test_places_in_words() -> None:
    made = finished()
    assert step_place(made, -1) == "before the first of 7 steps"
    assert step_place(made, 0) == "step 1 of 7 · line 1"
    assert step_place(made, 6) == "step 6.2 of 7 · line 7 · backward, node 2 of 2"
    assert step_place(made, 8) == "step 7 of 7 · line 8 · raises RuntimeError"
    assert step_sentence(made, 0) == "Step 1, line 1: line 1\nx f32[3]"
    assert step_sentence(made, 5) == "Step 6.1: Mean of line 7."
    assert "It raised RuntimeError: no" in step_sentence(made, 8)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    yield session_on(Pigeon())


def test_the_pane_follows_the_moment(session: Session, qtbot: QtBot) -> None:
    pane = TimelinePane(session)
    qtbot.addWidget(pane)
    session.grew(at_once=True)
    session.look(Moment(5))
    assert pane.strip.accessibleDescription() == "Step 6.1: Mean of line 7."
    with qtbot.waitSignal(pane.step_wanted) as told:
        pane.strip.wanted.emit(3)
    assert told.args == [3]


def test_playing_stops_at_a_breakpoint_and_at_the_end(session: Session, qtbot: QtBot) -> None:
    stepper = Stepper(session)
    session.tell("ended")
    session.set_breakpoints(frozenset({("a.py", 6)}))
    stepper.speed = 1000
    session.go(0)
    stepper.toggle_playing()
    assert stepper.playing
    qtbot.waitUntil(lambda: not stepper.playing)
    assert session.moment.step == 4
    stepper.toggle_playing()
    qtbot.waitUntil(lambda: not stepper.playing)
    assert session.moment.step == 8


def test_gestures_without_a_place_to_go_say_so(session: Session, qtbot: QtBot) -> None:
    stepper = Stepper(session)
    session.tell("ended")
    session.go(8)
    for gesture, words in ((lambda: stepper.to_line(("a.py", 99)), "has not run"),):
        with qtbot.waitSignal(session.noted) as told:
            gesture()
        assert words in told.args[0]
    assert session.moment.step == 8


def test_a_line_that_does_not_run_again_is_found_from_the_other_end(
    session: Session, qtbot: QtBot
) -> None:
    stepper = Stepper(session)
    session.tell("ended")
    session.go(8)
    times = session.recording.steps.runs_of_line("a.py", 1)
    with qtbot.waitSignal(session.noted) as told:
        stepper.to_line(("a.py", 1))
    assert told.args == ["Line 1 does not run again later: this is the first time that it ran."]
    assert session.moment.step == times[0]
    with qtbot.waitSignal(session.noted) as told:
        stepper.to_line(("a.py", 1), forward=False)
    assert told.args[0].startswith("Line 1 does not run any earlier")
    assert session.moment.step == times[-1]


def test_into_backward_enters_the_nearest_one(session: Session, qtbot: QtBot) -> None:
    stepper = Stepper(session)
    session.tell("ended")
    nodes = sorted(session.recording.steps.nodes)
    session.go(8)
    stepper.into_backward()
    assert session.moment.step == nodes[0]
    empty = Session()
    with qtbot.waitSignal(empty.noted) as told:
        Stepper(empty).into_backward()
    assert told.args == ["No backward() has run."]


def test_a_gesture_ends_following(session: Session, qtbot: QtBot) -> None:
    stepper = Stepper(session)
    session.tell("running")
    session.grew(at_once=True)
    qtbot.waitUntil(lambda: session.moment.step == 8)
    stepper.back()
    session.grew(at_once=True)
    session.tell("ended")
    assert session.moment.step == 7
    stepper.to_end()
    assert session.moment.step == 8
