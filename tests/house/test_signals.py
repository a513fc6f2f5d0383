"""Only the session says what changed."""

from __future__ import annotations

import re

from explorer.ui.session import Session
from tests.conftest import REPOSITORY


def test_only_the_session_emits_its_signals() -> None:
    names = [name for name in vars(Session) if name.endswith(("_changed", "_printed", "noted"))]
    assert len(names) >= 6
    emits = re.compile(rf"session\.({'|'.join(names)})(\.emit|\))")
    told = re.compile(rf"\.({'|'.join(names)})\.connect")
    wrong = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in (REPOSITORY / "explorer").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if emits.search(line) and not told.search(line)
    ]
    assert not wrong
