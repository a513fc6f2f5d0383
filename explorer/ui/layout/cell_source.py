"""The cells of a plane as grid and heatmap find them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.model.tile_cache import block_at
from explorer.model.values.number_block import NumberBlock
from explorer.model.values.view import ValuesView
from explorer.ui.values.reader import ValuesReader


class PlaneCells:
    """A `CellSource` over what a reader holds of a view."""

    def __init__(self, view: ValuesView, reader: ValuesReader) -> None:
        assert view.plane is not None and view.sight is not None
        self._view = view
        self._reader = reader
        self._plane = view.plane
        self._sight = view.sight
        self.rows = view.plane.rows
        self.columns = view.plane.columns

    def block(self, row: int, column: int) -> NumberBlock | None:
        """The block that holds a cell; None while it is not there."""
        region = block_at(row, column, self.rows, self.columns)
        return self._reader.block(self._sight, self._plane, region)

    def tint(self, block: NumberBlock) -> NumberBlock | None:
        """The block whose numbers colour the cells; None while it is not there."""
        if self._view.derivative is None:
            return block
        return self._reader.block(self._view.derivative, self._plane, block.region)

    def changed(self, block: NumberBlock) -> NDArray[np.bool_] | None:
        """Which cells of a block the step wrote; None when none, or while it is not known."""
        if self._view.changed is None:
            return None
        found = self._reader.block(self._view.changed, self._plane, block.region)
        return found.numbers if found is not None and found.dtype == "bool" else None

    def row_label(self, row: int) -> str:
        """Index of a row in the tensor."""
        return self._label(self._plane.down, row)

    def column_label(self, column: int) -> str:
        """Index of a column in the tensor."""
        return self._label(self._plane.across, column)

    def _label(self, number: int | None, position: int) -> str:
        return "" if number is None else str(self._plane.axes[number].index(position))
