"""Programs on disk: read, written, autosaved, and what is said when it cannot be done."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.ui.documents.autosave import Autosave
from explorer.ui.documents.document import Document
from explorer.ui.documents.files import FileProblem, SourceFile, read_source, write_source

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    for line_end in ("\n", "\r\n", "\r"):
        for encoding in ("utf-8", "utf-8-sig"):
            stamp = write_source(SourceFile(path, "x = 'é😀'\ny = 1\n", encoding, line_end))
            found = read_source(path)
            assert found == SourceFile(path, "x = 'é😀'\ny = 1\n", encoding, line_end, stamp)


def test_an_encoding_named_in_the_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"))
    found = read_source(path)
    assert found.text.endswith("x = 'é'\n")
    write_source(found)
    assert path.read_bytes() == "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1")


def test_bad_files_get_one_sentence_each(tmp_path: Path) -> None:
    latin = tmp_path / "latin.py"
    latin.write_bytes(b"x = 1\ny = '\xe9'\n")
    binary = tmp_path / "binary.py"
    binary.write_bytes(b"x\0y")
    strange = tmp_path / "strange.py"
    strange.write_bytes(b"# coding: klingon\n")
    large = tmp_path / "large.py"
    with large.open("wb") as file:
        file.truncate(40 << 20)
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    for path, words in (
        (latin, "not UTF-8: the byte 0xe9 in line 2"),
        (binary, "zero bytes"),
        (strange, "names an encoding"),
        (large, "too large"),
        (pipe, "no ordinary file"),
        (tmp_path, "is a folder"),
        (tmp_path / "gone.py", "There is no file"),
    ):
        with pytest.raises(FileProblem, match=words) as told:
            read_source(path)
        assert str(told.value).endswith(".")


@pytest.mark.skipif(AS_ROOT, reason="root may read and write everything")
def test_a_file_that_may_not_be_read_or_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(FileProblem, match="may not be read"):
        read_source(path)
    path.chmod(stat.S_IRUSR)
    with pytest.raises(FileProblem, match="may not be written"):
        write_source(SourceFile(path, "y"))
    assert path.read_text() == "x"


def test_saving_keeps_permissions_links_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path, link = tmp_path / "a.py", tmp_path / "link.py"
    path.write_text("x")
    path.chmod(0o750)
    link.symlink_to(path)
    write_source(SourceFile(link, "y"))
    assert link.is_symlink()
    assert path.read_text() == "y"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.py", "link.py"]


def test_text_that_the_encoding_cannot_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("old")
    with pytest.raises(FileProblem, match="cannot be saved as iso-8859-1"):
        write_source(SourceFile(path, "# 漢", "iso-8859-1"))
    with pytest.raises(FileProblem, match=r"folder .* is gone"):
        write_source(SourceFile(tmp_path / "no" / "a.py", "x"))
    assert path.read_text() == "old"


CRASH = """
import os, sys
from pathlib import Path
from explorer.ui.documents.autosave import Autosave
autosave = Autosave(Path(sys.argv[1]))
autosave.keep(autosave.new_copy(), "/somewhere/a.py", "x = 'é😀'")
autosave.keep(autosave.new_copy(), "", "untitled")
if sys.argv[2] == "wait":
    print("kept", flush=True)
    sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def crash(folder: Path, how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", CRASH, str(folder), how]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_texts_of_a_killed_process_are_found_and_forgotten(tmp_path: Path) -> None:
    with crash(tmp_path, "die") as process:
        process.wait()
    autosave = Autosave(tmp_path)
    left = sorted(autosave.left_behind(), key=lambda text: text.path)
    assert [(text.path, text.text) for text in left] == [
        ("", "untitled"),
        ("/somewhere/a.py", "x = 'é😀'"),
    ]
    for text in left:
        autosave.forget(text.copy)
    assert autosave.left_behind() == []
    assert list(tmp_path.iterdir()) == []


def test_texts_of_a_living_process_are_left_alone(tmp_path: Path) -> None:
    with crash(tmp_path, "wait") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"kept\n"
        assert Autosave(tmp_path).left_behind() == []
        process.kill()
    assert len(Autosave(tmp_path).left_behind()) == 2


def test_a_spoilt_copy_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "abc"
    folder.mkdir()
    (folder / "a.json").write_text('{"path": ')
    (folder / "b.json").write_text("[1]")
    (folder / "c.json").write_text('{"path": "", "text": 3}')
    assert Autosave(tmp_path).left_behind() == []


@pytest.fixture
def document(qtbot: QtBot, tmp_path: Path) -> Iterator[Document]:
    window = QWidget()
    qtbot.addWidget(window)
    autosave = Autosave(tmp_path / "autosave")
    yield Document(autosave, tmp_path / "untitled" / "untitled.py", window)


def copies(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "autosave").glob("*/*.json"))


def test_a_document_is_kept_while_it_is_not_saved(
    document: Document, tmp_path: Path, qtbot: QtBot
) -> None:
    assert document.is_pristine
    document.editor.replace_text("x = 1\n")
    qtbot.waitUntil(lambda: len(copies(tmp_path)) == 1)
    document.save(tmp_path / "a.py")
    assert copies(tmp_path) == []
    assert (tmp_path / "a.py").read_text() == "x = 1\n"
    assert document.name == "a.py"
    document.editor.replace_text("x = 2\n")
    document.keep_copy()
    document.editor.undo()
    assert not document.editor.is_modified()
    assert copies(tmp_path) == []


def test_running_saves_a_file_and_puts_an_untitled_text_aside(
    document: Document, tmp_path: Path
) -> None:
    document.editor.replace_text("x = 1\n")
    assert document.prepare_run().read_text() == "x = 1\n"
    assert document.path is None
    assert document.editor.is_modified()
    document.save(tmp_path / "a.py")
    document.editor.replace_text("x = 2\n")
    assert document.prepare_run() == tmp_path / "a.py"
    assert (tmp_path / "a.py").read_text() == "x = 2\n"


def test_changes_on_disk_are_noticed(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    document.open(path)
    assert document.disk_state() == "same"
    path.write_text("x = 22\n")
    assert document.disk_state() == "changed"
    document.reload()
    assert document.editor.text() == "x = 22\n"
    assert document.disk_state() == "same"
    assert not document.editor.is_modified()
    document.editor.undo()
    assert document.editor.text() == "x = 1\n"
    path.unlink()
    assert document.disk_state() == "gone"
    document.accept_disk()
    document.save()
    assert path.read_text() == "x = 1\n"


def test_lines_are_mapped_from_what_ran_to_what_stands_now(document: Document) -> None:
    document.editor.set_text("a\nb\nc")
    document.take_as_ran()
    assert not document.line_map.changed
    document.editor.set_caret(1)
    document.editor.replace_selection("new\n")
    document.editor.text_changed.emit()
    assert document.line_map.to_now(2) == 3
