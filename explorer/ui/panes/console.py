"""The console: evaluates expressions with the names of the step that is being looked at."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from explorer.model.console_names import not_yet, question
from explorer.protocol.console import Evaluated
from explorer.protocol.running import Failed
from explorer.ui.session import Run, Session
from explorer.ui.widgets.console_input import ConsoleInput
from explorer.ui.widgets.output_text import OutputText

PATIENCE_MS = 100
"""After so long without an answer the pane says that it waits."""


class ConsolePane(QWidget):
    """Questions and answers, and a field for the next question.

    It answers while the program runs, too; an answer that takes long can be given up.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.text = OutputText(self._step_label, self)
        self.text.setAccessibleName("Console answers")
        self.text.setPlaceholderText(
            "Type an expression below: it is evaluated with the names of the step you look at,"
            " and does not disturb the recording."
        )
        self.input = ConsoleInput(self)
        self.input.setAccessibleName("Expression")
        self.where = QLabel(self)
        self.where.setObjectName("muted")
        self._run = session.run.serial
        self._asked: dict[int, int] = {}  # number of a question -> the step it is about
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._show_waiting)
        self.waiting = self._waiting_row()
        self._lay_out()
        self.input.entered.connect(self.evaluate)
        session.turns.on_moment(self._show_where)
        session.turns.on_recording(self._show_where)
        session.run_changed.connect(self._run_changed)
        self._show_where()

    def _lay_out(self) -> None:
        sign = QLabel("›", self)
        sign.setObjectName("muted")
        row = QHBoxLayout()
        row.setContentsMargins(10, 2, 10, 4)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.input, 1)
        row.addWidget(self.where, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addWidget(self.waiting)
        column.addLayout(row)
        self.setFocusProxy(self.input)
        away = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        away.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        away.activated.connect(self.give_up)

    def _waiting_row(self) -> QWidget:
        row = QWidget(self)
        words = QLabel("Waiting for an answer …", row)
        words.setObjectName("muted")
        words.setToolTip("A program in the middle of one long operation may hold it up.")
        cancel = QToolButton(row)
        cancel.setObjectName("flat")
        cancel.setText("Cancel")
        cancel.setToolTip("Give up the answer (Escape)")
        cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cancel.clicked.connect(self.give_up)
        line = QHBoxLayout(row)
        line.setContentsMargins(10, 0, 10, 0)
        line.addWidget(words)
        line.addWidget(cancel)
        line.addStretch(1)
        row.hide()
        return row

    def _step_label(self, step: int) -> str:
        steps = self._session.recording.steps
        return f"at {steps.label(step)}" if 0 <= step < len(steps) else ""

    def _show_where(self) -> None:
        step = self._session.moment.step
        self.where.setText(self._step_label(step))
        self.input.setAccessibleDescription(f"evaluated {self._step_label(step)}")

    def evaluate(self, text: str) -> None:
        """Ask for the value of an expression at the moment."""
        step = self._session.moment.step
        asked = "\n  ".join(text.strip("\n").split("\n"))
        self.text.append_text(f"› {asked}\n", "note", step)
        early = not_yet(self._session.recording, step, text)
        if early is not None:
            name, later = early
            number = self._session.recording.steps.number(later)
            self._show(f"{name} has no value yet: step {number} gives it one.", "stderr", step)
            return
        place: list[int] = []  # its number, when that is known
        request = question(self._session.recording, step, text)
        number = self._session.ask(request, partial(self._answered, place, step), owner=self)
        place.append(number)
        if number:
            self._asked[number] = step
            self._patience.start()

    def _answered(self, place: list[int], step: int, answer: Any) -> None:
        for number in place:
            self._asked.pop(number, None)
        self._settle()
        if isinstance(answer, Evaluated):
            self._show(answer.text, "stderr" if answer.raised else "stdout", step)
        elif isinstance(answer, Failed):
            self._show(answer.sentence, "stderr", step)

    def give_up(self) -> None:
        """Wait no longer for what has not been answered."""
        for number, step in self._asked.items():
            self._session.cancel(number)
            self._show("Given up.", "note", step)
        self._asked.clear()
        self._settle()

    def _show_waiting(self) -> None:
        self.waiting.setVisible(bool(self._asked))

    def _settle(self) -> None:
        if not self._asked:
            self._patience.stop()
            self.waiting.hide()

    def _run_changed(self, run: Run) -> None:
        """What was asked of the last run is never answered."""
        if run.serial != self._run:
            self._run = run.serial
            self._asked.clear()
            self._settle()

    def _show(self, text: str, kind: str, step: int) -> None:
        if text:
            self.text.append_text(text.rstrip("\n") + "\n", kind, step)
