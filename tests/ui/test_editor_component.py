"""The editor component, both ways it can be drawn: the same words must mean the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.ui.widgets.editor.code_editor import CodeEditor
from explorer.ui.widgets.editor.line_decorations import Chip, ExecutionMark, LineNote, Squiggle
from explorer.ui.widgets.editor.line_overlay import execution_tint
from explorer.ui.widgets.editor.make import make_code_editor
from explorer.ui.widgets.editor.plain_code_editor import PlainCodeEditor
from explorer.ui.widgets.editor.plain_text import PlainText
from explorer.ui.widgets.editor.scintilla_editor import ScintillaEditor

PROGRAM = "import torch\nx = torch.ones(3)\nfor i in range(3):\n    x += i\nprint(x)\n"


@pytest.fixture(params=["scintilla", "plain"])
def editor(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[CodeEditor]:
    made = make_code_editor(plain=request.param == "plain")
    assert isinstance(made, PlainCodeEditor if request.param == "plain" else ScintillaEditor)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.set_text(PROGRAM)
    yield made


def press(editor: CodeEditor, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    target = editor.focusProxy() or editor
    QTest.keyClick(target, key, modifiers or Qt.KeyboardModifier.NoModifier)


def test_text_goes_in_and_comes_out(editor: CodeEditor) -> None:
    for text in ("", "x", "x\n", "α = 'δ'\n\n# 漢字 😀\n", "a\tb\n  c"):
        editor.set_text(text)
        assert editor.text() == text
        assert editor.line_count() == text.count("\n") + 1
        assert not editor.is_modified()


def test_what_has_the_focus_is_named(editor: CodeEditor) -> None:
    editor.setAccessibleName("Program a.py")
    inner = editor.focusProxy()
    assert inner is not None
    assert inner.accessibleName() == editor.accessibleName() == "Program a.py"


def test_fifty_thousand_lines(editor: CodeEditor) -> None:
    text = "x = torch.ones(3)  # é\n" * 50_000
    editor.set_text(text)
    assert editor.line_count() == 50_001
    editor.set_caret(49_999, 4)
    assert editor.caret() == (49_999, 4)
    editor.show_line(25_000)
    first, last = editor.visible_lines()
    assert first <= 25_000 <= last
    assert editor.text() == text
    editor.show_line(1)
    for line in range(1, 40):
        editor.show_line(line)
        place = editor.line_rect(line)
        assert place.top() >= 0 and place.bottom() <= editor.height()


def test_lone_surrogates_become_question_marks(editor: CodeEditor) -> None:
    editor.set_text("x = '\ud800'")
    assert editor.text() == "x = '?'"


def test_places_are_counted_in_characters(editor: CodeEditor) -> None:
    editor.set_text("😀é = 1\nβ😀")
    editor.set_caret(2, 2)
    assert editor.caret() == (2, 2)
    assert editor.caret_offset() == 9
    editor.select(7, 9)
    assert editor.selection() == (7, 9)
    editor.replace_selection("y")
    assert editor.text() == "😀é = 1\ny"
    editor.set_caret(1, 99)
    assert editor.caret() == (1, 6)


def test_modified_until_saved_or_undone(editor: CodeEditor, qtbot: QtBot) -> None:
    told: list[bool] = []
    editor.modified_changed.connect(told.append)
    editor.set_caret(1)
    editor.replace_selection("# ")
    assert editor.is_modified()
    editor.undo()
    assert not editor.is_modified()
    assert editor.text() == PROGRAM
    editor.redo()
    editor.set_saved()
    assert not editor.is_modified()
    assert told == [True, False, True, False]


def test_replacing_the_whole_text_is_one_undo(editor: CodeEditor) -> None:
    editor.set_caret(4, 2)
    editor.replace_text("a\nb\n")
    assert editor.text() == "a\nb\n"
    assert editor.is_modified()
    editor.undo()
    assert editor.text() == PROGRAM


def test_comment_keys(editor: CodeEditor) -> None:
    editor.select_lines(3, 4)
    assert editor.selected_lines() == (3, 4)
    editor.toggle_comment()
    assert editor.line_text(3) == "# for i in range(3):"
    assert editor.line_text(4) == "#     x += i"
    editor.toggle_comment()
    assert editor.text() == PROGRAM
    editor.undo()
    assert editor.line_text(3).startswith("#")


def test_tab_indents_lines_and_shift_tab_takes_it_back(editor: CodeEditor) -> None:
    editor.select_lines(1, 2)
    press(editor, Qt.Key.Key_Tab)
    assert editor.text().startswith("    import torch\n    x = ")
    press(editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert editor.text() == PROGRAM


def test_tab_in_a_line_inserts_spaces(editor: CodeEditor) -> None:
    editor.set_text("ab")
    editor.set_caret(1, 2)
    press(editor, Qt.Key.Key_Tab)
    assert editor.text() == "ab  "


@pytest.mark.parametrize(
    ("line", "indent"),
    [
        ("for i in x:", "    "),
        ("    y = f(", "        "),
        ("    return 1", ""),
        ("        pass  # done", "    "),
        ("x = 1", ""),
        ("    x = 1", "    "),
        ("if x:  # why", "    "),
    ],
)
def test_enter_indents(editor: CodeEditor, line: str, indent: str) -> None:
    editor.set_text(line)
    editor.set_caret(1, len(line))
    press(editor, Qt.Key.Key_Return)
    assert editor.text() == f"{line}\n{indent}"
    assert editor.caret() == (2, len(indent))


def test_lines_move_past_their_neighbour(editor: CodeEditor) -> None:
    editor.set_text("a\nb\nc")
    editor.set_caret(2, 1)
    press(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert editor.text() == "b\na\nc"
    assert editor.caret() == (1, 1)
    press(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert editor.text() == "b\na\nc"
    editor.select_lines(1, 2)
    editor.move_lines(1)
    assert editor.text() == "c\nb\na"


def test_breakpoints_move_with_their_lines(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_breakpoints(frozenset({2, 4}))
    assert editor.breakpoints() == {2, 4}
    with qtbot.waitSignal(editor.breakpoints_changed):
        editor.set_caret(1)
        editor.replace_selection("# one\n# two\n")
    assert editor.breakpoints() == {4, 6}
    editor.toggle_breakpoint(4)
    editor.toggle_breakpoint(1)
    assert editor.breakpoints() == {1, 6}


def gutter_of(editor: CodeEditor) -> QWidget:
    area = editor.focusProxy()
    if isinstance(area, PlainText):
        return next(c for c in area.findChildren(QWidget) if type(c).__name__ == "_Gutter")
    assert isinstance(area, QAbstractScrollArea)
    return area.viewport()


def test_a_click_in_the_gutter(editor: CodeEditor, qtbot: QtBot) -> None:
    height = editor.line_rect(3).center().y()
    left = Qt.MouseButton.LeftButton
    with qtbot.waitSignal(editor.breakpoints_changed):
        QTest.mouseClick(gutter_of(editor), left, pos=QPoint(6, height))
    assert editor.breakpoints() == {3}
    with qtbot.waitSignal(editor.number_clicked) as told:
        QTest.mouseClick(gutter_of(editor), left, pos=QPoint(30, height))
    assert told.args == [3]


def pixel_share(editor: CodeEditor, colour: QColor) -> int:
    """How many pixels of the editor's picture have just this colour."""
    picture = editor.grab().toImage()
    wanted = colour.rgb()
    return sum(
        picture.pixel(x, y) == wanted
        for y in range(0, picture.height(), 2)
        for x in range(0, picture.width(), 2)
    )


def test_the_execution_mark_tints_its_line(editor: CodeEditor) -> None:
    for role in ("current", "error"):
        editor.set_execution(ExecutionMark(2, role))
        assert pixel_share(editor, execution_tint(role)) > 800
    editor.set_execution(None)
    assert pixel_share(editor, execution_tint("error")) == 0


def test_notes_stand_at_the_right_and_make_room_for_code(editor: CodeEditor) -> None:
    fill = QColor("#123456")
    chip = Chip("x", fill, QColor("#ffffff"))
    editor.set_notes({2: LineNote("f32[3]", (chip,))})
    assert pixel_share(editor, fill) > 20
    editor.replace_lines(2, 2, ["x" * 200])
    assert pixel_share(editor, fill) == 0


def test_squiggles_and_matches_leave_the_text_alone(editor: CodeEditor) -> None:
    editor.set_text("x = 😀 'é'\n")
    before = editor.text()
    plain = editor.grab().toImage()
    editor.set_squiggles(
        [Squiggle(1, 4, 3, "a"), Squiggle(1, 99, 0, "b"), Squiggle(77, 0, 0, "c", "warning")]
    )
    assert editor.grab().toImage() != plain
    editor.set_squiggles([])
    assert editor.grab().toImage() == plain
    editor.set_matches([(0, 1), (4, 6)])
    assert editor.grab().toImage() != plain
    editor.set_matches([])
    assert editor.text() == before
    assert not editor.is_modified()


def test_zoom_has_limits(editor: CodeEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.zoom_changed) as told:
        editor.zoom_by(2)
    assert told.args == [2]
    for _ in range(60):
        editor.zoom_by(1)
    assert editor.zoom_level() == 30
    for _ in range(60):
        editor.zoom_by(-1)
    assert editor.zoom_level() == -6


def test_a_file_that_is_dropped_is_told_of_and_not_pasted(editor: CodeEditor, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.py")])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, nothing)
    event = QDropEvent(QPointF(50, 50), copy, data, left, nothing)
    area = editor.focusProxy()
    assert isinstance(area, QAbstractScrollArea)
    with qtbot.waitSignal(editor.file_dropped) as told:
        QApplication.sendEvent(area.viewport(), enter)
        QApplication.sendEvent(area.viewport(), event)
    assert told.args == ["/tmp/a.py"]
    assert editor.text() == PROGRAM


def test_clipboard(editor: CodeEditor) -> None:
    editor.set_text("one two")
    editor.select(0, 3)
    editor.copy()
    editor.set_caret(1, 7)
    editor.paste()
    assert editor.text() == "one twoone"
    editor.select_all()
    editor.cut()
    assert editor.text() == ""
