"""The output pane: streams apart, the step of each line, a hundred megabytes, and input."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.protocol.running import OutputPrinted
from explorer.ui.panes.output import MOST_AT_ONCE, OutputPane
from explorer.ui.session import Session
from explorer.ui.theme import theme
from explorer.ui.widgets.output_text import LONGEST_LINE
from tests.ui.test_session import Pigeon, session_on


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    yield session_on(Pigeon())


@pytest.fixture
def pane(session: Session, qtbot: QtBot) -> Iterator[OutputPane]:
    made = OutputPane(session)
    qtbot.addWidget(made)
    made.resize(500, 240)
    made.show()
    session.grew(at_once=True)
    yield made


def say(session: Session, text: str, stream: str = "stdout", step: int = 0) -> None:
    session.printed(OutputPrinted(step, stream, text))


def shown(pane: OutputPane, qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: pane.text.toPlainText() == text)


def test_streams_are_told_apart(session: Session, pane: OutputPane, qtbot: QtBot) -> None:
    say(session, "one\n")
    say(session, "two", "stderr", 1)
    say(session, "\n", "stderr", 1)
    shown(pane, qtbot, "one\ntwo\n")
    cursor = QTextCursor(pane.text.document())
    cursor.setPosition(2)
    assert cursor.charFormat().foreground().color() == theme().text
    cursor.setPosition(6)
    assert cursor.charFormat().foreground().color() == theme().error


def test_each_line_knows_its_step(session: Session, pane: OutputPane, qtbot: QtBot) -> None:
    for step in (0, 0, 2, 3):
        say(session, f"at {step}\n", step=step)
    shown(pane, qtbot, "at 0\nat 0\nat 2\nat 3\n")
    blocks = [pane.text.document().findBlockByNumber(n).userState() for n in range(4)]
    assert blocks == [0, 0, 2, 3]
    session.look(Moment(2))
    tinted = [s.cursor.selectedText() for s in pane.text.extraSelections()]
    assert tinted == ["at 2", "at 3\u2029"]
    place = pane.text.cursorRect(QTextCursor(pane.text.document().findBlockByNumber(3)))
    with qtbot.waitSignal(pane.step_clicked) as told:
        QTest.mouseClick(
            pane.text.viewport(), Qt.MouseButton.LeftButton, pos=place.center() + QPoint(4, 0)
        )
    assert told.args == [3]


def test_what_is_printed_after_the_last_step_began_belongs_to_it(
    session: Session, pane: OutputPane, qtbot: QtBot
) -> None:
    session.tell("ended")
    last = len(session.recording) - 1
    say(session, "before\n", step=last - 1)
    say(session, "Traceback\n", "stderr", step=last + 1)
    shown(pane, qtbot, "before\nTraceback\n")
    session.look(Moment(last))
    assert [s.cursor.selectedText() for s in pane.text.extraSelections()] == ["Traceback\u2029"]
    assert pane._step_label(last + 1) == session.recording.steps.label(last)
    session.go(last - 1)
    assert pane.text.extraSelections()[-1].format.foreground().color() == theme().faint


def test_a_line_of_a_traceback_tells_its_place(
    session: Session, pane: OutputPane, qtbot: QtBot
) -> None:
    say(session, '  File "/tmp/ä b.py", line 12, in f\n', "stderr")
    qtbot.waitUntil(lambda: "line 12" in pane.text.toPlainText())
    with qtbot.waitSignal(pane.place_clicked) as told:
        QTest.mouseClick(pane.text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 8))
    assert told.args == ["/tmp/ä b.py", 12]


def test_carriage_returns_and_escapes(session: Session, pane: OutputPane, qtbot: QtBot) -> None:
    say(session, "10%\r20%")
    say(session, "\r100%\n\x1b[31mred\x1b[0m\0\r\n")
    shown(pane, qtbot, "100%\nred␀\n")


def test_a_hundred_megabytes(session: Session, pane: OutputPane, qtbot: QtBot) -> None:
    piece = ("x" * 99 + "\n") * 10_000
    for number in range(100):
        say(session, piece, step=number % 8)
    say(session, "end\n")
    qtbot.waitUntil(lambda: pane.text.toPlainText().endswith("end\n"))
    text = pane.text.toPlainText()
    assert len(text) < 3 * MOST_AT_ONCE
    assert "characters are left out here" in text


def test_an_endless_line_is_cut(session: Session, pane: OutputPane, qtbot: QtBot) -> None:
    say(session, "y" * 150_000)
    say(session, "z" * 10 + "\nnext\n", step=1)
    qtbot.waitUntil(lambda: pane.text.toPlainText().endswith("next\n"))
    first = pane.text.toPlainText().split("\n")[0]
    assert LONGEST_LINE <= len(first) <= LONGEST_LINE + 4
    assert first.endswith(" …")


def test_the_program_asks_and_is_answered(session: Session, pane: OutputPane, qtbot: QtBot) -> None:
    say(session, "name? ")
    assert pane.input.isHidden() or not pane.input.isVisible()
    session.tell("waiting")
    qtbot.waitUntil(pane.input.isVisible)
    pane.input.setText("Ada")
    with qtbot.waitSignal(pane.input_given) as told:
        QTest.keyClick(pane.input, Qt.Key.Key_Return)
    assert told.args == ["Ada\n"]
    assert pane.text.toPlainText() == "name? Ada\n"
    session.tell("running")
    assert not pane.input.isVisible()


def test_another_run_begins_with_an_empty_page(
    session: Session, pane: OutputPane, qtbot: QtBot
) -> None:
    say(session, "old\n")
    shown(pane, qtbot, "old\n")
    session.begin("b.py", Pigeon())
    assert pane.text.toPlainText() == ""
