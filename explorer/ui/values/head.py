"""The head of the values pane: ways to look at the numbers, the slice as code, and what more there
is to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

from explorer.ui.widgets.numbers.slice_edit import SliceEdit

LEAST_SLICE = 150
"""Pixels for the slice beside the tabs; with less room it has a row of its own."""


class ValuesHead(QWidget):
    """The dock takes it into its title where there is one; ``second`` stays in the pane."""

    def __init__(self, titles: list[str], menu: QMenu, parent: QWidget) -> None:
        super().__init__(parent)
        self.tabs = QTabBar(self)
        self.more = QToolButton(self)
        self.second = QWidget(parent)
        """The row below, where the slice stands when it has no room here."""
        self.slice = SliceEdit(self)
        for title in titles:
            self.tabs.addTab(title)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setMinimumWidth(120)
        self.tabs.setAccessibleName("Ways to look at the numbers")
        self.more.setObjectName("flat")
        self.more.setText("⋯")
        self.more.setToolTip("Write, compare, find, copy, save")
        self.more.setAccessibleName("More: write, compare, find, copy, save")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(menu)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 6, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.tabs)
        self._row.addWidget(self.slice, 1)
        self._row.addWidget(self.more)
        self._below = QHBoxLayout(self.second)
        self._below.setContentsMargins(6, 0, 6, 0)
        self.second.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rest = self.width() - self.tabs.sizeHint().width() - self.more.sizeHint().width()
        beside = rest >= LEAST_SLICE
        if beside == self.second.isHidden():
            return
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
        self.slice.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        if beside:
            self._row.insertWidget(1, self.slice, 1)
        else:
            self._below.addWidget(self.slice)
        self._row.setStretch(0, 0 if beside else 1)
        self.second.setVisible(not beside)
