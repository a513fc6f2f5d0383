"""Optimizer: each parameter before, its gradient, the state, and after, with the rule's numbers."""

from __future__ import annotations

from functools import partial

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

from explorer.model.training.optimizer_steps import OptimizerStep
from explorer.model.training.update_rules import rule_for
from explorer.model.training.updated_parameters import UpdatedParameter, updated_parameters
from explorer.protocol.numbers import Numbers, ReadNumbers
from explorer.protocol.running import Failed
from explorer.ui.session import Session
from explorer.ui.theme import mono_font

ROWS_AT_MOST = 200
AIR = 10
"""Pixels between columns."""
ROW_HEIGHT = 26
EMPTY = (
    "Step to a statement that calls step() of an optimizer: every parameter is shown here before "
    "and after, with its gradient, the optimizer's state, and the rule that made the change."
)


class OptimizerPane(QWidget):
    """Shows the last optimizer step at or before the moment."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = 0
        self._shown: OptimizerStep | None = None
        self._rows: list[UpdatedParameter] = []
        self._numbers: list[list[float | None]] = []
        self.sentence = QLabel(self)
        self.rule = QLabel(self)
        self.rule.setFont(mono_font(12))
        for label in (self.sentence, self.rule):
            label.setWordWrap(True)
            label.setContentsMargins(12, 6, 12, 4)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, 0, self)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAccessibleName("Parameters of the optimizer step")
        self.table.currentCellChanged.connect(lambda row, *_: self._show_rule(row))
        self.table.cellActivated.connect(lambda row, _: self._look(row))
        self.table.cellDoubleClicked.connect(lambda row, _: self._look(row))
        self.empty = QLabel(EMPTY, self)
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
        column.addWidget(self.rule)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(full)
        session.turns.on_moment(self._refresh)
        session.turns.on_recording(self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        if not self.isVisible():
            return
        recording, moment = self._session.recording, self._session.moment
        step = recording.optimizer_steps.last_at(moment.step)
        self._pages.setCurrentIndex(1 if step else 0)
        if step is None:
            return
        cells = {moment.tensor: moment.cell} if moment.cell is not None else {}
        found = updated_parameters(recording, step, cells)
        rows = [row for row, _ in zip(found, range(ROWS_AT_MOST), strict=False)]
        if step == self._shown and rows == self._rows:
            return
        self._session.cancel(self._asked)
        self._shown, self._rows = step, rows
        label = recording.steps.label(step.step)
        self.sentence.setText(_told(step, label, step.step == moment.step))
        wanted = tuple(read for row in rows for read in row.reads)
        self._asked = self._session.ask(
            ReadNumbers(wanted, 1), partial(self._numbers_came, rows), self._failed, self
        )

    def _failed(self, failed: Failed) -> None:
        self.rule.setText(failed.sentence)

    def _numbers_came(self, rows: list[UpdatedParameter], answer: Numbers) -> None:
        lists = iter(answer.lists)
        self._numbers = [[_number(next(lists)) for _ in row.reads] for row in rows]
        state = max((row.state for row in rows), key=len, default=())
        columns = ("parameter", "shape", "cell", "before", "gradient", "after", *state)
        chosen = max(self.table.currentRow(), 0)
        self.table.setColumnCount(len(columns))
        self.table.setHorizontalHeaderLabels(list(columns))
        for column in range(3, len(columns)):
            head = QTableWidgetItem(columns[column])
            self.table.setHorizontalHeaderItem(column, head)
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setRowCount(len(rows))
        for place, (row, numbers) in enumerate(zip(rows, self._numbers, strict=True)):
            self._fill(place, row, numbers, len(state))
        self.table.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            self.table.setColumnWidth(column, self.table.columnWidth(column) + AIR)
        if rows:
            self.table.setCurrentCell(min(chosen, len(rows) - 1), 0)
            self._show_rule(self.table.currentRow())

    def _fill(
        self, place: int, row: UpdatedParameter, numbers: list[float | None], states: int
    ) -> None:
        before, gradient, *held, after = (_text(number) for number in numbers)
        held += [""] * (states - len(held))
        shape = " × ".join(map(str, row.shape)) or "scalar"
        cell = f"[{', '.join(map(str, row.cell))}]" if row.cell else ""
        texts = (row.name, shape, cell, before, gradient, after, *held)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setFont(mono_font(12))
            if column > 2:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(place, column, item)

    def _show_rule(self, row: int) -> None:
        if self._shown is None or not 0 <= row < len(self._numbers):
            return
        one, numbers = self._rows[row], self._numbers[row]
        rule = rule_for(self._shown.kind, one.settings)
        if rule is None:
            self.rule.setText(f"{self._shown.kind} with these settings has no rule shown here.")
            return
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            self.rule.setText("\n".join(rule.formula))
            return
        state = dict(zip(one.state, known[2:-1], strict=True))
        worked = rule.work(known[0], known[1], state, one.settings)
        cell = f"[{', '.join(map(str, one.cell))}]" if one.cell else ""
        lines = [*rule.formula, f"For {one.name}{cell}:", *worked.lines]
        self.rule.setText("\n".join(lines))

    def _look(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            one = self._rows[row]
            self._session.look(self._session.moment.on_tensor(one.tensor, one.name))


def _number(found: object) -> float | None:
    if isinstance(found, list) and len(found) == 1 and not isinstance(found[0], list):
        return float(found[0])
    return None


def _text(number: float | None) -> str:
    return "not kept" if number is None else f"{number:.6g}"


def _told(step: OptimizerStep, label: str, now: bool) -> str:
    settings = step.groups[0].settings if step.groups else {}
    shown = ("lr", "momentum", "beta1", "beta2", "alpha", "weight_decay", "eps")
    told = ", ".join(f"{name} {settings[name]:g}" for name in shown if settings.get(name))
    count = sum(len(group.parameters) for group in step.groups)
    many = "1 parameter" if count == 1 else f"{count} parameters"
    when = f"This step (step {label})" if now else f"The last optimizer step (step {label})"
    return f"{when} is call {step.count} of {step.kind}.step(): {many}, {told}."
