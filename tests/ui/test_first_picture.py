"""The window stands there before anything heavy is imported, and fills up after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from explorer.ui.actions import EDIT, FILE, HELP, RUN, STEP, VIEW
from explorer.ui.app import WindowOptions, make_application, make_frame
from explorer.ui.settings import Settings
from tests.conftest import REPOSITORY

HEAVY = ("numpy", "PySide6.QtNetwork", "explorer.protocol", "explorer.model.recording")

LOOK = """
import json, sys
from pathlib import Path
from explorer.ui.app import WindowOptions, make_application, make_frame
from explorer.ui.settings import Settings
folder = Path(sys.argv[1])
settings = Settings(folder / "settings.ini")
application = make_application(settings, "light")
window = make_frame(WindowOptions(sys.argv[2], remember=False), settings, folder)
window.stands.connect(lambda: told())
def told():
    text = window.editor.document.editor.text()
    window.grab()
    print(json.dumps([text, sorted(sys.modules), window.furniture.complete]))
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
    text, modules, complete = json.loads(ran.stdout)
    assert text == "x = 1\n"
    assert not complete
    assert not [name for name in modules if name.split(".")[0] == "torch" or name in HEAVY]


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
        assert not window.furniture.complete
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
