"""About names all versions, lets them be copied, and shows the licences of what is inside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from explorer.ui.about import AboutDialog
from explorer.version import VERSION


def page(dialog: AboutDialog) -> QTextBrowser:
    """The text of the dialog."""
    return dialog.findChildren(QTextBrowser)[0]


def test_the_versions_are_those_of_the_interpreter_and_can_be_copied(qtbot: QtBot) -> None:
    import importlib.metadata as metadata

    dialog = AboutDialog(sys.executable)
    qtbot.addWidget(dialog)
    expected = (
        f"tensor-explorer {VERSION}, Qt {qVersion()}, "
        f"Python {'.'.join(map(str, sys.version_info[:3]))}, torch {metadata.version('torch')}"
    )
    qtbot.waitUntil(lambda: dialog.versions == expected)
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy versions")
    copy.click()
    assert QGuiApplication.clipboard().text() == expected
    assert expected in page(dialog).toPlainText().replace("\n", " ")


def test_an_installed_program_lists_its_parts(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "resources" / "licences"
    folder.mkdir(parents=True)
    part = {"name": "numpy", "version": "2.4.6", "licence": "BSD-3-Clause", "files": ["n.txt"]}
    (folder / "components.json").write_text(json.dumps([part]))
    (folder / "n.txt").write_text("# Redistribution <and> use\n\n  *are* permitted")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    dialog = AboutDialog(sys.executable)
    qtbot.addWidget(dialog)
    text = page(dialog)
    assert "BSD-3-Clause" in text.toPlainText()
    text.anchorClicked.emit(QUrl("n.txt"))
    assert "# Redistribution <and> use\n\n  *are* permitted" in text.toPlainText()
    text.anchorClicked.emit(QUrl("back"))
    assert "numpy" in text.toPlainText()
    qtbot.waitUntil(lambda: "torch" in dialog.versions)


def test_the_command_line_names_the_versions() -> None:
    command = [sys.executable, "-m", "explorer", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith(f"tensor-explorer {VERSION}, Qt {qVersion()}, Python ")
    assert ", torch " in answer.stdout
