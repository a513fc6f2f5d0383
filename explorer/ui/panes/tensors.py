"""The tensors pane: every named tensor of the moment, as a table and in one sentence."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from explorer.model.memory.frames_alive import last_step_with_names
from explorer.model.tensor_words import size_words
from explorer.ui.session import Session
from explorer.ui.tensors.cells import ROW_HEIGHT, TensorCells
from explorer.ui.tensors.row import TITLES, Column
from explorer.ui.tensors.table import TensorTable

WIDTHS = {
    Column.NAME: 116,
    Column.SHAPE: 66,
    Column.DTYPE: 72,
    Column.STRIDE: 56,
    Column.OFFSET: 52,
    Column.DEVICE: 58,
    Column.STORAGE: 90,
    Column.GRAD: 74,
    Column.RANGE: 80,
    Column.VALUES: 70,
    Column.VERSION: 58,
    Column.BYTES: 54,
}
WIDEST = 172
"""Pixels of a column that grows with its texts."""
SQUEEZED = 0.93
SPARE = 24
"""Pixels of the pane's width that are not given to columns: the scroll bar, mostly."""
MOST_COUNTED = 3000
"""With more names, storages are not counted for the sentence: it would cost a frame."""


class TensorsPane(QWidget):
    """Choosing a row looks at its tensor."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sharing = self._sized_by_hand = False
        self._widths = dict(WIDTHS)
        self._wider = QTimer(self, interval=0, singleShot=True)
        self._sorted: tuple[int, Qt.SortOrder] | None = None
        self.table = TensorTable(session, self)
        self.view = QTableView(self)
        self.sentence = QLabel(self)
        self.filter = QLineEdit(self)
        self.empty = QLabel(self)
        self._pages = QStackedWidget(self)
        self._set_up_view()
        self._lay_out()
        self.filter.textChanged.connect(self._filter_changed)
        session.turns.on_moment(self._moment_changed)
        session.turns.on_recording(self._recording_changed)
        self._show_step()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        self._cells = TensorCells(self.table, view)
        view.setItemDelegate(self._cells)
        self.table.longer.connect(self._widen)
        self._wider.timeout.connect(self._widened)
        view.setAccessibleName("Tensors")
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._header_clicked)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._column_menu)
        self._share_width()
        header.sectionResized.connect(self._section_resized)
        view.selectionModel().currentRowChanged.connect(self._row_chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._sized_by_hand:
            self._share_width()

    def _share_width(self) -> None:
        """Widen all columns alike where the pane is wider than they need; where that is a little
        less, narrow them, and where it is much less, leave the rest to the scroll bar."""
        self._sharing = True
        share = (self.width() - SPARE) / sum(self._widths.values())
        share = share if share > SQUEEZED else 1.0
        for column, width in self._widths.items():
            self.view.horizontalHeader().resizeSection(column, round(width * share))
        self._sharing = False

    def _widen(self, column: Column, text: str) -> None:
        """They only grow, so that they stay where they are from step to step."""
        wanted = min(self._cells.width_of(column, text), WIDEST)
        if wanted > self._widths[column]:
            self._widths[column] = wanted
            self._wider.start()

    def _widened(self) -> None:
        if not self._sized_by_hand:
            self._share_width()

    def _section_resized(self, column: int, before: int, now: int) -> None:
        last = column == self.view.horizontalHeader().logicalIndex(len(WIDTHS) - 1)
        if not self._sharing and not last:
            self._sized_by_hand = True

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText("filter …")
        self.filter.setAccessibleName("Filter tensors")
        self.filter.setToolTip("Words of a row: a name, float32, 3 × 4, cpu, leaf, changed …")
        self.filter.setClearButtonEnabled(True)
        self.filter.setObjectName("flat")
        self.filter.setMaximumWidth(190)
        self.filter.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.sentence.setObjectName("muted")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setTextFormat(Qt.TextFormat.RichText)
        self.empty.linkActivated.connect(lambda step: self._session.go(int(step)))
        head = QHBoxLayout()
        head.setContentsMargins(10, 2, 6, 2)
        head.addWidget(self.sentence, 1)
        head.addWidget(self.filter)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._pages, 1)

    # The moment.

    def _recording_changed(self) -> None:
        if self.table.recording is not self._session.recording or not self.table.total:
            self._show_step()
        else:
            self.table.refresh()

    def _moment_changed(self) -> None:
        if self._session.moment.step != self.table.step:
            self._show_step()
        else:
            self._mark_chosen()

    def _show_step(self) -> None:
        self.table.show_step(self._session.moment.step)
        self._tell()
        self._mark_chosen()

    def _filter_changed(self, text: str) -> None:
        self.table.set_filter(text)
        self._tell()
        self._mark_chosen()

    def _mark_chosen(self) -> None:
        """Select the row of the tensor that is being looked at."""
        place = self.table.row_of(self._session.moment.name) if self._session.moment.name else -1
        before = self.view.currentIndex().row()
        if place == before:
            return  # another cell of the same tensor changes nothing here
        model = self.view.selectionModel()
        model.blockSignals(True)
        if place >= 0:
            self.view.selectRow(place)
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        model.blockSignals(False)
        self._draw_rows(before, place)

    def _draw_rows(self, *places: int) -> None:
        viewport = self.view.viewport()
        for place in places:
            if place >= 0:
                viewport.update(
                    0, self.view.rowViewportPosition(place), viewport.width(), ROW_HEIGHT
                )

    def _row_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            name, tensor = self.table.name_at(index.row())
            self._session.look(self._session.moment.on_tensor(tensor, name))

    # Words.

    def _tell(self) -> None:
        count = self.table.total
        shown = self.table.rowCount()
        self._pages.setCurrentIndex(0 if shown else 1)
        self.empty.setText(self._nothing())
        if not count:
            self.sentence.setText("")
            return
        words = f"{count:,} tensor{'s' if count != 1 else ''}"
        if shown != count:
            words = f"{shown:,} of {words}"
        if count <= MOST_COUNTED:
            storages, nbytes = self.table.storages()
            words += f" in {storages:,} storage{'s' if storages != 1 else ''}, {size_words(nbytes)}"
            changed = self.table.changed_names()
            if changed:
                more = " …" if len(changed) > 4 else ""
                words += f" · changed here: {', '.join(changed[:4])}{more}"
        self.sentence.setText(words)
        self.view.setAccessibleDescription(words)

    def _nothing(self) -> str:
        if self.table.total:
            return "No tensor matches the filter."
        if not len(self._session.recording):
            return "Run a program: every tensor that a name leads to appears here."
        recording, step = self._session.recording, self._session.moment.step
        before = last_step_with_names(recording, step)
        if before < 0:
            return "No name leads to a tensor at this step yet."
        line = recording.step(before).statement.line
        return (
            "No name leads to a tensor at this step: the functions that had some have ended.<br>"
            f'<a href="{before}">Step {recording.steps.label(before)}, line {line},'
            "</a> is the last one that sees any."
        )

    # Columns.

    def _header_clicked(self, column: int) -> None:
        """Up, down, and back to the order in which the names came to be."""
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if self._sorted == (column, down):
            self._sorted = None
            self.table.sort(-1)
        else:
            order = down if self._sorted == (column, up) else up
            self._sorted = (column, order)
            self.table.sort(column, order)
        header = self.view.horizontalHeader()
        header.setSortIndicatorShown(self._sorted is not None)
        if self._sorted is not None:
            header.setSortIndicator(*self._sorted)
        self._mark_chosen()

    def _show_column(self, column: int, shown: bool) -> None:
        self.view.horizontalHeader().setSectionHidden(column, not shown)

    def _column_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        header = self.view.horizontalHeader()
        for column, title in enumerate(TITLES):
            if column == Column.NAME:
                continue
            action = QAction(title, menu, checkable=True)
            action.setChecked(not header.isSectionHidden(column))
            action.toggled.connect(
                lambda on, chosen=column: header.setSectionHidden(chosen, not on)
            )
            menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(header.mapToGlobal(place))
