"""With hardly any memory, programs tell what they tell with plenty, or say what was dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.budget_runs import MEGA, NO_DISK, NO_LIMIT, compared, recorded

PROGRAMS = Path(__file__).resolve().parents[1] / "programs"
FOLDERS = ("aliases", "graphs", "writes", ".")
HARDLY_ANY, NONE = 1 << 15, 1
"""Bytes: what is not in use is written to disk at once; what is in use, too."""


def programs() -> list[str]:
    return [
        str(path.relative_to(PROGRAMS))
        for folder in FOLDERS
        for path in sorted((PROGRAMS / folder).glob("*.py"))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", programs())
def test_nothing_is_told_wrong(name: str, tmp_path: Path) -> None:
    program = (PROGRAMS / name).read_text()
    with recorded(program, tmp_path, NO_LIMIT, NO_DISK) as run:
        free, unsure = run.values(), run.uncertain()
    for budget in (HARDLY_ANY, NONE):
        with recorded(program, tmp_path, budget, 100 * MEGA) as run:
            tight, doubted = run.values(), run.uncertain() - unsure
        for place in doubted:
            tight[place] = "perhaps changed unseen"
        same, unkept, wrong = compared(tight, free)
        assert not wrong, "\n".join(wrong[:10])
        assert budget == NONE or same >= unkept
