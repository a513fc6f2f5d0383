"""A program cannot tell that it is recorded: same output, same errors, same exit code."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.worker.both_ways import PROGRAMS, programs_in
from tests.worker.outcomes import plain, recorded

GIVEN = "a line\nand another one\n"
BEGIN_READY = {
    f"invisible/{name}.py" for name in ("autograd_freed", "modes", "modes_nested", "profilers")
}
"""Programs that begin with ``torch._dynamo`` imported, as plain ones and recorded; the others that
have it imported on the way, each in its own, do so here as well."""
FOLDERS = ("invisible", "statements", "writes", "graphs")


def _names(folder: str) -> list[str]:
    return [str(program.relative_to(PROGRAMS)) for program in programs_in(folder)]


def _differs(name: str, plain_python: str, worker_python: str, folder: Path) -> None:
    program = PROGRAMS / name
    expected = plain(program, plain_python, GIVEN)
    got = recorded(program, worker_python, folder, GIVEN)
    assert got.stdout == expected.stdout
    assert got.stderr == expected.stderr
    assert got.code == expected.code


@pytest.mark.parametrize("name", _names("invisible"))
def test_program_shows_the_same(name: str, python: str, python_ready: str, tmp_path: Path) -> None:
    begun = python_ready if name in BEGIN_READY else python
    _differs(name, begun, begun, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for folder in FOLDERS for name in _names(folder)])
def test_program_shows_the_same_in_fresh_processes(name: str, tmp_path: Path) -> None:
    _differs(name, sys.executable, sys.executable, tmp_path)
