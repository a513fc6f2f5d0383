"""A shape change that was tried is written into the program, below the statement looked at."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.ui.app import WindowOptions, make_window
from explorer.ui.settings import Settings
from tests.warm_python import ready_python

PROGRAM = "import torch\nfor i in range(1):\n    x = torch.ones(3, 4)\nprint(x)\n"


def test_the_code_lands_below_the_statement_with_its_indent(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    settings = Settings(tmp_path / "settings.ini")
    options = WindowOptions(str(file), ready_python(), "light", remember=False)
    window = make_window(options, settings, tmp_path)
    qtbot.addWidget(window)
    window.show()
    try:
        qtbot.waitUntil(lambda: window.workers.is_ready, timeout=120_000)
        window.runs.run()
        qtbot.waitUntil(lambda: window.session.run.state == "ended", timeout=60_000)
        (path,) = window.session.recording.steps.files.values()
        pane = window.docks.pane("what_if")
        window.session.go(window.session.recording.steps.runs_of_line(path, 3)[0])
        pane.code_wanted.emit("y = x.t()")  # type: ignore[attr-defined]
        text = window.editor.document.editor.text()
        assert text == PROGRAM.replace("ones(3, 4)\n", "ones(3, 4)\n    y = x.t()\n")
    finally:
        window.editor.document.editor.set_saved()
        window.close()
