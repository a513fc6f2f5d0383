"""The bits of the current cell."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from explorer.model.numbers import TextStyle, known
from explorer.model.tile_cache import block_at
from explorer.model.values.bits import bits_of
from explorer.ui.values.reader import ValuesReader
from explorer.ui.values.tab import ValuesTab
from explorer.ui.widgets.numbers.bits_view import BitsView


class BitsTab(ValuesTab):
    """Takes the number of the current cell apart; of the first one where none is chosen."""

    def __init__(self, reader: ValuesReader, parent: QWidget) -> None:
        super().__init__(reader, parent)
        self.bits = BitsView(self)
        area = QScrollArea(self)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName("Bits of the number")
        area.setWidgetResizable(True)
        area.setWidget(self.bits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.setFocusProxy(area)

    @property
    def shown(self) -> QWidget:
        return self.bits

    def clear(self) -> None:
        """No bits until there are those of this cell."""
        self.bits.show_number("", ())

    def refresh(self) -> None:
        view = self.view
        if view.page is not None or view.plane is None or view.sight is None:
            self.bits.show_number("", ())
            return
        row, column = view.cell or (0, 0)
        region = block_at(row, column, view.plane.rows, view.plane.columns)
        block = self.reader.block(view.sight, view.plane, region)
        index = ", ".join(map(str, view.plane.index_of(row, column)))
        name = f"{view.name}[{index}]" if index else view.name
        if block is None:
            self.reader.want_blocks(view.sight, view.plane, [region])
            return
        self.drawn()
        code = int.from_bytes(block.element(row, column), "little")
        text = block.text(row, column, TextStyle("exact"))
        numbers = bits_of(known(block.dtype), code)
        self.bits.show_number(f"{name} = {text}   {block.dtype}", numbers)
