"""Where there is little room, words are left out whole, and nothing is painted over another."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.ui.panes.layout import LayoutPane
from explorer.ui.panes.lesson import EMPTY, LessonPane
from explorer.ui.panes.tensors import TensorsPane
from explorer.ui.panes.values import ValuesPane
from explorer.ui.panes.weights import WeightsPane
from explorer.ui.resources import resource
from explorer.ui.session import Session
from explorer.ui.tensors.row import Column
from explorer.ui.theme import LIGHT, mono_font
from explorer.ui.widgets.editor.line_decorations import LineNote
from explorer.ui.widgets.editor.line_overlay import fitting_words
from explorer.ui.widgets.laid_out import LaidOut
from explorer.ui.widgets.output_text import OutputText
from explorer.ui.widgets.storage.strip_painting import SHADES, track_colour
from explorer.ui.widgets.timeline_dots import shortened
from tests.ui.running import running, step_on
from tests.ui.windows import windows


@pytest.mark.parametrize(
    ("note", "letters", "shown"),
    [
        (LineNote("not run yet", role="faint"), 11, "not run yet"),
        (LineNote("not run yet", role="faint"), 10, ""),
        (LineNote("f32[3, 4] leaf", short="f32[3, 4]"), 13, "f32[3, 4]"),
        (LineNote("f32[3, 4] leaf", short="f32[3, 4]"), 8, ""),
        (LineNote("ValueError: all is lost here", role="error"), 22, "ValueError: all is …"),
        (LineNote("ValueError: all is lost here", role="error"), 5, ""),
        (
            LineNote("ValueError: all lost", role="error", short="ValueError"),
            17,
            "ValueError: all …",
        ),
        (LineNote("ValueError: all lost", role="error", short="ValueError"), 12, "ValueError"),
    ],
)
def test_a_note_is_whole_or_shorter_or_not_there(
    qtbot: QtBot, note: LineNote, letters: int, shown: str
) -> None:
    words = LaidOut(mono_font(12))
    assert fitting_words(note, words, letters * words.width("0") + 0.5) == shown


def test_a_label_of_the_timeline_is_a_number_rather_than_a_stump(qtbot: QtBot) -> None:
    metrics = QFontMetricsF(mono_font(11))
    wide = metrics.horizontalAdvance("0")
    assert shortened("121 weights", metrics, 12 * wide) == "121 weights"
    assert shortened("121 weights", metrics, 6 * wide) == "121"
    assert shortened("121 weights", metrics, 9 * wide).startswith("121 wei")
    assert shortened("Accumulate", metrics, 6 * wide).startswith("Acc")


def test_long_lines_end_before_the_numbers_of_steps(qtbot: QtBot) -> None:
    text = OutputText(lambda step: str(step * 1000))
    qtbot.addWidget(text)
    text.resize(400, 200)
    text.show()
    assert text.numbers.width() == 0
    text.append_text("w" * 500 + "\nshort\n", "stdout", 5)
    text.append_text("later\n", "stdout", 12345)
    assert [label for _, label in text.labels()] == ["5000", "12345000"]
    assert text.viewport().geometry().right() < text.numbers.geometry().left()
    assert text.numbers.width() >= text.numbers.fontMetrics().horizontalAdvance("1234500")
    heights = [height for height, _ in text.labels()]
    assert heights[1] - heights[0] > text.fontMetrics().height()
    text.start_anew()
    assert text.numbers.width() == 0


def test_tracks_over_a_storage_are_of_its_own_colour(qtbot: QtBot) -> None:
    own = LIGHT.storage_colour("A")
    shades = [track_colour(LIGHT, "A", number) for number in range(len(SHADES))]
    assert len({shade.name() for shade in [*shades, own]}) == len(SHADES) + 1
    assert {abs(shade.hue() - own.hue()) <= 12 for shade in shades} == {True}


VIEWS = """\
import torch
base = torch.arange(240.0).reshape(2, 3, 4, 10)
views = base.permute(3, 1, 0, 2)
part = views[::3, 1:, :, ::2]
other = part.transpose(0, 1)
part.add_(1)
"""
GRADS = """\
import torch
leaf = torch.ones(3, requires_grad=True)
mean = leaf.mean()
"""


def test_sentences_tables_and_slices_are_whole_in_narrow_panes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with running(qtbot, tmp_path, VIEWS) as session:
        session.look(Moment(step_on(session, 6), name="part"))
        layout, values, tensors = LayoutPane(session), ValuesPane(session), TensorsPane(session)
        for pane in (layout, values, tensors):
            qtbot.addWidget(pane)
            pane.resize(420, 240)
            pane.show()
        qtbot.waitUntil(lambda: "writes 32 cells" in layout.why.text())
        words = (layout.why, layout.facts)
        qtbot.waitUntil(
            lambda: all(one.height() >= one.heightForWidth(one.width()) for one in words)
        )
        layout.resize(700, 700)
        header, table = layout.table.horizontalHeader(), layout.table
        qtbot.waitUntil(
            lambda: all(
                header.sectionSize(column) >= table.sizeHintForColumn(column)
                for column in range(header.count())
            )
        )
        assert (values.slice.text(), values.head.second.isVisible()) == ("part[0, 0, :, :]", True)
        assert values.slice.width() > values.slice.fontMetrics().horizontalAdvance(
            "part[0, 0, :, :]"
        )
        values.resize(700, 240)
        qtbot.waitUntil(lambda: values.slice.isVisible() and not values.head.second.isVisible())
        columns = tensors.view.horizontalHeader()
        for column in (Column.SHAPE, Column.STRIDE, Column.GRAD):
            assert columns.sectionSize(column) >= tensors.view.sizeHintForColumn(column)


def test_names_of_nodes_are_whole_however_few_letters_they_have(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with running(qtbot, tmp_path, GRADS) as session:
        session.go(step_on(session, 3))
        tensors = TensorsPane(session)
        qtbot.addWidget(tensors)
        tensors.resize(600, 240)
        tensors.show()
        columns = tensors.view.horizontalHeader()
        wanted = tensors.view.sizeHintForColumn(Column.GRAD)
        qtbot.waitUntil(lambda: columns.sectionSize(Column.GRAD) >= wanted)


def test_the_editor_keeps_its_share_of_a_smaller_window(qtbot: QtBot, tmp_path: Path) -> None:
    with windows(qtbot, tmp_path) as made:
        window = made.make(1600, 900)
        share = window.editor.width() / window.width()
        for width in (1200, 1900, 1280):
            window.resize(width, 900)
            qtbot.waitUntil(lambda: abs(window.editor.width() / window.width() - share) < 0.02)


def test_a_lesson_is_listed_when_its_own_file_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    pane = LessonPane(Session())
    qtbot.addWidget(pane)
    pane.show_program(tmp_path / "own.py")
    assert (pane.list.count(), pane.empty.text()) == (0, EMPTY)
    pane.show_program(resource("lessons", "09_indexing.py"))
    assert (pane.title.text(), pane.list.count()) == ("Indexing: view or copy", 3)
    pane.show_program(tmp_path / "own.py")
    assert pane.list.count() == 3


def test_weights_say_that_they_are_being_counted(qtbot: QtBot, tmp_path: Path) -> None:
    program = "import torch\nw = torch.zeros(3)\nfor i in range(30):\n    w += 1\nn = 1\n"
    with running(qtbot, tmp_path, program) as session:
        pane = WeightsPane(session)
        qtbot.addWidget(pane)
        session.go(step_on(session, 4))
        tensor = session.recording.names_at(session.moment.step)["w"]
        session.look(session.moment.on_tensor(tensor, "w"))
        pane.show()
        qtbot.waitUntil(lambda: pane.empty.text() == "Counting the numbers of w …")
        qtbot.waitUntil(lambda: pane.sentence.text() == "w was written 31 times.")
        assert not pane.busy
