"""Steps that write into storages which were there before, each with who saw it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from explorer.model.card import storage_letter
from explorer.model.layout.aliases import write_sentence
from explorer.model.recording import Recording
from explorer.ui.layout.write_reader import WriteReader
from explorer.ui.session import Session
from explorer.ui.theme import mono_font, theme, ui_font

TITLES = ("step", "line", "statement", "storage", "what it did")
STEP, LINE, CODE, STORAGE, TOLD = range(5)

_Index = QModelIndex | QPersistentModelIndex


class WritesTable(QAbstractTableModel):
    """Rows are step indices; what a write changed is asked for when its row is seen."""

    def __init__(
        self, session: Session, reader: WriteReader, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._reader = reader
        self._steps: list[int] = []

    def show_steps(self, steps: list[int]) -> None:
        """Show other steps."""
        if steps != self._steps:
            self.beginResetModel()
            self._steps = steps
            self.endResetModel()

    def told(self) -> None:
        """Answers have come: draw the sentences anew."""
        if self._steps:
            last = self.index(len(self._steps) - 1, TOLD)
            self.dataChanged.emit(self.index(0, STORAGE), last)

    def step(self, row: int) -> int:
        """Step index of a row, -1 when there is none."""
        return self._steps[row] if 0 <= row < len(self._steps) else -1

    def row_of(self, step: int) -> int:
        """The row of a step, -1 when it wrote nothing."""
        return self._steps.index(step) if step in self._steps else -1

    @property
    def _recording(self) -> Recording:
        return self._session.recording

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._steps)

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
        step, column = self._steps[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(step, column)
        if role == Qt.ItemDataRole.FontRole:
            return ui_font(13) if column == TOLD else mono_font(12)
        if role == Qt.ItemDataRole.ForegroundRole and column == TOLD:
            seen = self._reader.seen(step) or []
            return theme().warning if any(one.seen_by for one in seen) else theme().muted
        return None

    def _text(self, step: int, column: int) -> str:
        recording = self._recording
        if column == STEP:
            return recording.steps.label(step)
        if column == LINE:
            return str(recording.step(step).statement.line or "")
        if column == CODE:
            made = recording.step(step)
            return made.node.name if made.node is not None else made.statement.code
        seen = self._reader.seen(step)
        if seen is None:
            return "…"
        if column == STORAGE:
            return ", ".join(storage_letter(one.write.storage) for one in seen[:4])
        return write_sentence(seen)
