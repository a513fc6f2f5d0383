"""The gestures of the Help menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from explorer.ui.actions import EDIT, FILE, GRADIENTS, RUN, STEP, VIEW

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

KEYS_WIDTH = 170
"""Pixels of the column of keys."""
TIMELINE_KEYS = (
    ("Left, Right", "one step of any kind back or forward"),
    ("Shift+Left, Shift+Right", "one statement back or forward"),
    ("Home, End", "the first and the last step"),
    ("Page up, Page down", "a tenth of what is in view"),
    ("+, −, 0", "zoom in, zoom out, everything"),
)
GRAPH_KEYS = (
    ("Arrows", "walk along the lines; with Shift light up all paths from where one was"),
    ("Return, Backspace", "open a group, close the group around"),
    ("G", "colour nodes by the size of their gradients"),
    ("D, Shift+D", "what the chosen cell depends on, where it flows (in the values as well)"),
    ("Esc", "take colours and lit paths away"),
    ("+, −, F", "zoom in, zoom out, everything"),
)


class HelpGestures(QObject):
    """Opens pages over one window; ``python`` tells which interpreter runs programs."""

    def __init__(self, window: QWidget, python: Callable[[], str]) -> None:
        super().__init__(window)
        self._window = window
        self._python = python

    def about(self) -> None:
        """What this is."""
        from explorer.ui.about import AboutDialog

        dialog = AboutDialog(self._python(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def check_for_updates(self) -> None:
        """Whether there is a newer version; nothing is asked before the user says so."""
        from explorer.ui.updates import UpdatesDialog

        dialog = UpdatesDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_keys(self) -> None:
        """Every gesture and its keys."""
        self._show("Keys", keys_page())

    def _show(self, title: str, page: str) -> None:
        from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout

        dialog = QDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.resize(560, 620)
        text = QTextBrowser(dialog)
        text.setMarkdown(page)
        _quiet_tables(text.document())
        text.setOpenExternalLinks(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
        buttons.rejected.connect(dialog.reject)
        column = QVBoxLayout(dialog)
        column.addWidget(text)
        column.addWidget(buttons)
        dialog.open()


def _quiet_tables(document: QTextDocument) -> None:
    """No lines around cells, and columns of one width in all tables."""
    from PySide6.QtGui import QTextLength, QTextTable

    columns = [
        QTextLength(QTextLength.Type.FixedLength, KEYS_WIDTH),
        QTextLength(QTextLength.Type.VariableLength, 0),
    ]
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            form = frame.format().toTableFormat()
            form.setBorder(0)
            form.setCellSpacing(0)
            form.setCellPadding(3)
            form.setColumnWidthConstraints(columns)
            frame.setFormat(form)


def keys_page() -> str:
    """All gestures that have keys, as Markdown."""
    lines = ["# Keys", ""]
    for title, gestures in (
        ("Run", RUN),
        ("Step", STEP),
        ("Gradients", GRADIENTS),
        ("File", FILE),
        ("Edit", EDIT),
        ("View", VIEW),
    ):
        lines += [f"## {title}", "", "| keys | does |", "|---|---|"]
        for gesture in gestures:
            if gesture.keys:
                plain = gesture.title.replace("&", "").removesuffix(" …")
                keys = ", ".join(gesture.keys)
                lines.append(f"| {keys} | {plain} |")
        lines.append("")
    for title, keys_there in (("On the timeline", TIMELINE_KEYS), ("On the graph", GRAPH_KEYS)):
        lines += [f"## {title}", "", "| keys | does |", "|---|---|"]
        lines += [f"| {keys} | {does} |" for keys, does in keys_there]
        lines.append("")
    return "\n".join(lines)
