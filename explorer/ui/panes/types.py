"""Types: every dtype of the worker's torch, its size and range, and where it can live."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.protocol.running import Failed
from explorer.protocol.types import ElementType, ReadTypes, Types
from explorer.ui.session import Run, Session
from explorer.ui.theme import mono_font

COLUMNS = (
    "type",
    "also called",
    "bits",
    "smallest",
    "largest",
    "smallest normal",
    "step after 1",
    "digits",
    "CPU class",
    "GPU class",
    "held on",
)
NUMBERS = range(2, 8)
AIR = 10
"""Pixels between columns."""
ROW_HEIGHT = 26


class TypesPane(QWidget):
    """A table; it is asked for once a run, when it is first looked at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked_for = -1
        self.table = QTableWidget(0, len(COLUMNS), self)
        self.table.setHorizontalHeaderLabels(list(COLUMNS))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAccessibleName("Element types")
        self.sentence = QLabel(self)
        self.sentence.setContentsMargins(10, 6, 10, 6)
        self.sentence.setWordWrap(True)
        self.empty = QLabel("Run a program: the element types of its torch appear here.", self)
        self.empty.setObjectName("muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(24, 0, 24, 0)
        full = QWidget(self)
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(full)
        session.run_changed.connect(self._run_changed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_changed(self._session.run)

    def _run_changed(self, run: Run) -> None:
        if self.isVisible() and run.state == "ended" and self._asked_for != run.serial:
            self._asked_for = run.serial
            self._session.ask(ReadTypes(), self._types_came, self._failed, self)

    def _failed(self, failed: Failed) -> None:
        self._asked_for = -1
        if not self.table.rowCount():
            self.empty.setText(failed.sentence)

    def _types_came(self, answer: Types) -> None:
        self.table.setRowCount(len(answer.types))
        for row, kind in enumerate(answer.types):
            for column, text in enumerate(type_row(kind)):
                self.table.setItem(row, column, self._item(kind, column, text))
        for column in NUMBERS:
            head = QTableWidgetItem(COLUMNS[column])
            self.table.setHorizontalHeaderItem(column, head)
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            self.table.setColumnWidth(column, self.table.columnWidth(column) + AIR)
        everywhere = sum(1 for kind in answer.types if not kind.refused)
        self.sentence.setText(
            f"This torch has {len(answer.types)} element types; {everywhere} of them can be held "
            f"on every device of this machine. New floating tensors are {answer.default}."
        )
        self._pages.setCurrentIndex(1)

    def _item(self, kind: ElementType, column: int, text: str) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        if column in NUMBERS:
            item.setFont(mono_font(12))
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if column == len(COLUMNS) - 1 and kind.refused:
            item.setToolTip("\n".join(kind.refused))
        return item


def type_row(kind: ElementType) -> tuple[str, ...]:
    """The cells of one row."""
    held = ", ".join(kind.held_on) or "nowhere"
    short = [_shortened(text) for text in (kind.smallest, kind.largest, kind.tiny, kind.epsilon)]
    return (
        kind.name,
        ", ".join(kind.aliases),
        str(kind.bits),
        *short,
        str(kind.digits) if kind.digits else "",
        kind.cpu_class,
        kind.gpu_class,
        held,
    )


def _shortened(text: str) -> str:
    try:
        return text if text.lstrip("-").isdecimal() else f"{float(text):.7g}"
    except ValueError:
        return text
