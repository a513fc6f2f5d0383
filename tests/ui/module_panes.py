"""The tree of modules at the end of a program, and all that is in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from explorer.model.training.modules import Branch
from explorer.ui.panes.modules import ModulesPane
from explorer.ui.session import Session
from tests.ui.running import running


def every(branch: Branch) -> list[Branch]:
    return [branch, *(one for child in branch.children for one in every(child))]


@contextmanager
def at_the_end(qtbot: QtBot, folder: Path, text: str) -> Iterator[tuple[Session, ModulesPane]]:
    """A pane that shows the modules at the last step of a program."""
    with running(qtbot, folder, text) as session:
        pane = ModulesPane(session)
        qtbot.addWidget(pane)
        pane.show()
        session.go(len(session.recording) - 1)
        yield session, pane
