"""What mouse and keys may do with a graph: the part of a view that they know."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QPointF, Qt

from explorer.ui.widgets.graph.picture import Picture
from explorer.ui.widgets.graph.steps import Walker


class Handled(Protocol):
    """A view of a graph, for those who turn gestures into wishes."""

    picture: Picture | None
    chosen: int
    wheel_zooms: bool
    fold_wanted: Any
    edge_chosen: Any

    @property
    def walker(self) -> Walker | None:
        """Where the arrow keys lead."""

    def under(self, place: QPointF) -> tuple[int, int, int]:
        """Box, line and open group's title under a place of the widget (-1: none)."""

    def choose_box(self, box: int, *, to_path: bool = False) -> None:
        """Choose a box, or light up the paths to it."""

    def chosen_node(self) -> int:
        """The node of the chosen box (-1: none)."""

    def toggle(self, box: int) -> None:
        """Ask to open the closed group that a box is."""

    def hover(self, box: int) -> None:
        """Another box is under the pointer."""

    def forget_choice(self) -> None:
        """Choose nothing."""

    def forget_highlight(self) -> None:
        """Take lit paths away."""

    def fit(self) -> None:
        """Show all."""

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Make larger or smaller."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by pixels."""

    def setCursor(self, cursor: Qt.CursorShape) -> None:
        """Show another pointer."""

    def unsetCursor(self) -> None:
        """Show the usual pointer."""
