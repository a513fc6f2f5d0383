"""What this program is, in which versions, and under which licences its parts are used."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from explorer.model.interpreters.found import Interpreter, look_at
from explorer.ui.background import Background
from explorer.ui.resources import resource
from explorer.version import VERSION

AIR = 8  # pixels
ABOUT = """# Tensor Explorer {version}

See what a PyTorch tensor is, what it holds, how its bytes lie in memory, and how autograd builds
and walks its graph: on your own code, step by step, forward and back.

{versions}

Licence: MIT. It sends nothing anywhere.

## Parts of other people

{parts}
"""
_PARTS = """\
Typefaces: Inter and JetBrains Mono (SIL Open Font License). Icons: Tabler (MIT). Editor:
Scintilla (HPND). Window: Qt by way of PySide6 (LGPL-3.0). Programs run in a Python of their own
with PyTorch (BSD-3-Clause) and NumPy (BSD-3-Clause)."""


def versions_of(found: Interpreter) -> str:
    """Program, Qt, and the interpreter that runs programs with its torch, in one line."""
    python = f"Python {found.python}" if found.python else f"no working Python at {found.path}"
    torch = f"torch {found.torch}" if found.torch else "no torch"
    return f"tensor-explorer {VERSION}, Qt {qVersion()}, {python}, {torch}"


class AboutDialog(QDialog):
    """A page that can be read and copied; the versions come when the interpreter has answered."""

    def __init__(self, python: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Tensor Explorer")
        self.resize(620, 640)
        self.versions = f"tensor-explorer {VERSION}, Qt {qVersion()}"
        self._text = QTextBrowser(self)
        self._text.setAccessibleName("About Tensor Explorer")
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._show_licence)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        copy = buttons.addButton("Copy versions", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.versions))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addWidget(buttons)
        self._fill()
        Background(self).run(partial(look_at, python), self._looked)

    def _looked(self, found: Any) -> None:
        if isinstance(found, Interpreter):
            self.versions = versions_of(found)
            self._fill()

    def _fill(self) -> None:
        page = ABOUT.format(version=VERSION, versions=self.versions, parts=_parts())
        self._text.setMarkdown(page)
        _give_air(self._text.document())

    def _show_licence(self, address: QUrl) -> None:
        """A licence text takes the page as it was written; the first line leads back."""
        if address.toString() == "back":
            self._fill()
            return
        file = resource("licences", Path(address.toString()).name)
        text = file.read_text(encoding="utf-8", errors="replace")
        back = '<p><a href="back">back</a></p>'
        self._text.setHtml(f'{back}<p style="white-space: pre-wrap">{escape(text)}</p>')


def _give_air(document: QTextDocument) -> None:
    """Room between paragraphs, which Markdown brings none of; tables stay close."""
    cursor = QTextCursor(document)
    block = document.begin()
    while block.isValid():
        cursor.setPosition(block.position())
        if cursor.currentTable() is None:
            layout = block.blockFormat()
            layout.setBottomMargin(AIR)
            cursor.setBlockFormat(layout)
        block = block.next()


def _parts() -> str:
    """In an installed program everything inside, with its licence; from source a sentence."""
    listed = resource("licences", "components.json")
    if not listed.is_file():
        return _PARTS
    lines = ["| part | version | licence |", "|---|---|---|"]
    for part in json.loads(listed.read_text(encoding="utf-8")):
        links = " ".join(f"[text]({name})" for name in part["files"])
        lines.append(f"| {part['name']} | {part['version']} | {part['licence']} {links} |")
    lines += ["", "[Qt and the LGPL](Qt-and-LGPL.txt), [Tensor Explorer](TensorExplorer.txt)"]
    return "\n".join(lines)
