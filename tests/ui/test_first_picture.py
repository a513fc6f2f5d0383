"""The window stands there before anything heavy is imported, and fills up after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.ui.actions import EDIT, FILE, HELP, RUN, STEP, VIEW
from explorer.ui.app import WindowOptions, make_application, make_frame
from explorer.ui.main_window import MainWindow
from explorer.ui.settings import Settings
from tests.conftest import REPOSITORY

HEAVY = {
    "numpy", "PySide6.QtNetwork", "PySide6.QtSvg", "argparse", "tomllib", "json",
    "explorer.protocol", "explorer.model.recording",
    "explorer.ui.actions", "explorer.ui.docks", "explorer.ui.icons", "explorer.ui.toolbar",
}  # fmt: skip

LOOK = """
import sys
from explorer.ui.quick import load_qt
load_qt()
from functools import partial
from pathlib import Path
from explorer.ui.app import WindowOptions, make_application, make_frame
from explorer.ui.main_window import MainWindow
from explorer.ui.settings import Settings
folder = Path(sys.argv[1])
settings = Settings(folder / "settings.ini")
application = make_application(settings, "light")
window = make_frame(WindowOptions(sys.argv[2], remember=False), settings, folder)
window.stands.connect(lambda: told())
def told():
    text = window.editor.document.editor.text()
    window.grab()
    modules, complete = sorted(sys.modules), window.furniture.complete
    waiting = [name for name in modules if type(sys.modules[name]).__name__ == "Later"]
    import json
    print(json.dumps([text, modules, complete, waiting]))
    window.close()
    application.quit()
window.show()
application.exec()
"""


def test_nothing_heavy_is_imported_before_the_first_picture(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("x = 1\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path), str(program)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    text, modules, complete, waiting = json.loads(ran.stdout)
    assert text == "x = 1\n"
    assert not complete
    assert not [name for name in modules if name.split(".")[0] == "torch" or name in HEAVY]
    assert {"inspect", "tempfile", "shibokensupport.signature.parser"} <= set(waiting)


class Sizes(QObject):
    """Remembers every height that a widget gets."""

    def __init__(self) -> None:
        super().__init__()
        self.heights: set[int] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.heights.add(event.size().height())  # type: ignore[attr-defined]
        return False


def test_it_fills_up_and_nothing_jumps(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    make_application(settings, "light")
    window = make_frame(WindowOptions(remember=False), settings, tmp_path)
    window.resize(1280, 800)
    sizes = Sizes()
    try:
        with qtbot.waitSignal(window.stands):
            window.show()
        assert not window.furniture.complete and not window.frame.complete
        window.editor.installEventFilter(sizes)
        window.timeline_room.installEventFilter(sizes)
        before = window.editor.height(), window.timeline_room.height()
        qtbot.waitUntil(lambda: window.furniture.complete and window.docks.complete, timeout=60_000)
        qtbot.wait(50)
        assert (window.editor.height(), window.timeline_room.height()) == before
        assert sizes.heights <= set(before)
        assert window.docks["tensors"].pane is not None
        assert window.timeline.isVisible()
    finally:
        window.close()
        window.deleteLater()


class Places(QObject):
    """Remembers where a widget stands in its window, whenever it is moved or resized."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        self.seen = {self.now()}
        widget.installEventFilter(self)

    def now(self) -> tuple[int, ...]:
        place = self._widget.mapTo(self._widget.window(), QPoint(0, 0))
        return (place.x(), place.y(), self._widget.width(), self._widget.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.seen.add(self.now())
        return False


def fills_up_in_place(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.stands):
        window.show()
    assert not window.frame.complete
    places = Places(window.editor)
    qtbot.waitUntil(lambda: window.furniture.complete and window.docks.complete, timeout=60_000)
    qtbot.wait(50)
    assert places.seen == {places.now()}
    assert window.desk.size() == window.editor.size()


@pytest.mark.parametrize("size", [(900, 560), (1280, 800), (1600, 1000)])
def test_the_editor_stands_at_once_where_it_stands_between_the_docks(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    make_application(settings, "light")
    window = make_frame(WindowOptions(), settings, tmp_path)
    try:
        window.resize(*size)
        fills_up_in_place(qtbot, window)
    finally:
        window.close()
        window.deleteLater()


def test_it_stands_at_once_where_the_user_has_put_it(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    make_application(settings, "light")
    for start in ("first", "next"):
        window = make_frame(WindowOptions(), settings, tmp_path)
        try:
            fills_up_in_place(qtbot, window)
            if start == "first":
                tensors, output = window.docks["tensors"], window.docks["output"]
                window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, tensors)
                qtbot.waitUntil(partial(stands_left, tensors))
                window.resizeDocks([tensors], [180], Qt.Orientation.Horizontal)
                beside = [window.docks["values"], window.docks["graph"]]
                window.resizeDocks(beside, [150, 150], Qt.Orientation.Horizontal)
                window.resizeDocks([output], [90], Qt.Orientation.Vertical)
                qtbot.wait(50)
            assert window.editor.mapTo(window, QPoint(0, 0)).x() > 170
        finally:
            window.close()
            window.deleteLater()


def stands_left(dock: QWidget) -> bool:
    return dock.x() == 0


@pytest.mark.parametrize("text", ["", "1;2;3", "1;2;3;x", "-1;2;3;4", "1;2;3;4"])
def test_what_was_kept_of_the_editors_place_is_checked(tmp_path: Path, text: str) -> None:
    settings = Settings(tmp_path / "settings.ini")
    settings.editor_margins = QMargins(1, 2, 3, 4)
    assert settings.editor_margins == QMargins(1, 2, 3, 4)
    settings._store.setValue("window/around_editor", text)
    assert (settings.editor_margins is not None) == (text == "1;2;3;4")


def test_a_gesture_before_that_brings_all_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    make_application(settings, "light")
    window = make_frame(WindowOptions(remember=False), settings, tmp_path)
    try:
        window.gestures["new"].trigger()
        assert not window.furniture.complete
        window.gestures["play"].trigger()
        assert window.timeline is window.furniture.timeline
        for gesture in (*FILE, *EDIT, *RUN, *STEP, *VIEW, *HELP):
            assert callable(window.handler(gesture.name)), gesture.name
    finally:
        window.close()
        window.deleteLater()


def test_keys_that_come_too_early_are_played_when_all_is_there(
    qtbot: QtBot, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    make_application(settings, "light")
    window = make_frame(WindowOptions(remember=False), settings, tmp_path)
    control, plain = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
    try:
        with qtbot.waitSignal(window.stands):
            window.show()
        first = window.editor.document
        first.editor.setFocus()
        for key, modifiers in (
            (Qt.Key.Key_A, plain),
            (Qt.Key.Key_N, control),
            (Qt.Key.Key_B, plain),
            (Qt.Key.Key_Control, control),
            (Qt.Key.Key_F9, plain),
            (Qt.Key.Key_F35, plain),
        ):
            QTest.keyClick(window.windowHandle(), key, modifiers)
        assert (len(window.editor.documents), first.editor.text()) == (1, "a")
        qtbot.waitUntil(lambda: len(window.editor.documents) == 2, timeout=60_000)
        assert window.furniture.complete
        assert window.editor.document.editor.text() == "b"
        assert window.editor.document.editor.breakpoints() == {1}
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, control)
        assert len(window.editor.documents) == 3
    finally:
        for document in window.editor.documents:
            document.editor.set_saved()
        window.close()
        window.deleteLater()
