"""Every lesson runs with plain Python, and the index speaks of what is there."""

from __future__ import annotations

import ast
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

LESSONS = Path(__file__).resolve().parents[2] / "resources" / "lessons"
INDEX: list[dict[str, Any]] = tomllib.loads((LESSONS / "index.toml").read_text("utf-8"))["lesson"]
FILES = [lesson["file"] for lesson in INDEX]


def test_the_index_names_every_lesson_once_and_in_order() -> None:
    assert sorted(path.name for path in LESSONS.glob("*.py")) == FILES
    assert [lesson["item"] for lesson in INDEX] == list(range(22))
    assert len({lesson["title"] for lesson in INDEX}) == len(INDEX)


@pytest.mark.parametrize("lesson", INDEX, ids=FILES)
def test_what_to_look_at_is_one_line_of_the_program(lesson: dict[str, Any]) -> None:
    lines = (LESSONS / lesson["file"]).read_text(encoding="utf-8").splitlines()
    assert lesson["look"]
    for look in lesson["look"]:
        found = [line for line in lines if line.strip().startswith(look["at"])]
        assert len(found) == 1, f"{look['at']!r} begins {len(found)} lines"
        assert look["see"].endswith(".")


@pytest.mark.parametrize("name", FILES)
def test_a_lesson_opens_with_what_it_teaches(name: str) -> None:
    docstring = ast.get_docstring(ast.parse((LESSONS / name).read_text(encoding="utf-8")))
    assert docstring is not None
    assert len(docstring.splitlines()) >= 6
    assert max(map(len, docstring.splitlines())) <= 84


WITHOUT_WARNINGS = """
import runpy, sys, warnings
warnings.simplefilter("error")
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("name", FILES)
def test_a_lesson_runs_without_a_warning(
    name: str, python: str, python_ready: str, tmp_path: Path
) -> None:
    begun = python if name == FILES[-1] else python_ready  # it imports what an optimizer needs
    starter, folder = tmp_path / "starter.py", tmp_path / "empty"
    starter.write_text(WITHOUT_WARNINGS)
    folder.mkdir()
    process = subprocess.run(
        [begun, str(starter), str(LESSONS / name)],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.strip()
    assert list(folder.iterdir()) == []
