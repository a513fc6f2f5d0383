"""The table of the tensors on one storage, as high as its rows need."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from explorer.ui.layout.sharers_table import SharersTable

ROW_HEIGHT = 21
MOST_ROWS = 8
FEWEST_ROWS = 1
"""So many are seen at once; the others are scrolled to."""
NARROWEST = (56, 60, 56, 54, 60, 90)
"""Pixels of each column; wider where its texts need it and the others leave room."""
PAD = 8


class SharersView(QTableView):
    """A click or Enter chooses a row."""

    row_chosen = Signal(int)

    def __init__(self, rows: SharersTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted: list[int] = []
        self.setModel(rows)
        rows.modelReset.connect(self._rows_changed)
        self.setAccessibleName("Tensors on this storage")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setIconSize(QSize(9, 9))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.activated.connect(self._choose)
        self.clicked.connect(self._choose)

    def fit(self, rows: int) -> None:
        """Be as high as so many rows need, lower in a low pane; hidden where there is nobody
        else. Columns are as wide as their texts."""
        self.setVisible(rows > 1)
        self._share_width()
        header = self.horizontalHeader().sizeHint().height()
        self.setMaximumHeight(header + ROW_HEIGHT * min(rows, MOST_ROWS) + 2)
        self.setMinimumHeight(header + ROW_HEIGHT * min(rows, FEWEST_ROWS) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _rows_changed(self) -> None:
        self._wanted.clear()

    def _share_width(self) -> None:
        spare = self.viewport().width() - sum(NARROWEST)
        wanted = self._wanted
        if not wanted:
            for column, least in enumerate(NARROWEST):
                wanted.append(max(self.sizeHintForColumn(column) + PAD - least, 0))
        share = min(1.0, max(spare, 0) / max(sum(wanted), 1))
        for column, least in enumerate(NARROWEST[:-1]):
            more = int(wanted[column] * share)
            self.horizontalHeader().resizeSection(column, least + more)

    def _choose(self, index: QModelIndex) -> None:
        self.row_chosen.emit(index.row())
