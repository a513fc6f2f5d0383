"""With hardly any memory, programs tell what they tell with plenty, or say what was dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worker.budget_runs import MEGA, NO_DISK, NO_LIMIT, compared, recorded

PROGRAMS = Path(__file__).resolve().parents[1] / "programs"
FOLDERS = ("aliases", "graphs", "writes", ".")
HARDLY_ANY = 1 << 15


def programs() -> list[str]:
    return [
        str(path.relative_to(PROGRAMS))
        for folder in FOLDERS
        for path in sorted((PROGRAMS / folder).glob("*.py"))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", programs())
def test_nothing_is_told_wrong(name: str, tmp_path: Path) -> None:
    """Everything that is not in use goes to disk at once, and is read from there."""
    program = (PROGRAMS / name).read_text()
    with recorded(program, tmp_path, NO_LIMIT, NO_DISK) as run:
        free = run.values()
    with recorded(program, tmp_path, HARDLY_ANY, 100 * MEGA) as run:
        tight = run.values()
    same, unkept, wrong = compared(tight, free)
    assert not wrong, "\n".join(wrong[:10])
    assert same >= unkept
