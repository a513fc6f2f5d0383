"""The tensors of a moment as a table. A row's card is looked up when it is shown, not before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from explorer.model.card import Card
from explorer.protocol.values import Brief
from explorer.ui.sensitivity import SensitivityDesk
from explorer.ui.session import Session
from explorer.ui.tensors.briefs import BriefReader
from explorer.ui.tensors.row import TITLES, Column, Row
from explorer.ui.tensors.row_words import in_words, texts_of

Index = QModelIndex | QPersistentModelIndex
LEAF_STRENGTH = 0.6
"""Of leaves it is not known how strong their derivatives are without looking at each."""
FULL_LOOK = 2000
"""With at most so many rows, views are told by their storage; with more, by autograd alone."""
MOST_DRAWN = 300
"""Rows that are compared when the moment changes; with more drawn ones, all are drawn anew."""

OF_CODE = (Column.SHAPE, Column.STRIDE, Column.RANGE)
"""Columns whose texts may be of any length, in letters that are all of one width."""

ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class TensorTable(QAbstractTableModel):
    """Names of the step's frame, filtered and sorted."""

    longer = Signal(int, str)
    """A column, and a text that may be wider than all that have been told of it."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._briefs = BriefReader(session, self)
        self._briefs.arrived.connect(self.refresh)
        self._desk = SensitivityDesk.of(session)
        self._desk.changed.connect(self.refresh)
        self._step = -1
        self.recording = session.recording
        self._names: list[tuple[str, int]] = []
        self._shown: list[tuple[str, int]] = []
        self._first_of_storage: dict[int, str] = {}
        self._name_of_tensor: dict[int, str] = {}
        self._changed: tuple[set[int], set[int], set[str]] = (set(), set(), set())
        self._known: dict[int, tuple[Row, tuple[str, ...]]] = {}
        self._drawn: dict[int, Row] = {}
        self._longest = dict.fromkeys(OF_CODE, 0)
        self._grads: set[str] = set()
        self._filter = ""
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    # What Qt asks.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == ROW_ROLE:
            return self.row(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.told(index.row())[1][index.column()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return in_words(self.row(index.row()))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order) if column >= 0 else None
        self._arrange()

    # What the pane asks.

    @property
    def step(self) -> int:
        """The step whose names it shows."""
        return self._step

    @property
    def total(self) -> int:
        """Rows without the filter."""
        return len(self._names)

    def show_step(self, step: int) -> None:
        """Take the names of a step."""
        recording = self.recording = self._session.recording
        self._step = step
        self._names = list(recording.names_at(step).items())
        change = recording.change(step)
        self._changed = (
            {row[0] for row in change.cards} if change else set(),
            {row[0] for row in change.contents} if change else set(),
            {path for path, tensor in change.names if tensor} if change else set(),
        )
        self._find_views()
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Keep the rows in whose words every one of these words occurs."""
        self._filter = text.casefold().strip()
        self._arrange()

    def row(self, place: int) -> Row:
        """Everything about a row."""
        return self.told(place)[0]

    def told(self, place: int) -> tuple[Row, tuple[str, ...]]:
        """Everything about a row, and the text of each of its cells."""
        known = self._known.get(place)
        if known is None:
            name, tensor = self._shown[place]
            card = self._session.recording.card(self._step, tensor)
            assert card is not None, "a name leads to a tensor that was never described"
            row = self._made(name, card, self._briefs.of(self._step, card))
            known = self._known[place] = row, texts_of(row)
            self._tell_longer(known[1])
        return known

    def _tell_longer(self, texts: tuple[str, ...]) -> None:
        for column in OF_CODE:
            if len(texts[column]) > self._longest[column]:
                self._longest[column] = len(texts[column])
                self.longer.emit(column, texts[column])
        if texts[Column.GRAD] not in self._grads:
            self._grads.add(texts[Column.GRAD])
            self.longer.emit(Column.GRAD, texts[Column.GRAD])

    def draw(self, place: int) -> tuple[Row, tuple[str, ...]]:
        """The same for whoever draws it: a row that becomes another is then drawn anew."""
        known = self.told(place)
        self._drawn[place] = known[0]
        return known

    def refresh(self) -> None:
        """More is known: draw the rows again of which another thing is to be said."""
        self._known.clear()
        drawn, last = self._drawn, len(TITLES) - 1
        if len(drawn) > MOST_DRAWN:
            drawn.clear()
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, last))
        for place in [place for place, row in drawn.items() if self.row(place) != row]:
            self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def row_of(self, name: str) -> int:
        """Where a name stands; -1 when it is not shown."""
        return next((at for at, (path, _) in enumerate(self._shown) if path == name), -1)

    def name_at(self, place: int) -> tuple[str, int]:
        """Name and tensor id of a row."""
        return self._shown[place]

    def changed_names(self) -> list[str]:
        """Names that this step changed, in order."""
        return [name for name, tensor in self._names if self._is_changed(name, tensor)]

    def storages(self) -> tuple[int, int]:
        """How many storages the names look into, and their bytes together."""
        contents = {}
        for _, tensor in self._names:
            card = self._session.recording.card(self._step, tensor)
            if card is not None and card.storage not in contents:
                contents[card.storage] = self._session.recording.content(self._step, card.storage)
        held = sum(content.nbytes for content in contents.values() if content is not None)
        return len(contents), held

    # Within.

    def _made(self, name: str, card: Card, brief: Brief | None) -> Row:
        recording = self._session.recording
        first = self._first_of_storage.get(card.storage, name)
        first_name = self._name_of_tensor.get(card.tensor, name)
        view_of = first if first != name else self._name_of_tensor.get(card.base, "")
        grad = recording.card(self._step, card.grad) if card.grad else None
        content = recording.content(self._step, card.storage)
        return Row(
            name,
            card,
            content,
            grad,
            view_of if view_of != name else "",
            self._is_changed(name, card.tensor),
            brief,
            *self._derivative(name, card),
            same_as=first_name if first_name != name else "",
        )

    def _derivative(self, name: str, card: Card) -> tuple[float, str]:
        """Of a tensor that the chosen cell depends on or flows to: how strongly, and in words."""
        found = self._desk.found
        if found is None or card.tensor not in found.derivatives:
            return -1.0, ""
        strength = found.strength(card.node) if card.node else LEAF_STRENGTH
        return (strength if strength >= 0 else LEAF_STRENGTH), found.words(name)

    def _is_changed(self, name: str, tensor: int) -> bool:
        cards, storages, names = self._changed
        if name in names or tensor in cards:
            return True
        if not storages:
            return False
        card = self._session.recording.card(self._step, tensor)
        if card is None:
            return False
        grad = self._session.recording.card(self._step, card.grad) if card.grad else None
        return card.storage in storages or (grad is not None and grad.storage in storages)

    def _find_views(self) -> None:
        self._name_of_tensor = {tensor: name for name, tensor in reversed(self._names)}
        self._first_of_storage = {}
        if len(self._names) > FULL_LOOK:
            return
        first: dict[int, tuple[int, str]] = {}
        for name, tensor in self._names:
            card = self._session.recording.card(self._step, tensor)
            if card is not None and card.storage:
                other = first.get(card.storage)
                if other is None or tensor < other[0]:
                    first[card.storage] = (tensor, name)
        self._first_of_storage = {storage: name for storage, (_, name) in first.items()}

    def _arrange(self) -> None:
        shown = self._names
        if self._filter:
            words = self._filter.split()
            shown = [pair for pair in shown if self._passes(pair, words)]
        if self._sorted_by is not None:
            column, order = self._sorted_by
            key = self._sort_key(Column(column))
            shown = sorted(shown, key=key, reverse=order == Qt.SortOrder.DescendingOrder)
        if shown == self._shown:
            self.refresh()
            return
        self.beginResetModel()
        self._known.clear()
        self._drawn.clear()
        self._shown = list(shown)
        self.endResetModel()

    def _plain(self, pair: tuple[str, int]) -> Row | None:
        card = self._session.recording.card(self._step, pair[1])
        return self._made(pair[0], card, None) if card is not None else None

    def _passes(self, pair: tuple[str, int], words: list[str]) -> bool:
        row = self._plain(pair)
        if row is None:
            return False
        told = " ".join(texts_of(row)[: Column.RANGE])
        told = f"{told} {'changed' if row.changed else ''}".casefold()
        return all(word in told for word in words)

    def _sort_key(self, column: Column) -> Callable[[tuple[str, int]], tuple[float, str]]:
        def key(pair: tuple[str, int]) -> tuple[float, str]:
            row = self._plain(pair)
            if row is None:
                return 0.0, pair[0]
            numbers: dict[Column, float] = {
                Column.SHAPE: row.card.numel,
                Column.OFFSET: row.card.kind.offset,
                Column.STORAGE: row.card.storage,
                Column.VERSION: row.card.version,
                Column.BYTES: row.card.numel * row.card.kind.itemsize,
            }
            if column in (Column.RANGE, Column.VALUES):
                brief = self._briefs.of(self._step, row.card)
                low = brief.low if brief is not None else None
                return (float("inf") if low is None else float(low)), row.name
            return numbers.get(column, 0.0), texts_of(row)[column].casefold()

        return key
