"""What the tabs of the values pane have in common: a view to show, and numbers that arrive."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from explorer.model.numbers import TextStyle
from explorer.model.values.view import ValuesView
from explorer.protocol.values import NumberBox, Sight, Statistics
from explorer.ui.values.reader import ValuesReader

STILL_MS = 80
"""How long the last picture stays while the next one's numbers are on their way."""


class ValuesTab(QWidget):
    """One way to look at a `ValuesView`; only the tab that is seen asks for numbers."""

    cell_chosen = Signal(object, object)
    """Row and column of the plane."""
    index_chosen = Signal(object)
    """Index into the tensor, which the plane may have to move to."""
    hovered = Signal(object)
    """(row, column) under the pointer, or None."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(parent)
        self.reader = reader
        self.view = ValuesView()
        self.style_of_text = TextStyle()
        self._still = QTimer(self, interval=STILL_MS, singleShot=True)
        self._still.timeout.connect(self.clear)

    @property
    def shown(self) -> QWidget:
        """What is saved as a picture: the numbers, without what they are chosen by."""
        return self

    def show_view(self, view: ValuesView, style: TextStyle, *, keep_place: bool) -> None:
        """Show another view, at the same place of the plane or from its beginning.

        What was drawn before stays for an instant, so that nothing flickers, and no longer.
        """
        self.view, self.style_of_text = view, style
        self._still.start()
        self.changed(keep_place)
        self.refresh()

    def drawn(self) -> None:
        """What is drawn is of the present view."""
        self._still.stop()

    def clear(self) -> None:
        """The numbers are not there yet: show none rather than those of another view."""

    def changed(self, keep_place: bool) -> None:
        """There is another view."""

    def refresh(self) -> None:
        """Numbers may have arrived: draw what is held, ask for what is not."""

    def set_lit(self, cells: list[tuple[int, int]]) -> None:
        """Mark the cells that reach the byte under the pointer of another pane."""

    @property
    def coloured(self) -> Sight | None:
        """What the colours show: derivatives, or the numbers themselves."""
        return self.view.derivative or self.view.sight

    def statistics_of_colours(self) -> Statistics | None:
        """Statistics of all that the colours show."""
        sight, dims = self.coloured, len(self.view.shape)
        if sight is None or self.view.plane is None:
            return None
        return self.reader.statistics(sight, NumberBox((0,) * dims, self.view.shape, (1,) * dims))

    def statistics(self) -> Statistics | None:
        """Statistics of the whole sight, however little of it the plane shows."""
        view = self.view
        if view.sight is None or view.plane is None:
            return None
        dims = len(view.shape)
        return self.reader.statistics(view.sight, NumberBox((0,) * dims, view.shape, (1,) * dims))


def may_shrink(*widgets: QWidget) -> None:
    """Let widgets be narrower than their texts, so that a pane can be narrow."""
    for widget in widgets:
        widget.setMinimumWidth(24)
        policy = QSizePolicy.Policy.Preferred
        if isinstance(widget, QLabel):
            policy = QSizePolicy.Policy.Ignored
        widget.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
