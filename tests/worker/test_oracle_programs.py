"""The recording of every program equals what the oracle saw: zero differences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.both_ways import PROGRAMS, compared, in_words, programs_in

LESSONS = PROGRAMS.parents[1] / "resources" / "lessons"
WITHOUT_PROGRAMS = ("01", "18", "19", "20", "21")
"""Items of the chapter of which the lesson is the program."""
FOLDERS = ("statements", "writes", "graphs")
WITHOUT_TENSORS = {"statements/processes.py"}


def _named(programs: list[Path]) -> list[str]:
    return [str(program.relative_to(PROGRAMS)) for program in programs]


OF_THE_CHAPTER = _named(programs_in(pattern="chapter_*.py"))
OF_THE_RECORDER = [name for folder in FOLDERS for name in _named(programs_in(folder))]


def test_there_are_programs_for_everything() -> None:
    items = {name.split("_")[1] for name in OF_THE_CHAPTER}
    assert items == {f"{item:02}" for item in range(2, 18)}
    assert len(OF_THE_RECORDER) >= 60


@pytest.mark.parametrize("name", [*OF_THE_CHAPTER, *OF_THE_RECORDER])
def test_recording_equals_what_was_there(
    name: str, python: str, python_ready: str, tmp_path: Path
) -> None:
    comparison = compared(PROGRAMS / name, python, tmp_path, python_ready)
    assert not comparison.differences, in_words(comparison)
    assert comparison.statements > 3
    assert comparison.tensors > 0 or name in WITHOUT_TENSORS


@pytest.mark.parametrize("item", WITHOUT_PROGRAMS)
def test_the_recording_of_a_lesson_equals_what_was_there(
    item: str, python_ready: str, tmp_path: Path
) -> None:
    (lesson,) = LESSONS.glob(f"{item}_*.py")
    comparison = compared(lesson, python_ready, tmp_path)
    assert not comparison.differences, in_words(comparison)
    assert comparison.statements >= 15
    assert comparison.tensors > 20
