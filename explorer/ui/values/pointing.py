"""The cell of the values pane under the pointer, and the cells that reach the same byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.model.layout.pointed import cells_reaching, pointed_at
from explorer.ui.layout.pointing import Pointing

if TYPE_CHECKING:
    from explorer.ui.panes.values import ValuesPane


class ValuesPointing(QObject):
    """Tells the other panes where the pointer is, and lights up what they tell."""

    def __init__(self, pane: ValuesPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self._pointing = Pointing.of(pane.session)
        self._pointing.changed.connect(self.light)

    def hover(self, cell: tuple[int, int] | None) -> None:
        """Another cell is under the pointer."""
        view = self._pane.view
        plane = view.plane if view.page is None and self._pane.shows_own_cells() else None
        if cell is None or plane is None:
            self._pointing.point(None)
        else:
            self._pointing.point(pointed_at(view.card, plane.index_of(*cell)))

    def light(self) -> None:
        """Light up every cell that is seen and reaches the byte pointed at."""
        view, tab = self._pane.view, self._pane.tab
        if tab is None:
            return
        if view.plane is None or view.page is not None or not self._pane.shows_own_cells():
            tab.set_lit([])
        else:
            tab.set_lit(cells_reaching(view.card, self._pointing.pointed, view.plane))
