"""The writes pane: aliases through time, every write with the other names that saw it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from explorer.model.layout.aliases import is_write
from explorer.ui.layout.index import LayoutIndex
from explorer.ui.layout.write_reader import WriteReader
from explorer.ui.layout.writes_table import STEP, WritesTable
from explorer.ui.session import Session
from explorer.ui.theme import appearance

ROW_HEIGHT = 24
MOST_SHOWN = 5_000
DELAY_MS = 120


class WritesPane(QWidget):
    """Choosing a row goes to its step."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._index = LayoutIndex.of(session)
        self._reader = WriteReader(session, self)
        self._writes: list[int] = []
        self._looked_at = (0, 0)
        self.table = WritesTable(session, self._reader, self)
        self.view = QTableView(self)
        self.others_only = QCheckBox("seen by others only", self)
        self.sentence = QLabel(self)
        self.empty = QLabel("No step has written into a storage yet.", self)
        self._timer = QTimer(self, interval=DELAY_MS, singleShot=True)
        self._set_up_view()
        self._lay_out()
        self._timer.timeout.connect(self._refresh)
        self._index.grown.connect(self._grown)
        self._reader.arrived.connect(self._answers_came)
        self.others_only.toggled.connect(self._refresh)
        session.turns.on_moment(self._mark_step)
        appearance().changed.connect(self.view.viewport().update)
        self._refresh()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setAccessibleName("Writes")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.horizontalHeader().setStretchLastSection(True)
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for column, width in enumerate((50, 44, 200, 64)):
            view.horizontalHeader().resizeSection(column, width)
        view.activated.connect(self._row_activated)
        view.clicked.connect(self._row_activated)

    def _lay_out(self) -> None:
        self.sentence.setObjectName("muted")
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 10, 2)
        head.addWidget(self.sentence, 1)
        head.addWidget(self.others_only)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        column.addWidget(self.empty, 1)

    # Steps that write.

    def _grown(self) -> None:
        self._timer.start()

    def _refresh(self) -> None:
        self._collect()
        shown = self._writes[-MOST_SHOWN:]
        if self.others_only.isChecked():
            self._reader.want(shown)
            shown = [step for step in shown if self._seen_by_others(step)]
        self.table.show_steps(shown)
        count = len(self._writes)
        told = f"{count} step{' writes' if count == 1 else 's write'} into storages that were there"
        if count > MOST_SHOWN:
            told += f"; the last {MOST_SHOWN:,} are listed"
        self.sentence.setText(f"{told}.")
        for widget in (self.sentence, self.others_only, self.view):
            widget.setVisible(bool(count))
        self.empty.setVisible(not count)
        self._mark_step()

    def _collect(self) -> None:
        """Add the writes among the steps that are new."""
        recording, known = self._session.recording, self._index.holders.followed
        run, first = self._looked_at
        if run != self._session.run.serial or first > known:
            self._writes, first = [], 0
        steps = recording.writing_steps(first, known - 1) if known else []
        self._writes += [step for step in steps if is_write(recording, step)]
        self._looked_at = (self._session.run.serial, known)

    def _seen_by_others(self, step: int) -> bool:
        seen = self._reader.seen(step)
        return seen is not None and any(one.seen_by for one in seen)

    def _answers_came(self) -> None:
        if self.others_only.isChecked():
            self._timer.start()
        self.table.told()

    # The moment.

    def _mark_step(self) -> None:
        row = self.table.row_of(self._session.moment.step)
        if row >= 0:
            self.view.setCurrentIndex(self.table.index(row, STEP))
        else:
            self.view.clearSelection()

    def _row_activated(self, index: QModelIndex) -> None:
        step = self.table.step(index.row())
        if step >= 0:
            self._session.go(step)
