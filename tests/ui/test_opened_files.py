"""Files that macOS hands to the program while it runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.ui.documents.opened_files import OpenedFiles


def test_each_is_opened_and_other_events_pass(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert application is not None
    opened: list[Path] = []
    files = OpenedFiles(application, opened.append)
    try:
        file = tmp_path / "my program.py"
        QApplication.sendEvent(application, QFileOpenEvent(str(file)))
        QApplication.sendEvent(application, QEvent(QEvent.Type.User))
        assert opened == [file]
    finally:
        application.removeEventFilter(files)
        files.deleteLater()
