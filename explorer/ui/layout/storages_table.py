"""All storages that names hold at a step, as a table; rows are looked into when they are seen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from explorer.model.card import storage_letter
from explorer.model.layout.holders import Holder, Holders
from explorer.model.layout.sharers import sharers
from explorer.model.layout.why import kept_alive_sentence, reach_of
from explorer.model.memory.saved_lifetimes import SavedLifetimes
from explorer.model.recording import Recording
from explorer.model.tensor_words import size_words
from explorer.ui.layout.storage_colours import swatch
from explorer.ui.theme import mono_font, theme, ui_font

TITLES = ("storage", "bytes", "device", "names", "since step", "remark")
STORAGE, BYTES, DEVICE, NAMES, SINCE, REMARK = range(6)
MOST_NAMED = 6
MOST_SAVERS = 2
SAVED = "saved for backward by"

_Index = QModelIndex | QPersistentModelIndex


class StoragesTable(QAbstractTableModel):
    """Rows are storage ids; all else is asked of the recording when it is drawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recording = Recording()
        self._holders = Holders(self._recording)
        self._step = -1
        self._storages: list[int] = []
        self._known: dict[int, list[Holder]] = {}
        self._kept: SavedLifetimes | None = None
        self._by, self._order = STORAGE, Qt.SortOrder.AscendingOrder

    def show_step(
        self,
        recording: Recording,
        holders: Holders,
        step: int,
        storages: list[int],
        kept: SavedLifetimes | None = None,
    ) -> None:
        """Show the storages of another step; ``kept`` knows what graphs saved."""
        self.beginResetModel()
        self._kept = kept
        self._recording, self._holders, self._step = recording, holders, step
        self._known.clear()
        self._storages = self._sorted(storages)
        self.endResetModel()

    def storage(self, row: int) -> int:
        """Storage id of a row, 0 when there is none."""
        return self._storages[row] if 0 <= row < len(self._storages) else 0

    def row_of(self, storage: int) -> int:
        """The row of a storage, -1 when it is not there."""
        return self._storages.index(storage) if storage in self._storages else -1

    def names_on(self, storage: int) -> list[Holder]:
        """Who holds a storage."""
        if storage not in self._known:
            self._known[storage] = self._holders.on_storage(self._step, storage)
        return self._known[storage]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by letter or by bytes; other columns sort by letter."""
        self._by, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        self._storages = self._sorted(self._storages)
        self.layoutChanged.emit()

    def _sorted(self, storages: list[int]) -> list[int]:
        backwards = self._order == Qt.SortOrder.DescendingOrder
        if self._by == BYTES:
            return sorted(storages, key=self._bytes, reverse=backwards)
        if self._by == SINCE:
            return sorted(storages, key=self._since, reverse=backwards)
        return sorted(storages, reverse=backwards)

    def _bytes(self, storage: int) -> int:
        content = self._recording.content(self._step, storage)
        return content.nbytes if content is not None else 0

    def _since(self, storage: int) -> int:
        history = self._recording.contents_history(storage)
        return history[0][0] if history else -1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._storages)

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
        storage, column = self._storages[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(storage, column)
        if role == Qt.ItemDataRole.ToolTipRole and column in (NAMES, REMARK):
            return self._text(storage, column)
        if role == Qt.ItemDataRole.DecorationRole and column == STORAGE:
            return swatch(theme().storage_colour(storage_letter(storage)))
        if role == Qt.ItemDataRole.FontRole:
            if column == STORAGE:
                return ui_font(13, bold=True)
            return ui_font(13) if column in (NAMES, REMARK) else mono_font(12)
        if role == Qt.ItemDataRole.ForegroundRole and column == REMARK:
            return (
                theme().muted if self._text(storage, REMARK).startswith(SAVED) else theme().warning
            )
        return None

    def _text(self, storage: int, column: int) -> str:
        if column == STORAGE:
            return storage_letter(storage)
        if column == BYTES:
            return size_words(self._bytes(storage))
        if column == SINCE:
            step = self._since(storage)
            return self._recording.steps.label(step) if step >= 0 else ""
        found = self.names_on(storage)
        if column == DEVICE:
            return self._device(storage, found)
        if column == NAMES:
            names = [one.title for one in found]
            if not names:
                return "no name"
            more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            return ", ".join(names[:MOST_NAMED]) + more
        return self._remark(storage, found)

    def _device(self, storage: int, found: list[Holder]) -> str:
        if found:
            return found[0].card.kind.device
        for one in self._kept.savers(self._step, storage) if self._kept is not None else ():
            card = self._recording.card(self._step, one.tensor)
            if card is not None:
                return card.kind.device
        return ""

    def _remark(self, storage: int, found: list[Holder]) -> str:
        """Points out a small view that keeps a large storage, and what a graph saved."""
        saved = self._saved_by(storage)
        held = self._bytes(storage)
        everyone = sharers(found[:MOST_NAMED], None)
        if not everyone or len(found) > MOST_NAMED:
            return saved
        reaches = [reach_of(one.layout, one.card.kind.itemsize, held) for one in everyone]
        alive = kept_alive_sentence([one.names[0] for one in everyone], reaches, held)
        return " ".join(one for one in (alive, saved) if one)

    def _saved_by(self, storage: int) -> str:
        """`saved for backward by ExpBackward0 of line 3`; empty when no graph keeps it."""
        savers = self._kept.savers(self._step, storage) if self._kept is not None else []
        if not savers:
            return ""
        told = []
        for one in savers[:MOST_SAVERS]:
            line = self._recording.step(one.start).statement.line
            told.append(f"{one.name} of line {line}")
        more = f" and {len(savers) - MOST_SAVERS} more" if len(savers) > MOST_SAVERS else ""
        return f"{SAVED} {', '.join(told)}{more}"
