"""A chosen interpreter that cannot run programs: a sentence each, and another can be chosen."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from explorer.model.interpreters.found import Interpreter, look_at
from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.main_window import MainWindow
from explorer.ui.running.interpreter_button import InterpreterButton, interpreter_words
from explorer.ui.settings import Settings

READY_MS = 90_000


def old_torch(folder: Path) -> Path:
    """This Python with a torch of another age in front of its own."""
    packages = folder / "packages"
    (packages / "torch").mkdir(parents=True)
    (packages / "torch" / "__init__.py").write_text("__version__ = '2.1.0'\n")
    (packages / "torch" / "version.py").write_text("__version__ = '2.1.0'\n")
    told = packages / "torch-2.1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 2.1.0\n")
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{packages}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return python


def old_python() -> Path | None:
    """A Python that is too old, best a 3.8, if this machine has one."""
    versions = Path.home() / ".pyenv" / "versions"
    known = [*versions.glob("3.8.*/bin/python"), *versions.glob("3.[679].*/bin/python")]
    return next(iter(known), None)


def window_with(python: str, folder: Path, qtbot: QtBot) -> MainWindow:
    settings = Settings(folder / "settings.ini")
    settings.python = python
    make_application(settings, "light")
    window = make_window(WindowOptions(remember=False), settings, folder)
    qtbot.addWidget(window)
    window.show()
    return window


def problem_with(python: Path, folder: Path, qtbot: QtBot) -> str:
    """What the window says of an interpreter that the settings name."""
    window = window_with(str(python), folder, qtbot)
    qtbot.waitUntil(lambda: bool(window.workers.problem), timeout=READY_MS)
    qtbot.waitUntil(lambda: bool(window.editor.banner.sentence))
    sentence = window.editor.banner.sentence
    assert sentence == window.workers.problem
    window.close()
    return sentence


def test_one_that_vanished_is_said_and_another_can_be_chosen(tmp_path: Path, qtbot: QtBot) -> None:
    gone = tmp_path / "gone" / "bin" / "python"
    window = window_with(str(gone), tmp_path, qtbot)
    qtbot.waitUntil(lambda: bool(window.editor.banner.sentence), timeout=READY_MS)
    assert str(gone) in window.editor.banner.sentence
    assert "none that works" in window.interpreter.value
    window.interpreter.chosen.emit(sys.executable)
    qtbot.waitUntil(lambda: window.workers.is_ready, timeout=READY_MS)
    assert window.editor.banner.sentence == ""
    assert Settings(tmp_path / "settings.ini").problem == ""
    window.close()


def test_a_torch_that_is_too_old(tmp_path: Path, qtbot: QtBot) -> None:
    python = old_torch(tmp_path)
    sentence = problem_with(python, tmp_path, qtbot)
    assert f"{python} has torch 2.1.0; 2.6 or newer is needed" in sentence
    assert "-m pip install --upgrade torch" in sentence


def test_a_python_that_is_too_old(tmp_path: Path, qtbot: QtBot) -> None:
    python = old_python()
    if python is None:
        pytest.skip("a Python older than 3.10")
    sentence = problem_with(python, tmp_path, qtbot)
    assert sentence.startswith(f"{python} is Python 3.")
    assert "3.10 or newer is needed" in sentence


def test_one_that_hangs(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.ui.running import worker_process, workers

    hanging = tmp_path / "python"
    hanging.write_text("#!/bin/sh\nsleep 600\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(worker_process, "HELLO_SECONDS", 1)
    monkeypatch.setattr(workers, "look_at", lambda path: look_at(path, patience=0.5))
    assert "did not answer within" in problem_with(hanging, tmp_path, qtbot)


def test_the_menu_names_versions_and_devices_and_copies_what_mends(qtbot: QtBot) -> None:
    button = InterpreterButton()
    qtbot.addWidget(button)
    good = Interpreter("/opt/good/bin/python", "3.12.1", "2.13.0", "2.4.6", cuda="13.0")
    bare = Interpreter("/b/python", "3.12.1", lacks="/b/python has no torch.", mend="pip install x")
    lost = Interpreter("/c/python", lacks="/c/python did not answer.")
    for found in (good, bare, lost):
        button._looked(found)
    actions = {action.text(): action for action in button.menu().actions()}
    words = "Python 3.12.1 · torch 2.13.0 · CPU, CUDA 13.0 · /opt/good/bin/python"
    assert interpreter_words(good) == words
    with qtbot.waitSignal(button.chosen) as chosen:
        actions[words].trigger()
    assert chosen.args == ["/opt/good/bin/python"]
    with qtbot.waitSignal(button.copied):
        actions[bare.lacks].trigger()
    assert QGuiApplication.clipboard().text() == "pip install x"
    assert not actions[lost.lacks].isEnabled()


def test_environments_beside_the_program_are_listed(tmp_path: Path, qtbot: QtBot) -> None:
    facts = {"python": "3.12.1", "torch": "2.13.0", "numpy": "2.4.6"}
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho 'tensor-explorer-interpreter {json.dumps(facts)}'\n")
    python.chmod(0o755)
    button = InterpreterButton()
    qtbot.addWidget(button)
    button.program = lambda: tmp_path / "train.py"
    button._opened()
    qtbot.waitUntil(lambda: str(python) in button._known, timeout=READY_MS)
    assert button._known[str(python)].lacks == ""
    qtbot.waitUntil(lambda: not button._background._open, timeout=READY_MS)


def test_what_was_mended_is_ready_when_the_menu_opens_again(tmp_path: Path, qtbot: QtBot) -> None:
    """The command that was copied has been run meanwhile, and another environment is gone."""
    python, gone = (tmp_path / name / "bin" / "python" for name in (".venv", "env"))
    bare = {"python": "3.12.1", "torch": "", "numpy": "", "pip": "yes"}
    for path in (python, gone):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\necho 'tensor-explorer-interpreter {json.dumps(bare)}'\n")
        path.chmod(0o755)
    button = InterpreterButton()
    qtbot.addWidget(button)
    button.program = lambda: tmp_path / "train.py"
    button._opened()
    qtbot.waitUntil(lambda: {str(python), str(gone)} <= button._known.keys(), timeout=READY_MS)
    assert "has no torch and numpy" in button._known[str(python)].lacks
    qtbot.waitUntil(lambda: not button._background._open, timeout=READY_MS)
    facts = {**bare, "torch": "2.13.0", "numpy": "2.4.6"}
    python.write_text(f"#!/bin/sh\necho 'tensor-explorer-interpreter {json.dumps(facts)}'\n")
    gone.unlink()
    button._opened()
    qtbot.waitUntil(lambda: not button._known[str(python)].lacks, timeout=READY_MS)
    assert str(gone) not in button._known
    qtbot.waitUntil(lambda: not button._background._open, timeout=READY_MS)


def test_the_own_python_can_always_be_taken_again(tmp_path: Path, qtbot: QtBot) -> None:
    """The Python inside a full download lies where nobody keeps environments."""
    button = InterpreterButton()
    qtbot.addWidget(button)
    button._opened()
    qtbot.waitUntil(lambda: sys.executable in button._known, timeout=READY_MS)
    qtbot.waitUntil(lambda: not button._background._open, timeout=READY_MS)


def test_a_long_sentence_keeps_its_ends_and_its_ampersands(qtbot: QtBot) -> None:
    command = f"/{'long/' * 60}python -m venv ~/x && ~/x/bin/pip install torch"
    long = Interpreter("/l/python", lacks=f"/l/python has no torch: run '{command}'.", mend=command)
    short = Interpreter(
        "/s/python", lacks="/s/python: run 'a && b'.", mend="a && b", name="conda s"
    )
    button = InterpreterButton()
    qtbot.addWidget(button)
    button._looked(long)
    button._looked(short)
    menu = button.menu()
    entries = [action for action in menu.actions() if action.toolTip() in (long.lacks, short.lacks)]
    assert menu.sizeHint().width() < 1100
    assert entries[0].text().startswith("/l/python has no torch")
    assert entries[0].text().endswith("~/x/bin/pip install torch'.")
    assert entries[1].text() == "conda s: run 'a &&&& b'.", "a menu shows two ampersands as one"
    with qtbot.waitSignal(button.copied):
        entries[0].trigger()
    assert QGuiApplication.clipboard().text() == command
