"""Scintilla's widget, which tells of what happens over its text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget
from pyside6_scintilla import ScintillaEdit


class Component(ScintillaEdit):
    """Shows ``takes`` what happens over its text before it does anything with it.

    A filter on the viewport would do the same, but asking for that widget makes dozens of Qt's
    types, at the start of the program of all times.
    """

    def __init__(self, takes: Callable[[QEvent], bool], parent: QWidget) -> None:
        self._takes = takes
        super().__init__(parent)

    def viewportEvent(self, event: QEvent) -> bool:
        return self._takes(event) or bool(super().viewportEvent(event))
