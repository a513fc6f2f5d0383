"""The console: evaluates expressions with the names of the step that is being looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.model.console_names import question
from explorer.protocol.console import Evaluated
from explorer.protocol.running import Failed
from explorer.ui.session import Session
from explorer.ui.widgets.console_input import ConsoleInput
from explorer.ui.widgets.output_text import OutputText


class ConsolePane(QWidget):
    """Questions and answers, and a field for the next question."""

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
        self._lay_out()
        self.input.entered.connect(self.evaluate)
        session.moment_changed.connect(self._show_where)
        session.recording_changed.connect(self._show_where)
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
        column.addLayout(row)
        self.setFocusProxy(self.input)

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

        def answered(answer: Any) -> None:
            if isinstance(answer, Evaluated):
                self._show(answer.text, "stderr" if answer.raised else "stdout", step)
            elif isinstance(answer, Failed):
                self._show(answer.sentence, "stderr", step)

        request = question(self._session.recording, step, text)
        self._session.ask(request, answered, owner=self)

    def _show(self, text: str, kind: str, step: int) -> None:
        if text:
            self.text.append_text(text.rstrip("\n") + "\n", kind, step)
