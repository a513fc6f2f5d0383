"""The editor pane: documents in tabs, disk, find and replace, and the marks of the moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.model.moment import Moment
from explorer.protocol.running import ProgramEnded, ProgramError
from explorer.ui.documents.autosave import Autosave, LeftText
from explorer.ui.panes.editor import EditorPane
from explorer.ui.session import Session
from tests.model.test_recording import finished
from tests.ui.test_session import Pigeon

TEXT = "".join(f"line {number}\n" for number in range(1, 9))


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session()


@pytest.fixture
def pane(session: Session, qtbot: QtBot, tmp_path: Path) -> Iterator[EditorPane]:
    autosave = Autosave(tmp_path / "autosave")
    made = EditorPane(session, autosave, tmp_path / "untitled")
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    yield made
    autosave.close()


def program(folder: Path, text: str = TEXT, name: str = "a.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def recorded(session: Session, pane: EditorPane, path: Path) -> None:
    """The small recording, as if the program at ``path`` had made it."""
    session.begin(str(path), Pigeon())
    session.recording = finished()
    session.recording.steps.files[1] = str(path)
    session.grew(at_once=True)
    session.tell("ended")


def notes(pane: EditorPane) -> dict[int, str]:
    return {line: note.in_words() for line, note in pane.document.editor.notes.items()}


def marked(pane: EditorPane) -> tuple[int, str] | None:
    mark = pane.document.editor.execution
    return (mark.line, mark.role) if mark else None


def test_files_open_in_tabs_once_each(pane: EditorPane, tmp_path: Path, qtbot: QtBot) -> None:
    first, second = program(tmp_path), program(tmp_path, "x\n", "b.py")
    with qtbot.waitSignal(pane.file_opened):
        assert pane.open(str(first))
    assert pane.open(str(second))
    assert pane.open(str(tmp_path / "." / "a.py"))
    assert [document.name for document in pane.documents] == ["a.py", "b.py"]
    assert pane.document.name == "a.py"
    pane.close_document(pane.document)
    pane.close_document(pane.document)
    assert [document.name for document in pane.documents] == ["untitled.py"]


def test_a_bad_file_is_told_of_and_nothing_is_lost(pane: EditorPane, tmp_path: Path) -> None:
    pane.document.show_text("my text")
    latin = tmp_path / "latin.py"
    latin.write_bytes(b"\xe9")
    for path, words in ((latin, "not UTF-8"), (tmp_path, "folder"), (tmp_path / "no", "no file")):
        assert not pane.open(str(path))
        assert words in pane.banner.sentence
    assert len(pane.documents) == 1
    assert pane.document.editor.text() == "my text"


def test_the_tab_shows_what_is_not_saved(pane: EditorPane, tmp_path: Path) -> None:
    pane.open(str(program(tmp_path)))
    pane.document.editor.replace_selection("#")
    assert pane.tabs.tabText(0) == "a.py •"
    assert pane.save(pane.document)
    assert pane.tabs.tabText(0) == "a.py"


def test_a_change_on_disk_is_taken_or_asked_about(pane: EditorPane, tmp_path: Path) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    path.write_text("other\n")
    pane.disk.check()
    assert pane.document.editor.text() == "other\n"
    assert "has been read again" in pane.banner.sentence
    pane.document.editor.replace_selection("mine ")
    path.write_text("theirs, longer\n")
    pane.disk.check()
    assert pane.document.editor.text() == "mine other\n"
    assert "and here as well" in pane.banner.sentence
    take = next(b for b in pane.banner._buttons if b.text() == "Take the one on disk")
    take.click()
    assert pane.document.editor.text() == "theirs, longer\n"
    path.unlink()
    pane.disk.check()
    assert "is gone from the disk" in pane.banner.sentence
    next(b for b in pane.banner._buttons if b.text() == "Save again").click()
    assert path.read_text() == "theirs, longer\n"


def test_a_text_that_is_kept_against_the_disk_is_not_saved(
    pane: EditorPane, tmp_path: Path
) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    pane.document.editor.replace_selection("#")
    path.write_text("theirs\n")
    pane.disk.check()
    next(b for b in pane.banner._buttons if b.text() == "Keep this one").click()
    pane.document.editor.undo()  # back to what lay on the disk once, which lies nowhere now
    assert pane.document.is_modified
    assert pane.tabs.tabText(0) == "a.py •"
    pane.document.keep_copy()
    assert len(list(tmp_path.glob("autosave/*/*.json"))) == 1
    assert pane.save(pane.document)
    assert path.read_text() == TEXT
    assert pane.tabs.tabText(0) == "a.py"
    path.unlink()
    pane.disk.check()
    assert pane.document.is_modified
    assert pane.prepare_run() == path
    assert pane.banner.sentence == ""
    assert path.read_text() == TEXT


def test_nothing_is_written_over_a_change_on_disk_unasked(pane: EditorPane, tmp_path: Path) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    path.write_text("theirs, run at once\n")
    assert pane.prepare_run() == path
    assert pane.document.editor.text() == "theirs, run at once\n"
    pane.document.editor.replace_selection("mine ")
    for act in (lambda: pane.save(pane.document), pane.prepare_run):
        path.write_text(path.read_text() + "theirs\n")
        assert not act()
        assert "and here as well" in pane.banner.sentence
    assert pane.save(pane.document)
    os.utime(path, ns=(1, 1))  # written again as it was
    pane.document.editor.replace_selection("really ")
    assert pane.save(pane.document)
    assert path.read_text() == "mine really theirs, run at once\n"
    path.write_bytes(b"\0")
    pane.disk.check()
    assert "zero bytes" in pane.banner.sentence


def test_a_left_text_comes_back_unsaved(pane: EditorPane, tmp_path: Path) -> None:
    path = program(tmp_path)
    pane.recover(LeftText(tmp_path / "x" / "copy.json", str(path), "newer\n"))
    assert pane.document.path == path
    assert pane.document.editor.text() == "newer\n"
    assert pane.document.editor.is_modified()
    pane.document.editor.undo()
    assert pane.document.editor.text() == TEXT
    pane.recover(LeftText(tmp_path / "x" / "again.json", str(path), "newest\n"))
    assert [document.editor.text() for document in pane.documents] == ["newest\n"]
    pane.recover(LeftText(tmp_path / "x" / "third.json", str(path), "another\n"))
    assert [document.editor.text() for document in pane.documents] == ["newest\n", "another\n"]
    pane.recover(LeftText(tmp_path / "x" / "other.json", "", "no file\n"))
    assert pane.document.editor.text() == "no file\n"


def test_the_moment_marks_its_line(session: Session, pane: EditorPane, tmp_path: Path) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    recorded(session, pane, path)
    for step, mark in ((0, (1, "current")), (5, (7, "current")), (8, (8, "error"))):
        session.look(Moment(step))
        assert marked(pane) == mark
    session.go(-1)
    assert marked(pane) is None


def test_notes_say_what_each_line_did(session: Session, pane: EditorPane, tmp_path: Path) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    recorded(session, pane, path)
    session.look(Moment(4))
    found = notes(pane)
    assert found[1] == "x f32[3]"
    assert found[6] == "y f32[3]"
    assert found[7] == "not run yet"
    session.go(6)
    assert notes(pane)[7] == "node 2 of 2"
    session.go(8)
    assert notes(pane)[8] == "RuntimeError: no"


def test_marks_follow_the_lines_when_the_text_changes(
    session: Session, pane: EditorPane, tmp_path: Path, qtbot: QtBot
) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    recorded(session, pane, path)
    session.look(Moment(4))
    editor = pane.document.editor
    editor.set_caret(3)
    editor.replace_selection("new line\n")
    qtbot.waitUntil(lambda: marked(pane) == (7, "current"))
    assert notes(pane)[1] == "x f32[3]"
    editor.set_caret(7, 2)
    editor.replace_selection("changed")
    qtbot.waitUntil(lambda: marked(pane) is None)
    with qtbot.waitSignal(session.noted) as told:
        pane.want_line(7, forward=True)
    assert "was changed since the program ran" in told.args[0]
    with qtbot.waitSignal(pane.line_wanted) as wanted:
        pane.want_line(8, forward=False)
    assert wanted.args == [str(path), 7, False]


def test_breakpoints_reach_the_session_by_the_lines_that_ran(
    session: Session, pane: EditorPane, tmp_path: Path, qtbot: QtBot
) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    pane.document.editor.set_caret(5)
    pane.toggle_breakpoint()
    assert session.breakpoints == {(str(path), 5)}
    recorded(session, pane, path)
    pane.document.editor.set_caret(1)
    pane.document.editor.replace_selection("new\n\n")
    qtbot.waitUntil(lambda: pane.document.editor.breakpoints() == {7})
    assert session.breakpoints == {(str(path), 5)}
    recorded(session, pane, path)
    assert session.breakpoints == {(str(path), 7)}


def test_a_syntax_error_is_marked_and_the_recording_stays(
    session: Session, pane: EditorPane, tmp_path: Path
) -> None:
    path = program(tmp_path)
    pane.open(str(path))
    recorded(session, pane, path)
    error = ProgramError("SyntaxError", "invalid syntax", "", "", str(path), 3)
    before = pane.document.editor.grab().toImage()
    pane.program_refused(ProgramEnded("refused", 1, 0.0, error))
    assert pane.banner.sentence == (
        "SyntaxError in line 3: invalid syntax. The recording of the last run stays."
    )
    assert pane.document.editor.grab().toImage() != before
    assert pane.prepare_run() == path
    assert pane.banner.sentence == ""


def test_find_and_replace_bar(pane: EditorPane, qtbot: QtBot) -> None:
    editor = pane.document.editor
    editor.set_text("one two one\nOne\n")
    bar = pane.find_bar
    editor.select(0, 3)
    bar.open(replace=True)
    assert bar.isVisible()
    assert bar.find_field.text() == "one"
    assert bar.count.text() == "3 found"
    bar.next()
    assert editor.selection() == (8, 11)
    bar.previous()
    bar.previous()
    assert editor.selection() == (12, 15)
    bar.replace_field.setText("1")
    bar.replace()
    assert editor.text() == "one two one\n1\n"
    bar.replace_all()
    assert editor.text() == "1 two 1\n1\n"
    assert bar.count.text() == "2 replaced"
    editor.undo()
    assert editor.text() == "one two one\n1\n"
    bar._regular.click()
    bar.find_field.setText("(")
    assert "no regular expression" in bar.count.text()
    QTest.keyClick(bar.find_field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
