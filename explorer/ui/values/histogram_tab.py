"""The histogram of the whole tensor, or of what is shown of it."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.model.tile_cache import block_at
from explorer.model.values.view import box_of
from explorer.model.values.words import histogram_words
from explorer.protocol.values import Statistics
from explorer.ui.values.reader import ValuesReader
from explorer.ui.values.tab import ValuesTab
from explorer.ui.widgets.numbers.histogram import Histogram


class HistogramTab(ValuesTab):
    """Counts of the numbers, with what to count and how tall to draw it."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(reader, parent)
        self.plot = Histogram(self)
        self.slice_only = QCheckBox("only what the slice shows", self)
        self.logarithmic = QCheckBox("logarithmic heights", self)
        self.words = QLabel(self)
        self.words.setObjectName("muted")
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 10, 0)
        row.setSpacing(14)
        row.addWidget(self.slice_only)
        row.addWidget(self.logarithmic)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.plot, 1)
        column.addWidget(self.words)
        self.words.setContentsMargins(12, 0, 10, 2)
        self.slice_only.toggled.connect(self.refresh)
        self.logarithmic.toggled.connect(self.plot.set_logarithmic)
        self.setFocusProxy(self.slice_only)

    @property
    def shown(self) -> QWidget:
        return self.plot

    def refresh(self) -> None:
        view = self.view
        if view.page is not None or view.plane is None or view.sight is None:
            self.plot.show_statistics(None)
            return
        found = self._found()
        if found is not None:
            self.drawn()
            self.plot.show_statistics(found)
            self.words.setText(histogram_words(found.bars))
        self.plot.mark(self._current())

    def clear(self) -> None:
        """No bars until they are counted."""
        self.plot.show_statistics(None)
        self.words.setText("Counting …")

    def _found(self) -> Statistics | None:
        view = self.view
        if not self.slice_only.isChecked() or view.plane is None or view.sight is None:
            return self.statistics()
        box = box_of(view.plane, 0, view.plane.rows, 0, view.plane.columns)
        return self.reader.statistics(view.sight, box)

    def _current(self) -> float | None:
        """The number in the current cell, when it is held."""
        view = self.view
        if view.cell is None or view.plane is None or view.sight is None:
            return None
        region = block_at(*view.cell, view.plane.rows, view.plane.columns)
        block = self.reader.block(view.sight, view.plane, region)
        if block is None:
            self.reader.want_blocks(view.sight, view.plane, [region])
            return None
        return float(block.sizes[view.cell[0] - region.row, view.cell[1] - region.column])
