"""Which dimensions go down and across, and where all others stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.model.values.plane import Plane
from explorer.ui.widgets.numbers.dimension_row import DimensionRow

MOST_ROWS = 3
"""Dimensions that are seen at once; with more of them the rows scroll."""
ROW_HEIGHT = 30


class DimensionBar(QWidget):
    """Shows a `Plane`'s choices; hidden where there is nothing to choose."""

    plane_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plane: Plane | None = None
        self._names: Sequence[str] = ()
        self.rows: list[DimensionRow] = []
        self._built = False

    def _build(self) -> None:
        """Most programs never have more than two dimensions."""
        self._built = True
        self._inner = QWidget(self)
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName("Dimensions held fast")
        self._area.setWidget(self._inner)
        self.down, self.across = QComboBox(self), QComboBox(self)
        self.turn = QToolButton(self)
        self.turn.setObjectName("flat")
        self.turn.setText("⇄ T")
        self.turn.setToolTip("Swap rows and columns (T)")
        self.turn.setAccessibleName("Swap rows and columns")
        head = QHBoxLayout()
        head.setSpacing(6)
        for text, box in (("down", self.down), ("across", self.across)):
            label = QLabel(text, self)
            label.setObjectName("muted")
            box.setAccessibleName(f"Dimension that goes {text}")
            box.setMinimumWidth(40)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            head.addWidget(label)
            head.addWidget(box)
        head.addWidget(self.turn)
        head.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 0, 10, 2)
        whole.setSpacing(2)
        whole.addLayout(head)
        whole.addWidget(self._area)
        self.down.activated.connect(lambda at: self._choose(self.down, at, "with_down"))
        self.across.activated.connect(lambda at: self._choose(self.across, at, "with_across"))
        self.turn.clicked.connect(self._turn)

    def show_plane(self, plane: Plane | None, names: Sequence[str] = ()) -> None:
        """Show the choices of a plane; ``names`` are its dimensions' names where it has any."""
        self._plane, self._names = plane, names
        several = plane is not None and sum(axis.dim is not None for axis in plane.axes) > 2
        if several and not self._built:
            self._build()
        self.setVisible(several)
        if plane is None or not several:
            self.stop()
            return
        for box, shown in ((self.down, plane.down), (self.across, plane.across)):
            box.clear()
            for number, axis in enumerate(plane.axes):
                if axis.dim is not None:
                    box.addItem(f"{self._title(axis.dim)} ({axis.count:,})", number)
            box.setCurrentIndex(box.findData(shown))
        others = plane.others
        while len(self.rows) < len(others):
            row = DimensionRow(self._inner)
            row.position_chosen.connect(partial(self._moved, len(self.rows)))
            self._column.addWidget(row)
            self.rows.append(row)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(others))
            if at < len(others):
                axis = plane.axes[others[at]]
                title = self._title(axis.dim or 0)
                row.show_axis(title, axis.count, axis.start, axis.step, plane.positions[others[at]])
            else:
                row.stop()
        self._area.setFixedHeight(min(len(others), MOST_ROWS) * ROW_HEIGHT)

    def stop(self) -> None:
        """End every film."""
        for row in self.rows:
            row.stop()

    def step(self, by: int) -> None:
        """Move the last dimension that is not shown."""
        if self._plane is not None and self._plane.others:
            at = len(self._plane.others) - 1
            self.rows[at].go(self._plane.positions[self._plane.others[at]] + by)

    def _title(self, dim: int) -> str:
        name = self._names[dim] if dim < len(self._names) else ""
        return f"{name} (dim {dim})" if name else f"dim {dim}"

    def _moved(self, at: int, position: int) -> None:
        if self._plane is not None and at < len(self._plane.others):
            self._tell(self._plane.at(self._plane.others[at], position))

    def _choose(self, box: QComboBox, at: int, way: str) -> None:
        if self._plane is not None:
            number = box.itemData(at)
            chosen = self._plane.with_down if way == "with_down" else self._plane.with_across
            self._tell(chosen(number))

    def _turn(self) -> None:
        if self._plane is not None:
            self._tell(self._plane.transposed())

    def _tell(self, plane: Plane) -> None:
        if plane != self._plane:
            self.plane_chosen.emit(plane)
