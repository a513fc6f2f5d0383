"""The module tree as a Qt model: one row per module, container or tensor."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics

from explorer.model.card import Card, storage_letter
from explorer.model.training.modules import Branch, totals
from explorer.ui.theme import mono_font, theme, ui_font

COLUMNS = ("name", "kind", "shape", "numbers", "grad", "storage")

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROW_HEIGHT = 22
AIR = 24
"""Pixels beside a text."""


class ModuleTable(QAbstractItemModel):
    """Shows one `Branch` tree; `set_tree` replaces it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Branch("", "", 0)
        self._changed: set[str] = set()

    def set_tree(self, root: Branch, changed: set[str]) -> None:
        """Show another tree; ``changed`` paths are marked."""
        self.beginResetModel()
        self._root = root
        self._changed = changed
        self.endResetModel()

    def branch(self, index: Index) -> Branch:
        """The place that an index stands for."""
        found = index.internalPointer() if index.isValid() else self._root
        assert isinstance(found, Branch)
        return found

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        children = self.branch(parent).children
        if not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        above = self.branch(index).parent
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return len(self.branch(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        branch = self.branch(index)
        name = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return module_text(branch, name)
        if role == Qt.ItemDataRole.FontRole and name in ("shape", "numbers"):
            return mono_font(12)
        if role == Qt.ItemDataRole.BackgroundRole and branch.path in self._changed:
            return theme().current_line
        if role == Qt.ItemDataRole.ForegroundRole and branch.card is None and name != "name":
            return theme().muted
        if role == Qt.ItemDataRole.ForegroundRole and branch.kind and name == "name":
            return theme().muted
        if role == Qt.ItemDataRole.ToolTipRole:
            return branch.path
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._size(module_text(branch, name), name)
        return None

    @staticmethod
    def _size(text: str, name: str) -> QSize:
        metrics = QFontMetrics(mono_font(12) if name in ("shape", "numbers") else ui_font())
        return QSize(metrics.horizontalAdvance(text) + AIR, ROW_HEIGHT)


def module_text(branch: Branch, column: str) -> str:
    """What a column says of a tensor, or of a module as the sum of what lies below."""
    if column == "name":
        return branch.label
    if branch.kind:
        return _activation_text(branch, column)
    if branch.card is not None:
        return _tensor_text(branch.card, column)
    below = totals(branch)
    if column == "kind":
        return branch.words or "module"
    if column == "numbers":
        return f"{below.numbers:,}"
    if column == "grad":
        return f"{below.with_grad} of {below.parameters}"
    return ""


def _activation_text(branch: Branch, column: str) -> str:
    if column == "kind":
        return "activation" if branch.kind == "output" else "gradient"
    if branch.card is None:
        return branch.words if column == "shape" else "not kept" if column == "storage" else ""
    return "" if column == "grad" else _tensor_text(branch.card, column)


def _tensor_text(card: Card, column: str) -> str:
    if column == "kind":
        return card.kind.type if card.kind.type == "Parameter" else "buffer"
    if column == "shape":
        return " × ".join(map(str, card.kind.shape)) or "scalar"
    if column == "numbers":
        return f"{card.numel:,}"
    if column == "grad":
        if card.grad:
            return "filled"
        return "none yet" if card.kind.requires_grad else "not required"
    return storage_letter(card.storage)
