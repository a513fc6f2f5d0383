"""The console: evaluates at the moment looked at, remembers, and knows when a text is whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.protocol.console import Evaluate, Evaluated
from explorer.protocol.running import Failed
from explorer.ui.panes.console import ConsolePane
from explorer.ui.session import Session
from explorer.ui.widgets.console_input import is_whole
from tests.ui.test_session import Pigeon, session_on


@pytest.fixture
def pigeon() -> Pigeon:
    return Pigeon()


@pytest.fixture
def session(pigeon: Pigeon, qtbot: QtBot) -> Iterator[Session]:
    yield session_on(pigeon)


@pytest.fixture
def pane(session: Session, qtbot: QtBot) -> Iterator[ConsolePane]:
    made = ConsolePane(session)
    qtbot.addWidget(made)
    made.show()
    yield made


def asked(pigeon: Pigeon) -> list[tuple[Evaluate, int]]:
    return [(sent, n) for sent, n in pigeon.carried if isinstance(sent, Evaluate)]


def test_an_expression_is_asked_at_the_moment(
    pane: ConsolePane, session: Session, pigeon: Pigeon
) -> None:
    session.look(Moment(6))
    assert pane.where.text() == "at 6.2"
    QTest.keyClicks(pane.input, "x.grad is None")
    QTest.keyClick(pane.input, Qt.Key.Key_Return)
    (request, number), *_ = asked(pigeon)
    assert (request.step, request.text) == (6, "x.grad is None")
    (known,) = request.tensors
    assert (known.path, known.source.content) == ("x", 1)
    assert known.grad is not None
    session.answered(Evaluated("True\n"), number)
    assert pane.text.toPlainText() == "› x.grad is None\nTrue\n"
    assert pane.input.toPlainText() == ""


def test_errors_and_refusals_are_shown(pane: ConsolePane, session: Session, pigeon: Pigeon) -> None:
    pane.evaluate("1/0")
    session.answered(Evaluated("ZeroDivisionError: division by zero", raised=True), 1)
    pane.evaluate("y")
    session.answered(Failed("The program is still running."), 2)
    text = pane.text.toPlainText()
    assert "ZeroDivisionError" in text
    assert "still running" in text


def test_arrows_walk_through_what_was_typed(pane: ConsolePane) -> None:
    for text in ("a", "b"):
        pane.input.enter(text)
    QTest.keyClicks(pane.input, "dra")
    for key, shown in (
        (Qt.Key.Key_Up, "b"),
        (Qt.Key.Key_Up, "a"),
        (Qt.Key.Key_Up, "a"),
        (Qt.Key.Key_Down, "b"),
        (Qt.Key.Key_Down, "dra"),
    ):
        QTest.keyClick(pane.input, key)
        assert pane.input.toPlainText() == shown


def test_a_block_goes_on_until_an_empty_line(pane: ConsolePane, pigeon: Pigeon) -> None:
    QTest.keyClicks(pane.input, "for i in x:")
    QTest.keyClick(pane.input, Qt.Key.Key_Return)
    assert asked(pigeon) == []
    assert pane.input.toPlainText() == "for i in x:\n    "
    QTest.keyClicks(pane.input, "print(i)")
    QTest.keyClick(pane.input, Qt.Key.Key_Return)
    assert asked(pigeon) == []
    pane.input.setPlainText("for i in x:\n    print(i)\n")
    QTest.keyClick(pane.input, Qt.Key.Key_Return)
    assert asked(pigeon)[0][0].text == "for i in x:\n    print(i)\n"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("x", True),
        ("x = (1,", False),
        ("if x:", False),
        ("if x:\n    y", False),
        ("if x:\n    y\n", True),
        ("x y z", True),
        ("'''abc", False),
    ],
)
def test_what_is_whole(text: str, whole: bool) -> None:
    assert is_whole(text) is whole
