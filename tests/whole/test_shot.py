"""``tensor-explorer shot`` and the words of the command line, as commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from explorer.cli.arguments import WrongUsage, parse
from explorer.ui.theme import DARK, LIGHT
from explorer.version import VERSION

PROGRAM = "import torch\nx = torch.ones(3, 4)\nx[0] *= 10\nprint(x.sum())\n"


def command(*words: str, display: bool = False) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    if not display:
        variables.pop("DISPLAY", None)
        variables.pop("WAYLAND_DISPLAY", None)
    return subprocess.run(
        [sys.executable, "-m", "explorer", *words],
        cwd=Path(__file__).resolve().parents[2],
        env=variables,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_text(PROGRAM)
    return path


def share(picture: QImage, colour: str) -> float:
    """Share of the picture's pixels that have this colour."""
    hits = sum(
        picture.pixelColor(x, y).name() == colour
        for y in range(0, picture.height(), 5)
        for x in range(0, picture.width(), 5)
    )
    return hits / (picture.width() // 5 * (picture.height() // 5))


def test_a_picture_of_the_window(program: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    done = command("shot", str(program), "-o", str(out), "--at", "3", "--tensor", "x")
    assert (done.returncode, done.stderr) == (0, "")
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (1600, 1000)
    assert share(picture, LIGHT.background.name()) > 0.5
    assert share(picture, LIGHT.current_line.name()) > 0.002


def test_a_picture_of_one_pane_of_a_program_that_raises(program: Path, tmp_path: Path) -> None:
    program.write_text(PROGRAM + "1 / 0\n")
    out = tmp_path / "b.png"
    words = ("--pane", "Tensors", "--size", "640x300", "--theme", "dark")
    done = command("shot", str(program), "-o", str(out), *words)
    assert (done.returncode, done.stderr) == (1, "")
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (640, 300)
    assert share(picture, DARK.background.name()) > 0.4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--at", "99"), "There is no step 99; the program has 4 steps."),
        (("--tensor", "q"), "No name q leads to a tensor at this step; the names are: x."),
        (("--pane", "sky"), "There is no pane sky; there are editor, timeline"),
        (("--python", "/no/python"), "/no/python"),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(
    program: Path, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    out = tmp_path / "c.png"
    done = command("shot", str(program), "-o", str(out), *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert not out.exists()


def test_no_display_and_version() -> None:
    done = command()
    assert done.returncode == 2
    assert "There is no display" in done.stderr
    done = command("--version")
    assert done.returncode == 0
    assert done.stdout.startswith(f"tensor-explorer {VERSION}")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["steps"], "required: FILE"),
        (["steps", "/no/file.py"], "there is no file /no/file.py"),
        (["steps", "/"], "is a folder, not a program"),
        (["shot", "a.py"], "-o/--out"),
        (["shot", __file__, "-o", "x", "--size", "big"], "no size such as 1600x1000"),
        (["steps", __file__, "--values", "-3"], "no number of values"),
        (["a.py", "b.py"], "unrecognized arguments: b.py"),
        (["a.py", "--", "x"], "belong to steps or shot"),
    ],
)
def test_wrong_usage_is_one_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(WrongUsage) as told:
        parse(words)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_arguments_of_the_program_stand_behind_two_dashes() -> None:
    found = parse(["steps", __file__, "--at", "6.2", "--json", "--", "--at", "7"])
    assert (found.command, found.at, found.json) == ("steps", "6.2", True)
    assert found.program_arguments == ("--at", "7")
    assert parse(["x.py", "--python", "/p"]).python == "/p"
    assert parse([]).command == "window"


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parse(["--help"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    for word in ("steps", "shot", "--python", "--at 6.2"):
        assert word in text
