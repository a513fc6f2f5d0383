"""Random programs: the recording equals what the oracle saw."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.worker import random_functions
from tests.worker.both_ways import compared, in_words
from tests.worker.random_programs import program
from tests.worker.random_statements import PIECES

QUICK = 10
SLOW = 2010
FUNCTIONS = 510
AT_ONCE = 50


def _differences(
    seeds: range, python: str, folder: Path, made: Callable[[int], str] = program
) -> list[str]:
    """What is wrong with the recordings of the programs ``made`` of these seeds, in words."""
    wrong = []
    for seed in seeds:
        path = folder / f"random_{seed}.py"
        path.write_text(made(seed))
        comparison = compared(path, python, folder)
        if comparison.differences:
            wrong.append(f"seed {seed}: {in_words(comparison, 3)}")
        else:
            assert comparison.statements, f"seed {seed} did nothing"
            path.unlink()
    return wrong


def test_a_seed_gives_the_same_program_again() -> None:
    assert program(5) == program(5)
    assert program(5) != program(6)


def test_programs_are_varied() -> None:
    texts = [program(seed) for seed in range(40)]
    kinds = {type(node).__name__ for text in texts for node in ast.walk(ast.parse(text))}
    assert {"For", "While", "If", "Try", "With", "FunctionDef", "Break", "Delete"} <= kinds
    for call in ("backward(", ".view(", "add_(", "numpy()", "rows", ".set_(", "grad", "out="):
        assert any(call in text for text in texts), call
    assert len(PIECES) == 9


@pytest.mark.parametrize("seed", range(QUICK))
def test_recording_of_a_random_program(seed: int, python: str, tmp_path: Path) -> None:
    wrong = _differences(range(seed, seed + 1), python, tmp_path)
    assert not wrong, wrong[0]


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, SLOW, AT_ONCE))
def test_recordings_of_many_random_programs(first: int, python: str, tmp_path: Path) -> None:
    wrong = _differences(range(first, first + AT_ONCE), python, tmp_path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", range(QUICK))
def test_recording_of_random_functions(seed: int, python: str, tmp_path: Path) -> None:
    wrong = _differences(range(seed, seed + 1), python, tmp_path, random_functions.program)
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, FUNCTIONS, AT_ONCE))
def test_recordings_of_many_random_functions(first: int, python: str, tmp_path: Path) -> None:
    seeds = range(first, first + AT_ONCE)
    wrong = _differences(seeds, python, tmp_path, random_functions.program)
    assert not wrong, "\n".join(wrong)
