"""The storages pane: what is in memory at this step, who holds it, and how it came and went."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from explorer.model.card import storage_letter
from explorer.model.layout.aliases import listed
from explorer.model.tensor_words import size_words
from explorer.ui.layout.index import LayoutIndex
from explorer.ui.layout.saved_index import SavedIndex
from explorer.ui.layout.storages_table import NAMES, REMARK, STORAGE, StoragesTable
from explorer.ui.session import Session
from explorer.ui.theme import appearance
from explorer.ui.widgets.memory_chart import MemoryChart

ROW_HEIGHT = 26
WIDTHS = (76, 72, 60, 130, 84, 90)
SCROLL_BAR = 12
WIDE = 820
"""Pixels from which the chart has room beside the table."""


class StoragesPane(QWidget):
    """Choosing a row looks at a tensor on that storage, the chart goes to a step."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._index = LayoutIndex.of(session)
        self._saved = SavedIndex.of(session)
        self._shown = (-2, 0)
        self.chart = MemoryChart(self)
        self.sentence = QLabel(self)
        self.table = StoragesTable(self)
        self.view = QTableView(self)
        self.empty = QLabel("No name has led to a storage yet.", self)
        self._full = QWidget(self)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._full)
        self._set_up_view()
        self._lay_out()
        session.turns.on_moment(self._refresh)
        self._index.grown.connect(self._grown)
        self._saved.changed.connect(self._saved_changed)
        self.chart.step_chosen.connect(session.go)
        appearance().changed.connect(self.view.viewport().update)
        self._refresh()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setAccessibleName("Storages")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setIconSize(QSize(10, 10))
        view.setSortingEnabled(True)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setSortIndicator(STORAGE, Qt.SortOrder.AscendingOrder)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, width in enumerate(WIDTHS):
            header.resizeSection(column, width)
        view.activated.connect(self._row_activated)
        view.clicked.connect(self._row_activated)

    def _lay_out(self) -> None:
        self.sentence.setObjectName("muted")
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(10, 4, 10, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sentence)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._body.addWidget(self.view, 3)
        self._body.addWidget(self.chart, 2)
        column.addWidget(self._full, 1)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        column.addWidget(self.empty, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a wide pane the chart stands beside the rows, and takes none from them."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        direction = QBoxLayout.Direction
        self._body.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self.chart.set_beside(wide)
        spare = self.width() * (3 if wide else 5) // 5 - sum(WIDTHS) - SCROLL_BAR
        header = self.view.horizontalHeader()
        header.resizeSection(NAMES, WIDTHS[NAMES] + max(spare // 2, 0))
        header.resizeSection(REMARK, WIDTHS[REMARK] + max(spare - spare // 2, 0))

    def _saved_changed(self) -> None:
        self._shown = (-2, 0)
        self._refresh()

    def _grown(self) -> None:
        self._session.turns.ask(self._refresh)

    def _refresh(self) -> None:
        step, index, kept = self._session.moment.step, self._index, self._saved.lifetimes
        recording = self._session.recording
        steps, held = index.memory.changes() if kept is None else kept.changes()
        count = index.memory.followed
        last = recording.steps.label(count - 1) if 0 < count <= len(recording) else ""
        self.chart.set_changes(steps, held, count, last)
        self.chart.set_current(step)
        nothing = not any(held)
        self.sentence.setHidden(nothing)
        self._full.setHidden(nothing)
        self.empty.setVisible(nothing)
        known = index.knows(step)
        if (step, id(recording)) != self._shown or not known:
            self._shown = (step, id(recording)) if known else (-2, 0)
            storages = index.memory.storages_held(step) if known else []
            self.sentence.setText(self._words(step, len(storages)))
            if kept is not None and known:
                storages = sorted({*storages, *kept.storages_kept(step)})
            self.table.show_step(recording, index.holders, step, storages, kept)
        self._mark_chosen()

    def _words(self, step: int, count: int) -> str:
        gone = self._index.memory.storages_let_go(step)
        kept = self._saved.lifetimes
        only = kept.beyond_names(step) if kept is not None else 0
        if not count and not gone and not only:
            return "No name leads to a storage at this step."
        held = size_words(self._index.memory.held(step))
        told = f"{count} storage{'' if count == 1 else 's'} held by names, {held} in all."
        if only:
            told += f" Graphs keep {size_words(only)} more for backward."
        if gone:
            letters = listed([storage_letter(storage) for storage in gone])
            held_on = [one for one in gone if kept is not None and kept.savers(step, one)]
            told += f" At this step the last name of {letters} goes"
            told += (
                "."
                if not held_on
                else ", but a graph keeps it."
                if held_on == gone
                else (f", but a graph keeps {listed([storage_letter(one) for one in held_on])}.")
            )
        return told

    def _mark_chosen(self) -> None:
        moment = self._session.moment
        card = self._session.recording.card(moment.step, moment.tensor) if moment.tensor else None
        row = self.table.row_of(card.storage) if card is not None else -1
        if row >= 0:
            self.view.setCurrentIndex(self.table.index(row, STORAGE))
        else:
            self.view.clearSelection()

    def _row_activated(self, index: QModelIndex) -> None:
        found = self.table.names_on(self.table.storage(index.row()))
        here = [one for one in found if not one.function]
        if not found:
            return
        one = (here or found)[0]
        pinned = not here or one.path.endswith(".grad")
        moment = self._session.moment.on_tensor(one.card.tensor, one.title, pinned=pinned)
        self._session.look(moment)
