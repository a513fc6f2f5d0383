"""The table of the tensors on one storage, as high as its rows need."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from explorer.ui.layout.sharers_table import SharersTable

ROW_HEIGHT = 21
MOST_ROWS = 4
FEWEST_ROWS = 1
"""So many are seen at once; the others are scrolled to."""


class SharersView(QTableView):
    """A click or Enter chooses a row."""

    row_chosen = Signal(int)

    def __init__(self, rows: SharersTable, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(rows)
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
        for column, width in enumerate((120, 84, 76, 72, 64)):
            header.resizeSection(column, width)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.activated.connect(self._choose)
        self.clicked.connect(self._choose)

    def fit(self, rows: int) -> None:
        """Be as high as so many rows need, lower in a low pane; hidden where there is nobody
        else."""
        self.setVisible(rows > 1)
        header = self.horizontalHeader().sizeHint().height()
        self.setMaximumHeight(header + ROW_HEIGHT * min(rows, MOST_ROWS) + 2)
        self.setMinimumHeight(header + ROW_HEIGHT * min(rows, FEWEST_ROWS) + 2)

    def _choose(self, index: QModelIndex) -> None:
        self.row_chosen.emit(index.row())
