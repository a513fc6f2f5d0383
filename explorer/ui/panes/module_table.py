"""The module tree as a Qt model: one row per module, container or tensor."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics

from explorer.model.card import Card, storage_letter
from explorer.model.tensor_words import shape_words
from explorer.model.training.modules import Branch, totals
from explorer.protocol.values import Brief
from explorer.ui.tensors.row_words import ON_META, brief_words, range_words
from explorer.ui.theme import mono_font, theme, ui_font

COLUMNS = ("name", "kind", "shape", "range", "dtype", "numbers", "grad", "storage")
MONO = ("shape", "range", "dtype", "numbers")

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
ROW_HEIGHT = 22
AIR = 24
"""Pixels beside a text."""


class ModuleTable(QAbstractItemModel):
    """Shows one `Branch` tree; `set_tree` replaces it. ``brief_of`` tells what is known of the
    numbers of a tensor's row, and asks for what is not; only rows that are drawn ask it."""

    wider = Signal(int)
    """Pixels that the longest range so far takes."""

    def __init__(
        self, brief_of: Callable[[Branch], Brief | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._brief_of = brief_of
        self._longest = 0
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
            return self._text(branch, name)
        if role == Qt.ItemDataRole.FontRole and name in MONO:
            return mono_font(12)
        if role == Qt.ItemDataRole.BackgroundRole and branch.path in self._changed:
            return theme().current_line
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(branch, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._text(branch, name) if name == "range" else tip(branch)
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._size(branch, name)
        return None

    def _text(self, branch: Branch, column: str) -> str:
        if column != "range":
            return module_text(branch, column)
        text = _range_again(branch)
        if branch.card is not None:
            text = range_words(branch.card, self._brief_of(branch))
        if len(text) > self._longest:
            self._longest = len(text)
            self.wider.emit(QFontMetrics(mono_font(12)).horizontalAdvance(text) + AIR)
        return text

    def _colour(self, branch: Branch, column: str) -> QColor | None:
        if column == "range":
            text = self._text(branch, column)
            if "NaN" in text or "Inf" in text:
                return theme().error
        if branch.kind if column == "name" else branch.card is None:
            return theme().muted
        return None

    @staticmethod
    def _size(branch: Branch, column: str) -> QSize:
        text = module_text(branch, column) if column != "range" else ""
        metrics = QFontMetrics(mono_font(12) if column in MONO else ui_font())
        return QSize(metrics.horizontalAdvance(text) + AIR, ROW_HEIGHT)


def _range_again(branch: Branch) -> str:
    if branch.output is not None and branch.output.device == "meta":
        return ON_META
    return brief_words(branch.again) if branch.again is not None else ""


def tip(branch: Branch) -> str:
    """The path of a row, and where what it says is from when that is not the recording."""
    if branch.again is None:
        return branch.path
    words = f"{branch.path}: seen when the program was run again; not in this recording."
    return f"{words} {branch.again.sentence}".rstrip()


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
        return branch.words or ("list" if _is_list(branch) else "module")
    if column == "numbers":
        return f"{below.numbers:,}"
    if column == "grad":
        return f"{below.with_grad} of {below.parameters}"
    return ""


def _is_list(branch: Branch) -> bool:
    """Whether it holds tensors by number and nothing else, as ``nn.LSTM`` holds its weights."""
    children = branch.children
    return bool(children) and all(
        child.card is not None and child.label.startswith("[") for child in children
    )


def _activation_text(branch: Branch, column: str) -> str:
    if column == "kind":
        return "activation" if branch.kind == "output" else "gradient"
    if branch.card is not None:
        return "" if column == "grad" else _tensor_text(branch.card, column)
    if column == "storage":
        return "not kept"
    output = branch.output
    if output is None:
        return ""
    if column == "shape":
        return shape_words(output.shape)
    if column == "dtype":
        return output.dtype
    known = column == "numbers" and min(output.shape, default=0) >= 0
    return f"{prod(output.shape):,}" if known else ""


def _tensor_text(card: Card, column: str) -> str:
    if column == "kind":
        return card.kind.type if card.kind.type == "Parameter" else "buffer"
    if column == "shape":
        return shape_words(card.kind.shape)
    if column == "dtype":
        return card.kind.dtype
    if column == "numbers":
        return f"{card.numel:,}"
    if column == "grad":
        if card.grad:
            return "filled"
        return "none yet" if card.kind.requires_grad else "not required"
    return storage_letter(card.storage)
