"""The two commands of run.py: open the window, run the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bootstrap import system_libraries
from bootstrap.environment import Environment
from bootstrap.trouble import CannotGoOn

ROOT = Path(__file__).resolve().parents[1]
FIRST_LESSON = ROOT / "resources" / "lessons" / "00_first_steps.py"
USAGE = """\
python3 run.py [FILE]              open the window, on FILE or on a lesson
python3 run.py test [PYTEST ARGS]  lint, types and tests; with arguments, only those tests
python3 run.py --help              this text"""


def main(arguments: list[str]) -> int:
    """Run one command; 0 when it went well, 1 when a test failed, 2 when it cannot go on."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(USAGE)
        return 0
    try:
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        return open_window(arguments)
    except CannotGoOn as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def open_window(arguments: list[str]) -> int:
    """Set up what the window needs and open it, on the given file or on the first lesson."""
    file = _file_to_open(arguments)
    check_display(os.environ)
    check_libraries(x11="DISPLAY" in os.environ)
    environment = Environment(ROOT)
    environment.prepare(tests=False)
    # -P: a folder named explorer in the current directory must not be taken for the program.
    command = [str(environment.python), "-P", "-m", "explorer", str(file)]
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 130


PROCESSES = "2"
"""All tests are shared out among so many; most of them wait for a worker half of the time."""


def test(pytest_arguments: list[str]) -> int:
    """Set up what the tests need, then lint, check types and test."""
    check_libraries(x11=False)
    environment = Environment(ROOT)
    environment.prepare(tests=True)
    python = str(environment.python)
    # The tests start hundreds of processes, none of which is to compile the sources anew.
    subprocess.run([python, "-m", "compileall", "-q", "explorer"], cwd=ROOT, check=False)
    commands = {"tests": [python, "-m", "pytest", *pytest_arguments]}
    if not pytest_arguments:
        commands["tests"] += ["-n", PROCESSES, "--dist", "worksteal"]
        commands = {
            "lint": [python, "-m", "ruff", "check", "."],
            "format": [python, "-m", "ruff", "format", "--check", "."],
            "types": [python, "-m", "mypy"],
            **commands,
        }
    failed = [name for name, command in commands.items() if not _succeeds(name, command)]
    print("failed: " + ", ".join(failed) if failed else "all passed", flush=True)
    return 1 if failed else 0


def check_display(environment: Mapping[str, str]) -> None:
    """Linux only: a window needs X11 or Wayland, unless Qt is told to draw elsewhere.

    Raises:
        CannotGoOn: there is no display.
    """
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(environment.get(name) for name in wanted):
        raise CannotGoOn(
            "There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is "
            "set): start it from a desktop session; 'python3 run.py test' needs none"
        )


def check_libraries(*, x11: bool) -> None:
    """Linux only: name the packages of libraries that Qt would miss.

    Raises:
        CannotGoOn: at least one library is missing.
    """
    if sys.platform != "linux":
        return
    needed = {**system_libraries.ALWAYS, **(system_libraries.FOR_X11 if x11 else {})}
    lacking = system_libraries.missing(needed)
    if lacking:
        raise CannotGoOn(system_libraries.sentence(lacking))


def _file_to_open(arguments: list[str]) -> Path:
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        raise CannotGoOn(f"Not understood: {' '.join(arguments)}\n{USAGE}")
    file = Path(arguments[0]).absolute() if arguments else FIRST_LESSON
    if not file.is_file():
        raise CannotGoOn(f"There is no file {file}")
    return file


def _succeeds(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0
