"""What the source may not hold: paths of one machine, drawers for everything, promises."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.house.imports import REPOSITORY, sources

# Somebody's home, or a folder of the machine on which the program was written.
MACHINE_PATH = re.compile(r"(?<![\w.$}~])/(?:home|Users|root|work|mnt)/[\w.-]+")
PROMISES = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def files_of_the_project() -> list[Path]:
    """Every text file that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [REPOSITORY / name for name in names if (REPOSITORY / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file; nothing for a picture or a font."""
    raw = path.read_bytes()
    return "" if b"\0" in raw[:4096] else raw.decode("utf-8", errors="replace")


def lines_that_match(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Where a pattern stands: path, line number and the line."""
    return [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_path_of_one_machine() -> None:
    wrong = lines_that_match(MACHINE_PATH, files_of_the_project())
    assert not wrong, "\n".join(wrong)


def test_a_path_of_one_machine_would_be_found() -> None:
    assert MACHINE_PATH.search("open('/" + "home/anna/x.py')")
    assert not MACHINE_PATH.search("https://example.org/" + "home/anna")


def test_no_promises() -> None:
    wrong = lines_that_match(PROMISES, sources())
    assert not wrong, "\n".join(wrong)


def test_no_drawer_for_everything() -> None:
    drawers = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    assert not [path for path in sources() if path.name in drawers]


def test_every_module_says_what_it_is_for() -> None:
    mute = [
        p for p in sources() if text_of(p).strip() and not text_of(p).lstrip().startswith('"""')
    ]
    assert not mute


def test_annotations_are_never_evaluated() -> None:
    wanted = "from __future__ import annotations"
    # The launcher must be understood by Pythons that are too old, so that they can be told so.
    exempt = {"__init__.py", "launch.py"}
    assert not [p for p in sources() if p.name not in exempt and wanted not in text_of(p)]
