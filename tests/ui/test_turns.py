"""Who follows the moment: at once where a pane stands alone, one in a turn inside a window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.ui.session import Session
from tests.ui.test_session import Pigeon, session_on


class Follower(QObject):
    """Notes at which step it followed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.steps: list[int] = []

    def follow(self) -> None:
        self.steps.append(self._session.moment.step)


class Pane(QWidget):
    """The same, and can be seen."""

    def __init__(self, heard: list[str], name: str) -> None:
        super().__init__()
        self._heard, self._name = heard, name

    def follow(self) -> None:
        self._heard.append(self._name)


@pytest.fixture
def session() -> Session:
    return session_on(Pigeon())


def test_alone_everyone_follows_at_once(qtbot: QtBot, session: Session) -> None:
    one = Follower(session)
    session.turns.on_moment(one.follow)
    session.go(3)
    session.go(4)
    assert one.steps == [3, 4]


def test_shared_each_has_a_turn_and_sees_the_last_moment(qtbot: QtBot, session: Session) -> None:
    session.turns.shared = True
    followers = [Follower(session) for _ in range(3)]
    for one in followers:
        session.turns.on_moment(one.follow)
    session.go(3)
    session.go(4)
    assert (session.pending, [one.steps for one in followers]) == (3, [[], [], []])
    QCoreApplication.processEvents()
    assert sum(bool(one.steps) for one in followers) <= 1
    qtbot.waitUntil(lambda: session.pending == 0)
    assert [one.steps for one in followers] == [[4], [4], [4]]


def test_what_is_seen_comes_first(qtbot: QtBot, session: Session) -> None:
    session.turns.shared = True
    heard: list[str] = []
    hidden, seen = Pane(heard, "hidden"), Pane(heard, "seen")
    for pane in (hidden, seen):
        qtbot.addWidget(pane)
        session.turns.on_moment(pane.follow)
    seen.show()
    session.go(3)
    qtbot.waitUntil(lambda: session.pending == 0)
    assert heard == ["seen", "hidden"]


def test_moment_and_recording_in_one_turn(qtbot: QtBot, session: Session) -> None:
    session.turns.shared = True
    one = Follower(session)
    session.turns.on_moment(one.follow)
    session.turns.on_recording(one.follow)
    session.go(3)
    session.grew(at_once=True)
    qtbot.waitUntil(lambda: session.pending == 0)
    assert one.steps == [3]


def test_nobody_waits_when_another_run_begins(qtbot: QtBot, session: Session) -> None:
    session.turns.shared = True
    one = Follower(session)
    session.turns.on_recording(one.follow)
    session.go(3)
    session.begin("b.py", Pigeon())
    assert one.steps == [-1]
    assert session.pending == 0


def test_who_is_gone_is_not_called(qtbot: QtBot, session: Session) -> None:
    heard: list[str] = []
    pane = Pane(heard, "gone")
    session.turns.on_moment(pane.follow)
    pane.deleteLater()
    qtbot.wait(10)
    session.go(3)
    assert heard == []
