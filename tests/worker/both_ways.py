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

IMPORT_ON_THE_WAY = {
    "graphs/checkpointing.py",
    "graphs/functional_transforms.py",
    "graphs/network.py",
    "writes/compiled.py",
    "writes/optimizers.py",
    "writes/transforms.py",
}
"""Programs during which torch imports ``torch._dynamo``, each in another way, while they are
recorded: at a checkpoint, a transform, an optimizer, a compiled function. The others begin with it
imported: it takes ten times as long as all else that they do, and is the same each time."""


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


def compared(program: Path, python: str, folder: Path, ready: str = "") -> Comparison:
    """Both tellings of a program, compared tensor by tensor, step by step; with ``ready``, the
    oracle and most programs run in that Python."""
    named = str(program.relative_to(PROGRAMS)) if program.is_relative_to(PROGRAMS) else ""
    worker = python if named in IMPORT_ON_THE_WAY else ready or python
    return Comparison(recorded(program, worker), observed(program, ready or python, folder)).run()


def one_thread() -> dict[str, Any]:
    """The environment with one thread for torch, so that sums are made in one order."""
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def in_words(comparison: Comparison, most: int = 15) -> str:
    """The differences as a test prints them."""
    found = comparison.differences
    told = "\n".join(found[:most])
    return f"{len(found)} differences:\n{told}" if found else ""
