"""A statement that fails is told where it failed: before what runs while its exception is on its
way, once, and again only when it is raised again."""

from __future__ import annotations

import re
from pathlib import Path

from explorer.cli.steps import StepsOptions, run_recorded
from explorer.cli.worker_client import WorkerClient
from tests.worker.both_ways import PROGRAMS, recorded

PROGRAM = PROGRAMS / "statements" / "on_the_way_out.py"
_ORDER = re.compile(r"  # ([\d! ]+)$")


def _expected() -> list[str]:
    found: dict[int, str] = {}
    for number, line in enumerate(PROGRAM.read_text().splitlines(), 1):
        order = _ORDER.search(line)
        for place in order[1].split() if order else ():
            found[int(place.rstrip("!"))] = f"{number}{'!' * place.endswith('!')}"
    return [found[place] for place in sorted(found)]


def test_failing_statements_stand_before_what_runs_on_the_way_out(python_ready: str) -> None:
    expected = _expected()
    lines = {one.rstrip("!") for one in expected}
    told = [
        f"{record['line']}{'!' * (record['kind'] == 'error')}"
        for record in recorded(PROGRAM, python_ready)
    ]
    assert [one for one in told if one.rstrip("!") in lines] == expected


OVERTAKEN = """
import contextlib
with contextlib.suppress(NameError):
    try:
        caught_elsewhere
    finally:
        pass
try:
    try:
        handled
    except NameError:
        overtaken
    finally:
        passed = 1
finally:
    ends_it
"""


def test_what_an_exception_overtakes_was_caught_by_nobody(
    python_ready: str, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(OVERTAKEN)
    client = WorkerClient(python_ready)
    try:
        steps = run_recorded(client, StepsOptions(str(program))).recording.steps
    finally:
        client.close()
    told = {steps.statement_at(step).code: error.caught for step, error in steps.errors.items()}
    assert told == {
        "caught_elsewhere": True,
        "handled": True,
        "overtaken": False,
        "ends_it": False,
    }
    assert steps.errors_told == 5
