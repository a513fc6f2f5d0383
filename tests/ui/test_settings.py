"""Settings: kept from one start to the next, and never in the way when they are spoilt."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray

from explorer.ui.settings import MOST_RECENT_FILES, Settings


def test_everything_is_there_again(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    first = Settings(file)
    first.theme = "dark"
    first.python = "/opt/python"
    first.device = "cuda:1"
    first.arguments = "--name 'a, b'; c"
    first.zoom = -2
    first.steps_a_second = 30
    first.recording_memory, first.recording_disk = 3 << 30, -1
    first.open_files = ["/tmp/a.py", "/tmp/ä, b.py"]
    first.set_window("docks", QByteArray(b"\0\1state"))
    first.save()
    second = Settings(file)
    assert (second.theme, second.python, second.device) == ("dark", "/opt/python", "cuda:1")
    assert second.arguments == "--name 'a, b'; c"
    assert (second.zoom, second.steps_a_second) == (-2, 30)
    assert (second.recording_memory, second.recording_disk) == (3 << 30, -1)
    assert second.open_files == ["/tmp/a.py", "/tmp/ä, b.py"]
    assert second.window("docks") == QByteArray(b"\0\1state")


def test_the_usual_when_nothing_was_chosen(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "none.ini")
    assert (settings.theme, settings.python, settings.device) == ("system", "", "")
    assert (settings.zoom, settings.steps_a_second) == (0, 4)
    assert (settings.recording_memory, settings.recording_disk) == (0, 0)
    assert settings.recent_files == []
    assert settings.open_files == []
    assert settings.window("geometry") is None


def test_spoilt_values_count_as_not_chosen(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.write_text(
        "[window]\ntheme=pink\ndocks=text\n[editor]\nzoom=large\n[play]\nsteps_a_second=-5\n"
        "[files]\nrecent\\size=x\n"
    )
    settings = Settings(file)
    assert settings.theme == "system"
    assert settings.zoom == 0
    assert settings.steps_a_second == 1
    assert settings.recent_files == []
    assert settings.window("docks") is None


def test_recent_files_newest_first_each_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    for number in range(MOST_RECENT_FILES + 3):
        settings.add_recent_file(f"/tmp/{number}.py")
    settings.add_recent_file("/tmp/9.py")
    found = settings.recent_files
    assert found[0] == "/tmp/9.py"
    assert len(found) == MOST_RECENT_FILES
    assert len(set(found)) == len(found)
