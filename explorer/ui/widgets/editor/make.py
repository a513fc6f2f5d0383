"""Chooses the component behind the editor."""

from __future__ import annotations

import importlib.util

from PySide6.QtWidgets import QWidget

from explorer.ui.widgets.editor.code_editor import CodeEditor


def make_code_editor(parent: QWidget | None = None, *, plain: bool = False) -> CodeEditor:
    """The best editor there is: Scintilla where its component is installed, else a plain one."""
    if plain or importlib.util.find_spec("pyside6_scintilla") is None:
        from explorer.ui.widgets.editor.plain_code_editor import PlainCodeEditor

        return PlainCodeEditor(parent)
    from explorer.ui.widgets.editor.scintilla_editor import ScintillaEditor

    return ScintillaEditor(parent)
