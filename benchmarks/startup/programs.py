"""The programs that are compared: installed from the package index, each in its own environment,
set up so that the second start onwards shows the plain main window and nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "resources" / "lessons" / "00_first_steps.py"
THONNY_SETTINGS = """[general]
language = en_US
ui_mode = regular
[run]
backend_name = LocalCPython
[view]
[file]
"""


@dataclass(frozen=True)
class Program:
    """How one program is started."""

    name: str
    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)


def tensor_explorer(home: Path) -> Program:
    """This checkout, in the environment that run.py made."""
    command = (str(ROOT / ".venv" / "bin" / "python"), "-P", "-m", "explorer", str(PROGRAM))
    variables = {"XDG_CONFIG_HOME": str(home / "config"), "PYTHONPATH": str(ROOT)}
    return Program("Tensor Explorer", command, variables)


def empty_window(home: Path) -> Program:
    """An empty window of PySide6 with the text in it, in the same environment."""
    script = str(Path(__file__).with_name("empty_window.py"))
    command = (str(ROOT / ".venv" / "bin" / "python"), "-P", script, str(PROGRAM))
    return Program("empty window", command, {"XDG_CONFIG_HOME": str(home / "config")})


def thonny(work: Path, home: Path) -> Program:
    """Thonny from the package index; its first-run question answered beforehand."""
    python = _environment(work, "thonny")
    settings = home / "thonny"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "configuration.ini").write_text(THONNY_SETTINGS)
    command = (str(python), "-m", "thonny", str(PROGRAM))
    return Program("Thonny", command, {"THONNY_USER_DIR": str(settings)})


def spyder(work: Path, home: Path) -> Program:
    """Spyder from the package index, with a settings folder of its own."""
    python = _environment(work, "spyder")
    folder = home / "spyder"
    folder.mkdir(parents=True, exist_ok=True)
    launcher = str(python.with_name("spyder"))
    command = (launcher, "--new-instance", "--conf-dir", str(folder), str(PROGRAM))
    return Program("Spyder", command, {"QTWEBENGINE_DISABLE_SANDBOX": "1"})


def _environment(work: Path, package: str) -> Path:
    folder = work / package
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", package], check=True)
    return python
