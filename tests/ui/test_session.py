"""The session: one moment for all, answers delivered once and never late."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.protocol.running import Cancel, Done, Failed, ReadDevices
from explorer.ui.session import Session
from tests.model.test_recording import finished


class Pigeon:
    """Remembers what it was given to carry."""

    def __init__(self, flies: bool = True) -> None:
        self.carried: list[tuple[object, int]] = []
        self.flies = flies

    def carry(self, request: object, number: int) -> bool:
        self.carried.append((request, number))
        return self.flies


def session_on(pigeon: Pigeon) -> Session:
    session = Session()
    session.begin("a.py", pigeon)
    session.recording = finished()
    return session


def test_the_tensor_follows_its_name_from_step_to_step(qtbot: QtBot) -> None:
    session = session_on(Pigeon())
    session.look(Moment(step=4, name="y"))
    assert session.moment.tensor == 2
    session.go(1)
    assert (session.moment.name, session.moment.tensor) == ("y", 0)
    session.go(7)
    assert session.moment.tensor == 2


def test_a_pinned_tensor_stays(qtbot: QtBot) -> None:
    session = session_on(Pigeon())
    session.look(Moment(step=5).on_tensor(4, "gradient into Mean", pinned=True))
    session.go(6)
    assert session.moment.tensor == 4


def test_a_moment_is_told_once_and_kept_inside_the_recording(qtbot: QtBot) -> None:
    session = session_on(Pigeon())
    seen: list[Moment] = []
    session.moment_changed.connect(seen.append)
    session.go(3)
    session.go(3)
    session.go(99)
    session.go(-99)
    assert [moment.step for moment in seen] == [3, 8, -1]


def test_an_answer_comes_once_and_a_cancelled_one_never(qtbot: QtBot) -> None:
    pigeon = Pigeon()
    session = session_on(pigeon)
    heard: list[object] = []
    first = session.ask(ReadDevices(), heard.append)
    second = session.ask(ReadDevices(), heard.append)
    session.cancel(second)
    for number in (first, first, second, 77):
        session.answered(Done(), number)
    assert heard == [Done()]
    assert pigeon.carried[-1] == (Cancel(second), 0)


def test_an_answer_to_an_earlier_run_is_dropped(qtbot: QtBot) -> None:
    session = session_on(Pigeon())
    heard: list[object] = []
    number = session.ask(ReadDevices(), heard.append)
    session.begin("b.py", Pigeon())
    session.answered(Done(), number)
    assert heard == []


def test_nothing_reaches_an_owner_that_is_gone(qtbot: QtBot) -> None:
    session = session_on(Pigeon())
    heard: list[object] = []
    owner = QObject()
    number = session.ask(ReadDevices(), heard.append, owner=owner)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not _alive(owner))
    session.answered(Done(), number)
    assert heard == []


def _alive(owner: QObject) -> bool:
    from shiboken6 import isValid

    return bool(isValid(owner))


def test_without_a_worker_the_question_fails_in_a_sentence(qtbot: QtBot) -> None:
    heard: list[Failed] = []
    assert Session().ask(ReadDevices(), heard.append) == 0
    assert "press Run" in heard[0].sentence


def test_a_lost_worker_fails_what_was_asked_and_keeps_the_recording(qtbot: QtBot) -> None:
    session = session_on(Pigeon())
    answers: list[object] = []
    failures: list[Failed] = []
    session.ask(ReadDevices(), answers.append, failures.append)
    session.courier_lost("The worker was killed.")
    assert (answers, failures[0].reason) == ([], "gone")
    assert session.run.state == "lost"
    assert len(session.recording) == 9
    session.ask(ReadDevices(), answers.append, failures.append)
    assert "run the program again" in failures[1].sentence
