"""Rows of the plane as lines."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.model.values.plane import Plane
from explorer.model.values.view import box_of
from explorer.protocol.values import ReadSummary
from explorer.ui.values.reader import ValuesReader
from explorer.ui.values.tab import ValuesTab
from explorer.ui.widgets.numbers.line_plot import Line, LinePlot

MOST_LINES = 8
MOST_POINTS = 1500
"""From so many columns on, a line becomes a band between lowest and highest numbers."""


class LinesTab(ValuesTab):
    """Up to eight rows, those about the current cell."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(reader, parent)
        self.plot = LinePlot(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.plot)
        self.plot.column_chosen.connect(self._chosen)
        self.setFocusProxy(self.plot)

    @property
    def shown(self) -> QWidget:
        return self.plot

    def refresh(self) -> None:
        view = self.view
        plane = view.plane
        if view.page is not None or plane is None or view.sight is None:
            self.plot.show_lines([], 0)
            return
        # A lone column is a line as well: it is read downwards.
        upright = plane.columns == 1 and plane.rows > 1
        shown = plane.transposed() if upright else plane
        first = self._first_row(shown.rows, upright)
        rows = min(MOST_LINES, shown.rows - first)
        block = 1
        while shown.columns > MOST_POINTS * block:
            block *= 2
        box = box_of(shown, first, rows, 0, shown.columns)
        down, across = (-1 if dim is None else dim for dim in shown.dims)
        hows = ("sample", "sample") if block == 1 else ("min", "max")
        requests = [ReadSummary(view.sight, box, down, across, (1, block), how) for how in hows]
        self.reader.drop_pictures(view.sight, requests)
        found = [self.reader.picture(request) for request in dict.fromkeys(requests)]
        if any(one is None for one in found):
            return
        low, high = (one.values[0] for one in (found[0], found[-1]) if one is not None)
        lines = []
        for at in range(rows):
            lowest = low[at]
            highest = lowest if block == 1 else high[at]
            lines.append(Line(self._label(shown, first + at), first + at, block, lowest, highest))
        self.drawn()
        self.plot.show_lines(lines, shown.columns)
        cell = view.cell
        self.plot.set_current((cell[1], cell[0]) if cell and upright else cell)

    def clear(self) -> None:
        """No lines until there are those of this view."""
        self.plot.show_lines([], 0)

    def _label(self, plane: Plane, row: int) -> str:
        if plane.down is None:
            return self.view.code
        return f"row {plane.axes[plane.down].index(row)}"

    def _chosen(self, row: int, column: int) -> None:
        plane = self.view.plane
        if plane is not None and plane.columns == 1 and plane.rows > 1:
            row, column = column, row
        self.cell_chosen.emit(row, column)

    def _first_row(self, rows: int, upright: bool) -> int:
        """Rows from here on are drawn: the current one is among them."""
        if self.view.cell is None or upright:
            return 0
        return max(min(self.view.cell[0] - MOST_LINES // 2, rows - MOST_LINES), 0)
