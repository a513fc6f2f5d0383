"""The head of the values pane: ways to look at the numbers, the slice as code, and what more there
is to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

from explorer.ui.widgets.numbers.slice_edit import SliceEdit

LEAST_SLICE, MOST_SLICE = 90, 240
"""Pixels for the slice beside the tabs; with less room than it needs it has a row of its own."""
PAD = 18


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
        self._wanted = LEAST_SLICE

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_slice()

    def show_slice(self, code: str, shape: tuple[int, ...]) -> None:
        """Show what is looked at. Where its row is goes by the longest that was shown, so that it
        does not jump to and fro."""
        self.slice.show_slice(code, shape)
        wanted = self.slice.fontMetrics().horizontalAdvance(code) + PAD
        if wanted > self._wanted and not self.slice.hasFocus():
            self._wanted = min(wanted, MOST_SLICE)
            self._place_slice()

    def _place_slice(self) -> None:
        rest = self.width() - self.tabs.sizeHint().width() - self.more.sizeHint().width()
        beside = rest >= self._wanted
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
