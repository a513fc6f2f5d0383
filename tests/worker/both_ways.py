"""Runs a program under the recorder and under the oracle, and hands out what each one tells."""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from explorer.cli.steps import StepsOptions, print_steps
from tests.worker.comparing import Comparison, Record

PROGRAMS = Path(__file__).resolve().parents[1] / "programs"
ORACLE = Path(__file__).resolve().parent / "oracle.py"
ALL_VALUES = 1_000_000


def programs_in(folder: str = "", pattern: str = "*.py") -> list[Path]:
    """The programs of one folder of tests/programs; those with a leading underscore are imported
    by others and do not stand alone."""
    found = sorted((PROGRAMS / folder).glob(pattern))
    return [path for path in found if not path.name.startswith("_")]


def recorded(program: Path, python: str) -> list[Record]:
    """What ``steps FILE --json`` tells, with all values."""
    out = io.StringIO()
    print_steps(StepsOptions(str(program), json=True, values=ALL_VALUES, python=python), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def observed(program: Path, python: str, folder: Path, what: str = "statements") -> list[Record]:
    """What the oracle saw: ``statements`` or ``nodes``.

    Raises:
        RuntimeError: when the oracle itself fails; the program may end as it likes.
    """
    result = folder / f"{program.stem}.{what}.jsonl"
    result.unlink(missing_ok=True)
    command = [python, str(ORACLE), what, str(program), str(result)]
    done = subprocess.run(command, capture_output=True, text=True, env=one_thread(), check=False)
    if done.returncode < 0 or not result.exists():
        raise RuntimeError(f"The oracle ended with {done.returncode}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in result.read_text().splitlines()]


def compared(program: Path, python: str, folder: Path) -> Comparison:
    """Both tellings of a program, compared tensor by tensor, step by step."""
    return Comparison(recorded(program, python), observed(program, python, folder)).run()


def one_thread() -> dict[str, Any]:
    """The environment with one thread for torch, so that sums are made in one order."""
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def in_words(comparison: Comparison, most: int = 15) -> str:
    """The differences as a test prints them."""
    found = comparison.differences
    told = "\n".join(found[:most])
    return f"{len(found)} differences:\n{told}" if found else ""
