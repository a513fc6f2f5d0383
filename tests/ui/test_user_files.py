"""Spoilt settings are set aside, and places that cannot be written are done without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from explorer.ui.app import WindowOptions, greet, make_application, make_window
from explorer.ui.documents.user_files import NAME, data_folder, make_sound, settings_file
from explorer.ui.settings import Settings
from explorer.version import VERSION

REPOSITORY = Path(__file__).resolve().parents[2]

SPOILT = {
    "binary": bytes(range(256)) * 20,
    "zeros": b"\0" * 500,
    "another format": b'{"theme": "dark"}\n',
    "UTF-16": "[window]\ntheme=dark\n".encode("utf-16"),
    "half a section": b"[window\ntheme=dark\n",
    "no section": b"theme=dark\n",
    "a merge that failed": b"[window]\n<<<<<<< mine\ntheme=dark\n",
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_file_is_set_aside_and_the_usual_counts(kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.ini"
    file.write_bytes(SPOILT[kind])
    settings = Settings(file)
    aside = tmp_path / f"{NAME}.broken-1.ini"
    assert aside.read_bytes() == SPOILT[kind]
    assert str(aside) in settings.problem
    assert (settings.theme, settings.zoom, settings.open_files) == ("system", 0, [])
    settings.theme = "light"
    assert settings.save()
    again = Settings(file)
    assert again.theme == "light"
    assert again.problem == ""


def test_a_second_spoilt_file_does_not_replace_the_first(tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.ini"
    for text in ("one", "two"):
        file.write_text(text)
        assert "kept as" in make_sound(file)
    kept = [path.read_text() for path in sorted(tmp_path.glob("*.broken-*.ini"))]
    assert kept == ["one", "two"]


def test_what_the_program_writes_itself_is_sound(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / f"{NAME}.ini"
    settings = Settings(file)
    make_application(settings, "light")
    window = make_window(WindowOptions(remember=False), settings, tmp_path)
    qtbot.addWidget(window)
    settings.open_files = ["/tmp/ä, b.py", "/tmp/张伟=;[x].py"]
    settings.add_recent_file("/tmp/[a\nb].py")
    settings.arguments = "--name 'a, b'; c = \"[d\""
    window.keep_state()
    window.close()
    assert make_sound(file) == ""


def test_a_place_that_cannot_be_written_is_said_and_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file" / "deeper" / "settings.ini")
    assert settings.problem.startswith("What you choose will be forgotten: nothing can be written")
    settings.theme = "dark"
    assert settings.theme == "dark"
    assert not settings.save()


def test_texts_are_kept_elsewhere_when_the_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder, sentence = data_folder()
    assert folder.parent == tmp_path
    assert str(folder) in sentence
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "fine"))
    assert data_folder() == (tmp_path / "fine" / NAME, "")


def test_the_window_says_what_is_wrong(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "s.ini").write_text("spoilt")
    settings = Settings(tmp_path / "s.ini")
    make_application(settings, "light")
    window = make_window(WindowOptions(remember=False), settings, tmp_path)
    qtbot.addWidget(window)
    greet(window, [settings.problem])
    assert "kept as" in window.editor.banner.sentence
    window.close()


def test_the_usual_place_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_file().name == f"{NAME}.ini"
    assert settings_file().parent.name == NAME


START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from explorer.ui.app import WindowOptions, start
application = QApplication(sys.argv)
QTimer.singleShot(2500, QApplication.closeAllWindows)
sys.exit(start(WindowOptions(python=sys.executable)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a place that nobody may write in")
def test_a_home_that_nobody_can_write_in() -> None:
    home = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), "/proc/nowhere")
    answer = subprocess.run(
        [sys.executable, "-c", START],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "What you choose will be forgotten" in answer.stderr
    assert "cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def another_version(folder: Path) -> Path:
    """A copy of the program with a version number of its own."""
    folder.mkdir()
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "explorer", folder / "explorer", ignore=leave)
    (folder / "resources").symlink_to(REPOSITORY / "resources")
    version = folder / "explorer" / "version.py"
    version.write_text(version.read_text().replace(f'"{VERSION}"', '"99.0"'))
    return folder


def test_two_versions_at_once_share_the_settings_and_not_their_texts(tmp_path: Path) -> None:
    homes = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    windows = [
        subprocess.Popen(
            [sys.executable, "-c", "from explorer.version import VERSION; print(VERSION)" + START],
            env={**os.environ, **homes, "PYTHONPATH": str(sources)},
            cwd=sources,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for sources in (REPOSITORY, another_version(tmp_path / "another"))
    ]
    versions = []
    try:
        for window in windows:
            version, said = window.communicate(timeout=90)
            versions.append(version.strip())
            assert window.returncode == 0, said
            assert "Traceback" not in said
    finally:
        for window in windows:
            window.kill()
            window.communicate()
    assert versions == [VERSION, "99.0"]
    file = tmp_path / "config" / NAME / f"{NAME}.ini"
    assert make_sound(file) == ""
    assert Settings(file).window("docks") is not None
    assert list((tmp_path / "data" / NAME / "autosave").glob("*")) == []


def test_what_a_newer_version_wrote_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "s.ini"
    file.write_text("[window]\ntheme=dark\n[of_the_future]\nshape=round\n")
    settings = Settings(file)
    assert (settings.theme, settings.problem) == ("dark", "")
    settings.zoom = 2
    assert settings.save()
    assert "shape=round" in file.read_text()
