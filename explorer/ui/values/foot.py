"""The line below the numbers: what they are like, and the number of the current cell."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import block_at
from explorer.model.values.view import ValuesView, plain
from explorer.model.values.words import bad_words, statistics_words
from explorer.protocol.values import Statistics
from explorer.ui.theme import mono_font, theme
from explorer.ui.values.reader import ValuesReader

ROOM = 700
"""From this width on, in pixels, words and number stand side by side."""


class ValuesFoot(QWidget):
    """Says in words what the pane shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.cell = QLabel(self), QLabel(self)
        self.words.setObjectName("muted")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.cell.setFont(mono_font(12))
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        for label in (self.words, self.cell):
            label.setTextInteractionFlags(flags)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, 2, 12, 5)
        self._row.setSpacing(2)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.cell)
        self._view = ValuesView()
        self._reader: ValuesReader | None = None
        self._style = TextStyle()
        self._said = ""
        self._waiting = False
        self.derivative_words: Callable[[ValuesView, tuple[int, int]], str] = lambda *_: ""
        """What stands behind the number of a cell while derivatives are shown."""

    def show_view(
        self, view: ValuesView, found: Statistics | None, reader: ValuesReader, style: TextStyle
    ) -> None:
        """Describe a view; its statistics are None while they are being counted."""
        if view.sight != self._view.sight:
            self._said = ""
        self._view, self._reader, self._style = view, reader, style
        self._found = found
        self._write()
        self._show_cell(view.cell)

    def say(self, sentence: str) -> None:
        """What came of a gesture; it stands until another tensor or step is looked at."""
        self._said = sentence
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words and number side by side where there is room, else one above the other."""
        beside = event.size().width() >= ROOM
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != way:
            self._row.setDirection(way)
        super().resizeEvent(event)

    def show_waiting(self, waiting: bool) -> None:
        """Whether the worker has not answered for a while."""
        self._waiting = waiting
        self._write()

    def show_hovered(self, cell: tuple[int, int] | None) -> None:
        """Say the number under the pointer, or else of the current cell."""
        self._show_cell(cell if cell is not None else self._view.cell)

    def _write(self) -> None:
        view, found = self._view, getattr(self, "_found", None)
        words = ""
        if view.page is None and view.card is not None and found is not None:
            words = statistics_words(found, self._dtype())
            bad = ", ".join(bad_words(found))
            if bad:
                strong = f'<b style="color:{theme().error.name()}">{bad}</b>'
                words = words.replace(bad, strong)
        if self._waiting:
            words = f"Waiting for the program's process; Esc gives up. {words}"
        if self._said:
            words = f"{self._said} {words}"
        self.words.setText(words)
        self.setAccessibleDescription(words)

    def _dtype(self) -> str:
        """The dtype of the numbers; parts of a tensor have others than the tensor."""
        sight = self._view.sight
        if self._reader is not None and sight is not None and not plain(sight):
            known = self._reader.shape_of(sight)
            if known is not None:
                return known.dtype
        return self._view.dtype

    def _show_cell(self, cell: tuple[int, int] | None) -> None:
        view, text = self._view, ""
        if cell is not None and view.plane is not None and view.page is None:
            index = ", ".join(map(str, view.plane.index_of(*cell)))
            text = f"{view.name}[{index}]"
            if self._reader is not None and view.sight is not None:
                region = block_at(*cell, view.plane.rows, view.plane.columns)
                block = self._reader.block(view.sight, view.plane, region)
                if block is not None:
                    text += f" = {block.text(*cell, TextStyle('exact'))}"
            further = self.derivative_words(view, cell)
            text += f"\n{further}" if further else ""
        self.cell.setText(text)
        self.cell.setVisible(bool(text))
