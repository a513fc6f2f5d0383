"""The plane as a heatmap: a sample of it at once, every number a moment later."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from explorer.model.tile_cache import Region, blocks_touching
from explorer.model.values.colour_scale import (
    KINDS,
    ColourScale,
    natural_kind,
    scale_between,
    scale_over,
)
from explorer.model.values.first_look import first_looks
from explorer.model.values.view import box_of
from explorer.protocol.values import ReadSummary
from explorer.ui.layout.cell_source import PlaneCells
from explorer.ui.values.reader import ValuesReader
from explorer.ui.values.tab import ValuesTab, may_shrink
from explorer.ui.widgets.numbers.colour_bar import ColourBar
from explorer.ui.widgets.numbers.heatmap import HeatMap, Picture, Wanted

TOOLTIP = Qt.ItemDataRole.ToolTipRole
SETTLE_MS = 30
"""A view that is moved on sooner is not asked for exactly."""
HOWS = (
    ("mean", "mean"),
    ("furthest", "furthest from 0"),
    ("max", "largest"),
    ("min", "smallest"),
    ("sample", "one"),
)
"""What a pixel shows of the block of numbers behind it."""
KIND_WORDS = {
    "auto": ("automatic", "Symmetric where there are negative numbers, else linear"),
    "symmetric": ("symmetric", "Symmetric around zero"),
    "linear": ("linear", "From the lowest number to the highest"),
    "log": ("logarithmic", "Powers of ten, with a sign"),
    "robust": ("robust", "From the 1st to the 99th percentile"),
}


class HeatmapTab(ValuesTab):
    """Heatmap, colour bar, and how numbers become colours."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(reader, parent)
        self.map, self.bar = HeatMap(self), ColourBar(self)
        self.kind, self.how = QComboBox(self), QComboBox(self)
        self.lock, self.whole = QToolButton(self), QToolButton(self)
        self.note = QLabel(self)
        self._below = QWidget(self)
        self._wanted: Wanted | None = None
        self._locked: ColourScale | None = None
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._lay_out()
        self._settle.timeout.connect(self.refresh)
        self.map.picture_wanted.connect(self._want)
        self.map.numbers_wanted.connect(self._want_numbers)
        self.map.cell_chosen.connect(self.cell_chosen)
        self.map.hovered.connect(self._hovered)
        self.setFocusProxy(self.map)

    def _lay_out(self) -> None:
        for kind in ("auto", *KINDS):
            self.kind.addItem(KIND_WORDS[kind][0], kind)
            self.kind.setItemData(self.kind.count() - 1, KIND_WORDS[kind][1], TOOLTIP)
        for how, words in HOWS:
            self.how.addItem(words, how)
        self.kind.setAccessibleName("Colour scale")
        self.how.setAccessibleName("What a block of numbers shows")
        self.kind.setToolTip("How numbers become colours")
        self.how.setToolTip("What a pixel shows of the block of numbers behind it")
        self.lock.setText("Lock range")
        self.lock.setCheckable(True)
        self.lock.setToolTip("Keep the range of the colours while steps, slices and tensors change")
        self.whole.setText("Fit")
        self.whole.setToolTip("Show all of it (0)")
        self.note.setObjectName("muted")
        row = QHBoxLayout()
        row.setContentsMargins(12, 2, 10, 0)
        row.setSpacing(6)
        for button in (self.lock, self.whole):
            button.setObjectName("flat")
        for widget in (self.kind, self.lock, self.how, self.whole):
            row.addWidget(widget)
        row.addWidget(self.note, 1)
        may_shrink(self.kind, self.how, self.note)
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.map, 1)
        below.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._below, 1)
        self.kind.activated.connect(self._rescale)
        self.lock.toggled.connect(self._lock)
        self.how.activated.connect(self.refresh)
        self.whole.clicked.connect(self.map.fit)

    @property
    def shown(self) -> QWidget:
        return self._below

    def changed(self, keep_place: bool) -> None:
        view = self.view
        self._wanted = None
        if view.page is not None or view.plane is None:
            self.map.show_plane(0, 0, keep_place=False)
            self.map.show_picture(None)
            return
        self.map.set_numbers(PlaneCells(view, self.reader), self.style_of_text)
        self.map.show_plane(view.plane.rows, view.plane.columns, keep_place=keep_place)
        self.map.set_current(view.cell)

    def refresh(self) -> None:
        wanted = self._wanted
        if wanted is None or self.view.page is not None or self.view.sight is None:
            return
        fine = self._request(wanted)
        looks = first_looks(fine)
        self.reader.drop_pictures(fine.sight, [*looks, fine])
        # The exact picture costs a pass over all numbers: not while the view still moves.
        if wanted.block != (1, 1) and not self._settle.isActive():
            looks.append(fine)
        held = self.reader.finest_picture(looks)
        if held is not None:
            shown, found = held
            picture = Picture(wanted.region, shown.block, found.values[0], found.exact)
            self.map.show_picture(picture)
            self.drawn()
            self._rescale()
            self._say(picture)
        self.map.update()

    def clear(self) -> None:
        """No picture until there is one of this view."""
        self.map.show_picture(None)
        self.note.setText("")

    def _request(self, wanted: Wanted) -> ReadSummary:
        plane, region = self.view.plane, wanted.region
        assert plane is not None and self.coloured is not None
        down, across = (-1 if dim is None else dim for dim in plane.dims)
        box = box_of(plane, region.row, region.rows, region.column, region.columns)
        how = self.how.currentData()
        return ReadSummary(self.coloured, box, down, across, wanted.block, how)

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._settle.start()
        self.refresh()

    def _want_numbers(self, region: Region) -> None:
        view = self.view
        if view.sight is not None and view.plane is not None and view.page is None:
            blocks = blocks_touching(region, view.plane.rows, view.plane.columns)
            self.reader.want_blocks(view.sight, view.plane, blocks)

    def _rescale(self) -> None:
        picture = self.map.picture
        scale = self._locked
        if scale is None and picture is not None:
            scale = self._scale_of(picture)
        if scale is not None:
            self.map.set_scale(scale)
            self.bar.set_scale(scale)

    def _scale_of(self, picture: Picture) -> ColourScale:
        """The scale over what is seen; of single numbers over all of them, so that it is calm."""
        kind, found = self.kind.currentData(), self.statistics_of_colours()
        if found is not None and found.low is not None and found.high is not None:
            low, high = float(found.low), float(found.high)
            kind = natural_kind(low, high) if kind == "auto" else kind
            if picture.block == (1, 1) and kind != "robust":
                return scale_between(kind, low, high)
        if kind == "auto":
            finite = picture.values[np.isfinite(picture.values)]
            kind = natural_kind(float(finite.min()), 0) if finite.size else "linear"
        return scale_over(kind, picture.values)

    def _lock(self, on: bool) -> None:
        picture = self.map.picture
        self._locked = self._scale_of(picture) if on and picture is not None else None
        self._rescale()

    def _say(self, picture: Picture) -> None:
        high, wide = picture.block
        if picture.block == (1, 1):
            words = "each cell a number"
        elif picture.exact:
            words = f"{self.how.currentText()} of {high} × {wide}"
        else:
            words = f"one of {high} × {wide}"
        self.note.setText(words)
        self.note.setToolTip(words)  # where there is no room for it
        self.map.setAccessibleDescription(f"{self.view.code}: {words}.")

    def _hovered(self, cell: tuple[int, int] | None) -> None:
        picture, number = self.map.picture, None
        if cell is not None and picture is not None and picture.region.holds(*cell):
            row = (cell[0] - picture.region.row) // picture.block[0]
            column = (cell[1] - picture.region.column) // picture.block[1]
            number = float(picture.values[row, column])
        self.bar.mark(number)
        self.hovered.emit(cell)
