"""The tensors on one storage as rows: colour of their track, names, shape, stride, overlap."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from explorer.model.layout.pointed import Pointed, indices_reaching
from explorer.model.layout.reach import places_reached
from explorer.model.layout.sharers import Sharer
from explorer.model.tensor_words import shape_words, size_words
from explorer.ui.layout.storage_colours import swatch
from explorer.ui.theme import mono_font, theme, ui_font
from explorer.ui.widgets.storage.strip_painting import track_colour

TITLES = ("name", "shape", "stride", "offset", "reaches", "overlap")

_Index = QModelIndex | QPersistentModelIndex


class SharersTable(QAbstractTableModel):
    """Rows of `Sharer`; the first is the chosen tensor when `chosen` says so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Sharer] = []
        self._letter = ""
        self._chosen = 0
        self._pointed: Pointed | None = None

    def show_sharers(self, rows: list[Sharer], letter: str, chosen: int) -> None:
        """Show other rows; `chosen` is the tensor id of the one looked at, 0 for none."""
        if (rows, letter, chosen) == (self._rows, self._letter, self._chosen):
            return
        self.beginResetModel()
        self._rows, self._letter, self._chosen = rows, letter, chosen
        self.endResetModel()

    def set_pointed(self, pointed: Pointed | None) -> None:
        """Tint the rows of tensors that reach a byte."""
        self._pointed = pointed
        if self._rows:
            last = self.index(len(self._rows) - 1, len(TITLES) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.BackgroundRole])

    def sharer(self, row: int) -> Sharer | None:
        """The tensor of a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return swatch(self._colour(index.row()))
        if role == Qt.ItemDataRole.BackgroundRole and self._pointed is not None:
            reached = indices_reaching(row.card, self._pointed, most=1)
            return theme().current_line if reached else None
        if role == Qt.ItemDataRole.FontRole:
            if index.column() == 0:
                return ui_font(13, bold=row.card.tensor == self._chosen)
            return mono_font(12)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == len(TITLES) - 1:
            return theme().warning if row.overlaps else theme().muted
        return None

    def _text(self, row: Sharer, column: int) -> str:
        kind = row.card.kind
        reached = places_reached(row.layout)
        texts = (
            row.title,
            shape_words(row.layout.shape),
            ", ".join(map(str, row.layout.stride)) or "–",
            str(row.layout.offset),
            "…" if reached is None else size_words(reached * kind.itemsize),
            self._overlap_text(row),
        )
        return texts[column]

    def _overlap_text(self, row: Sharer) -> str:
        if row.card.tensor == self._chosen:
            return "chosen"
        if row.overlaps is None:
            return "not known"
        return "shares places" if row.overlaps else "apart"

    def _colour(self, row: int) -> QColor:
        """The colour of the row's track; the chosen tensor has the storage's own."""
        first = 1 if self._rows and self._rows[0].card.tensor == self._chosen else 0
        if row < first:
            return theme().storage_colour(self._letter)
        return track_colour(theme(), self._letter, row - first)
