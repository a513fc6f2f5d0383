"""A disk that is full: the window says so, keeps what it has, and stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ENTER = "mount -t tmpfs -o size=1m,mode=777 tmpfs {folder} && exec {command}"
PROGRAM = """\
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.settings import Settings

folder = Path(sys.argv[1])
settings = Settings(folder / "settings.ini")
settings.theme = "dark"
assert settings.save()
application = make_application(settings, "light")
window = make_window(WindowOptions(python=sys.executable, remember=False), settings, folder)
window.show()
file = folder / "kept.py"
file.write_text("old = 1\\n")
assert window.editor.open(str(file))
with (folder / "much").open("wb", buffering=0) as much:
    try:
        while True:
            much.write(bytes(4096))
    except OSError:
        pass

editor = window.editor.document.editor
editor.replace_text("new = 2\\n" * 2000)
window.editor.document.keep_copy()
print("copy:", window.editor.banner.sentence)
window.editor.banner.hush()
print("saved:", window.editor.save(window.editor.document), window.editor.banner.sentence)
print("file:", file.read_text() == "old = 1\\n")
window.editor.new("x = 1\\n")
print("run:", window.editor.prepare_run(), window.editor.banner.sentence)
for number in range(300):
    settings.add_recent_file(f"/{number}" * 40)
settings.arguments = "a" * 9000
print("settings:", settings.save())
print("kept settings:", "theme=dark" in (folder / "settings.ini").read_text())
for document in window.editor.documents:
    document.editor.set_saved()
window.close()
application.processEvents()
"""


def on_a_small_disk(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command that sees a disk of one megabyte at ``folder``; others do not see it."""
    folder.mkdir()
    words = " ".join(f"'{word}'" for word in command)
    inside = ENTER.format(folder=f"'{folder}'", command=words)
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return subprocess.run(
        ["unshare", *own, "--mount", "sh", "-c", inside],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def small_disks_can_be_made(folder: Path) -> bool:
    """Whether this user may mount something of its own."""
    return bool(shutil.which("unshare")) and on_a_small_disk(folder, "true").returncode == 0


def test_texts_files_and_settings_survive_a_full_disk(tmp_path: Path) -> None:
    if not small_disks_can_be_made(tmp_path / "try"):
        pytest.skip("a user who may mount a small disk")
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    answer = on_a_small_disk(
        tmp_path / "disk", "env", f"PYTHONPATH={REPOSITORY}", sys.executable, str(script),
        str(tmp_path / "disk"),
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    said = dict(line.split(": ", 1) for line in answer.stdout.splitlines())
    assert said["copy"] == "No copy of kept.py could be kept: No space left on device."
    assert said["saved"].startswith("False ")
    assert said["saved"].endswith("kept.py cannot be written: No space left on device.")
    assert said["file"] == "True"
    assert said["run"].startswith("None ")
    assert said["run"].endswith("cannot be written: No space left on device.")
    assert said["settings"] == "False"
    assert said["kept settings"] == "True"
    assert "Traceback" not in answer.stderr


def test_a_program_on_a_full_disk_gets_its_own_error(tmp_path: Path) -> None:
    if not small_disks_can_be_made(tmp_path / "try"):
        pytest.skip("a user who may mount a small disk")
    program = tmp_path / "much.py"
    program.write_text(
        "import sys\nimport torch\nx = torch.arange(3.0)\n"
        "with open(sys.argv[1], 'wb') as file:\n    file.write(bytes(1 << 22))\n"
    )
    answer = on_a_small_disk(
        tmp_path / "disk", sys.executable, "-m", "explorer", "steps", str(program), "--",
        str(tmp_path / "disk" / "much.bin"),
    )  # fmt: skip
    assert answer.returncode == 1, answer.stderr
    assert "OSError: [Errno 28] No space left on device" in answer.stderr
    assert "x float32[3] A" in answer.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_steps_that_cannot_be_written_are_said() -> None:
    lesson = REPOSITORY / "resources" / "lessons" / "00_first_steps.py"
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "explorer", "steps", str(lesson)],
            cwd=REPOSITORY,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert answer.returncode == 2
    assert answer.stderr == "The steps cannot be written: No space left on device.\n"
