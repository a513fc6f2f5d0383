"""The tensors pane over a small recording, and over ten thousand names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.model.card import Card
from explorer.model.moment import Moment
from explorer.model.recording import Recording
from explorer.protocol.recording import CardKind, FileMarked, Statement, StepChange, StepsRecorded
from explorer.protocol.running import Failed
from explorer.protocol.values import Brief, Briefs, ReadBriefs
from explorer.ui.panes.tensors import TensorsPane
from explorer.ui.session import Session
from explorer.ui.tensors.row import TITLES, Column, Row
from explorer.ui.tensors.row_words import grad_words, number_text, range_words
from explorer.ui.tensors.table import ROW_ROLE
from tests.ui.test_session import Pigeon, session_on

PLAIN = CardKind("Tensor", "float32", (3, 4), (4, 1), 0, 4, "cpu", "strided", False, True, "")


def kind(**changes: object) -> CardKind:
    return CardKind(**{**PLAIN.__dict__, **changes})


@pytest.fixture
def pigeon() -> Pigeon:
    return Pigeon()


@pytest.fixture
def pane(pigeon: Pigeon, qtbot: QtBot) -> Iterator[TensorsPane]:
    session = session_on(pigeon)
    made = TensorsPane(session)
    qtbot.addWidget(made)
    made.resize(1100, 300)
    made.show()
    made.session = session  # type: ignore[attr-defined]
    yield made


def session_of(pane: TensorsPane) -> Session:
    session = pane.session  # type: ignore[attr-defined]
    assert isinstance(session, Session)
    return session


def texts(pane: TensorsPane, column: Column) -> list[str]:
    table = pane.table
    return [str(table.index(row, column).data()) for row in range(table.rowCount())]


def row(pane: TensorsPane, place: int) -> Row:
    found = pane.table.index(place, 0).data(ROW_ROLE)
    assert isinstance(found, Row)
    return found


def test_the_table_shows_the_step(pane: TensorsPane) -> None:
    session = session_of(pane)
    assert pane.sentence.text() == ""
    session.look(Moment(4))
    assert texts(pane, Column.NAME) == ["x", "y"]
    assert texts(pane, Column.SHAPE) == ["3", "3"]
    assert texts(pane, Column.STORAGE) == ["A · 12 B", "B · 12 B"]
    assert pane.sentence.text() == "2 tensors in 2 storages, 24 B · changed here: y"
    session.go(8)
    assert texts(pane, Column.NAME) == ["x"]
    assert row(pane, 0).changed
    session.go(1)
    assert not row(pane, 0).changed
    session.go(-1)
    assert pane.table.rowCount() == 0


def test_choosing_a_row_looks_at_its_tensor_and_back(pane: TensorsPane, qtbot: QtBot) -> None:
    session = session_of(pane)
    session.look(Moment(4))
    with qtbot.waitSignal(session.moment_changed):
        pane.view.selectRow(1)
    assert (session.moment.name, session.moment.tensor) == ("y", 2)
    session.look(session.moment.on_tensor(1, "x"))
    assert pane.view.currentIndex().row() == 0
    session.go(2)
    assert not pane.view.currentIndex().isValid()


def test_filter_by_any_word_of_a_row(pane: TensorsPane) -> None:
    session_of(pane).look(Moment(4))
    pane.filter.setText("float32 y")
    assert texts(pane, Column.NAME) == ["y"]
    assert "1 of 2 tensors" in pane.sentence.text()
    pane.filter.setText("changed")
    assert texts(pane, Column.NAME) == ["y"]
    pane.filter.setText("nothing like it")
    assert pane.table.rowCount() == 0
    assert pane.empty.text() == "No tensor matches the filter."
    pane.filter.clear()
    assert texts(pane, Column.NAME) == ["x", "y"]


def test_sorting_up_down_and_back(pane: TensorsPane) -> None:
    session_of(pane).look(Moment(4))
    header = pane.view.horizontalHeader()
    header.sectionClicked.emit(Column.NAME)
    assert texts(pane, Column.NAME) == ["x", "y"]
    header.sectionClicked.emit(Column.NAME)
    assert texts(pane, Column.NAME) == ["y", "x"]
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    header.sectionClicked.emit(Column.NAME)
    assert texts(pane, Column.NAME) == ["x", "y"]
    assert not header.isSortIndicatorShown()


def test_ranges_are_asked_for_once_and_shown(
    pane: TensorsPane, pigeon: Pigeon, qtbot: QtBot
) -> None:
    session = session_of(pane)
    session.look(Moment(4))
    pane.grab()
    assert texts(pane, Column.RANGE) == ["…", "…"]
    qtbot.waitUntil(lambda: any(isinstance(sent, ReadBriefs) for sent, _ in pigeon.carried))
    (request, number) = next(c for c in pigeon.carried if isinstance(c[0], ReadBriefs))
    assert isinstance(request, ReadBriefs)
    assert [source.content for source in request.sources] == [1, 2]
    first = Brief(3, 0, 0, 0, 1.0, 10.0, (1, 0, 0, 0, 0, 0, 0, 2))
    session.answered(Briefs((first, Brief(3, 1, 2, 0, 0.5, 0.5))), number)
    assert texts(pane, Column.RANGE) == ["1 … 10", "0.5, 1 NaN, 2 Inf"]
    before = len(pigeon.carried)
    session.go(5)
    pane.grab()
    qtbot.wait(80)
    assert len(pigeon.carried) == before


def test_numbers_that_cannot_be_had_are_said_so(
    pane: TensorsPane, pigeon: Pigeon, qtbot: QtBot
) -> None:
    session = session_of(pane)
    session.look(Moment(0))
    pane.grab()
    qtbot.waitUntil(lambda: any(isinstance(sent, ReadBriefs) for sent, _ in pigeon.carried))
    number = pigeon.carried[-1][1]
    session.answered(Failed("They were dropped to stay within the budget.", "dropped"), number)
    assert texts(pane, Column.RANGE) == ["not known"]
    tip = pane.table.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "dropped to stay within the budget" in str(tip)


@pytest.mark.parametrize(
    ("card_kind", "grad", "words"),
    [
        (PLAIN, None, "–"),
        (kind(requires_grad=True), None, "leaf, none yet"),
        (kind(requires_grad=True), PLAIN, "leaf, .grad filled"),
        (kind(requires_grad=True, is_leaf=False, grad_fn="AddBackward0"), None, "AddBackward0"),
        (
            kind(requires_grad=True, is_leaf=False, grad_fn="Mul", flags=("retains_grad",)),
            None,
            "Mul, retains grad",
        ),
    ],
)
def test_grad_in_words(card_kind: CardKind, grad: CardKind | None, words: str) -> None:
    card = Card(1, card_kind, 1, 0, 0, 0, 0)
    assert grad_words(card, Card(2, grad, 2, 0, 0, 0, 0) if grad else None) == words


def test_ranges_in_words() -> None:
    card = Card(1, kind(shape=()), 1, 0, 0, 0, 0)
    empty = Card(1, kind(shape=(0, 3)), 1, 0, 0, 0, 0)
    assert range_words(empty, None) == "empty"
    meta = Card(1, kind(shape=(3,), device="meta"), 1, 0, 0, 0, 0)
    assert range_words(meta, Brief(sentence="It has none.")) == "no numbers, on meta"
    assert range_words(card, Brief(1, 0, 0, 0, 452.25, 452.25)) == "452.25"
    assert range_words(card, Brief(2, 2)) == "2 NaN"
    assert number_text(3.0) == "3"
    assert number_text(1e-9) == "1e-09"
    assert number_text(123456789) == "123456789"


def many(count: int) -> Recording:
    """One step that binds so many names, each to a tensor and a storage of its own."""
    made = Recording()
    made.file_marked(FileMarked(1, "a.py", (Statement(1, 1, 1, 1, "<module>", "rows = f()"),)))
    numbers = range(1, count + 1)
    change = StepChange(
        0,
        tuple((f"rows[{n}]", n) for n in numbers),
        tuple((n, 1, n, 0, 0, 0, 0) for n in numbers),
        tuple((n, n, 48, 0) for n in numbers),
    )
    columns = np.array([[1], [0], [0]], dtype="<i4").tobytes()
    made.steps_recorded(StepsRecorded(0, 1, columns, kinds=(PLAIN,), changes=(change,)))
    return made


def test_ten_thousand_names(pane: TensorsPane) -> None:
    session = session_of(pane)
    session.recording = many(10_000)
    session.grew(at_once=True)
    session.look(Moment(0, name="rows[7777]"))
    assert pane.table.rowCount() == 10_000
    assert pane.view.currentIndex().row() == 7776
    pane.grab()
    pane.filter.setText("rows[99")
    assert pane.table.rowCount() == 111
    assert len(TITLES) == len(Column)
