"""The numbers themselves, in a grid; a lone number large."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.model.numbers import known
from explorer.model.tile_cache import Region, block_at, blocks_touching
from explorer.model.values.bits import exact_of
from explorer.model.values.colour_scale import ColourScale
from explorer.model.values.view import ValuesView
from explorer.protocol.values import Statistics
from explorer.ui.layout.cell_source import PlaneCells
from explorer.ui.theme import theme
from explorer.ui.values.reader import ValuesReader
from explorer.ui.values.tab import ValuesTab
from explorer.ui.widgets.numbers.grid_lights import GridLights
from explorer.ui.widgets.numbers.number_grid import NumberGrid
from explorer.ui.widgets.numbers.scalar_view import ScalarView


class GridTab(ValuesTab):
    """Shows cells; asks for the blocks that are seen."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(reader, parent)
        self.grid = NumberGrid(self)
        self.lights = GridLights(self.grid)
        self.scalar = ScalarView(self)
        self._pages = QStackedLayout(self)
        self._kind: tuple[object, ...] = ()
        """What decides how long the numbers are."""
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.scalar)
        self.grid.region_shown.connect(self._want)
        self.grid.cell_chosen.connect(self.cell_chosen)
        self.lights.hovered.connect(self.hovered)
        self.setFocusProxy(self.grid)

    def changed(self, keep_place: bool) -> None:
        view = self.view
        lone = view.plane is not None and not view.shape
        self._pages.setCurrentWidget(self.scalar if lone else self.grid)
        if view.page is not None or view.plane is None:
            self.grid.show_source(None, keep_place=False)
            return
        self.grid.setUpdatesEnabled(False)
        self.grid.set_style(self.style_of_text)
        self.grid.show_source(PlaneCells(view, self.reader), keep_place=keep_place)
        self._narrow(view)
        self.grid.set_current(view.cell, reveal=view.cell is not None)
        if lone:
            self._want(Region(0, 1, 0, 1))

    def _narrow(self, view: ValuesView) -> None:
        """Numbers of another tensor have lengths of their own; at other steps the grid is calm."""
        sight = view.sight
        if sight is not None:
            kind = (view.name, sight.source.dtype, sight.part, sight.how, view.comparison != "")
            if kind != self._kind:
                self._kind = kind
                self.grid.narrow()

    def set_lit(self, cells: list[tuple[int, int]]) -> None:
        self.lights.set_lit(cells)

    def refresh(self) -> None:
        view = self.view
        if view.page is not None or view.plane is None or view.sight is None:
            return
        self.grid.set_scale(tint_scale(self.statistics_of_colours(), self._seen()))
        self.grid.arrived()
        if self._complete():
            self.clear()
        if not view.shape:
            self._show_scalar()

    def clear(self) -> None:
        """Paint again; cells whose numbers are not there are painted empty."""
        self.drawn()
        self.grid.setUpdatesEnabled(True)

    def _complete(self) -> bool:
        """Whether every number that is seen is there."""
        seen = self.grid.region()
        return all(self._held(region) is not None for region in self._regions(seen))

    def _regions(self, seen: Region) -> list[Region]:
        plane = self.view.plane
        return [] if plane is None else blocks_touching(seen, plane.rows, plane.columns)

    def _held(self, region: Region) -> object:
        assert self.view.sight is not None and self.view.plane is not None
        return self.reader.block(self.view.sight, self.view.plane, region)

    def _want(self, seen: Region) -> None:
        view = self.view
        if view.sight is None or view.plane is None:
            return
        regions = self._regions(seen)
        self.reader.want_blocks(view.sight, view.plane, regions)
        for other in (view.changed, view.derivative):
            if other is not None:
                self.reader.want_blocks(other, view.plane, regions)

    def _seen(self) -> list[float]:
        """Finite numbers among those that are seen, for colours before all are counted."""
        view, found = self.view, [0.0]
        if view.sight is None or view.plane is None:
            return found
        for region in self._regions(self.grid.region()):
            block = self.reader.block(view.derivative or view.sight, view.plane, region)
            if block is not None:
                sizes = block.sizes[abs(block.sizes) < float("inf")]
                found += [float(sizes.min()), float(sizes.max())] if sizes.size else []
        return found

    def _show_scalar(self) -> None:
        view = self.view
        assert view.sight is not None and view.plane is not None
        block = self.reader.block(view.sight, view.plane, block_at(0, 0, 1, 1))
        if block is None:
            self.scalar.show_number("", "")
            return
        raw = block.element(0, 0)
        kind = known(block.dtype)
        exact = exact_of(kind, int.from_bytes(raw, "little"))
        words = f"{block.dtype}, a scalar: no dimensions, one number"
        if len(exact) <= 60:
            words += f", exactly {exact}"
        size = float(block.sizes[0, 0])
        fill = theme().diverging(size) if not abs(size) < float("inf") else None
        self.scalar.show_number(block.text(0, 0, self.style_of_text), words, fill)


def tint_scale(found: Statistics | None, seen: list[float]) -> ColourScale:
    """Tints symmetric around zero; numbers that are all the same stay pale."""
    low, high = min(seen), max(seen)
    if found is not None and found.low is not None and found.high is not None:
        low, high = float(found.low), float(found.high)
        if low == high:
            low, high = -8 * abs(low), 8 * abs(high)
    size = max(abs(low), abs(high)) or 1.0
    return ColourScale("symmetric", -size, size)
