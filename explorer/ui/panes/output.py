"""The output pane: what the program printed, and a line to answer it with."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from explorer.protocol.running import OutputPrinted
from explorer.ui.session import Run, Session
from explorer.ui.widgets.output_text import OutputText

ROUND_MS = 30
MOST_AT_ONCE = 200_000
"""Characters written in one round; of more, only the last are shown."""


class OutputPane(QWidget):
    """stdout in the text's colour, stderr in red, each line with its step at the right."""

    input_given = Signal(str)
    place_clicked = Signal(str, int)
    step_clicked = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run = session.run.serial
        self._waiting: list[OutputPrinted] = []
        self._size = 0
        self._left_out = 0
        self._round = QTimer(self, interval=ROUND_MS, singleShot=True)
        self._round.timeout.connect(self._write)
        self.text = OutputText(self._step_label, self)
        self.text.setAccessibleName("Output of the program")
        self.text.setPlaceholderText("What the program prints appears here.")
        self.input = QLineEdit(self)
        self._asking = QWidget(self)
        self._lay_out()
        self.text.place_clicked.connect(self.place_clicked)
        self.text.step_clicked.connect(self.step_clicked)
        session.output_printed.connect(self._printed)
        session.run_changed.connect(self._run_changed)
        session.turns.on_moment(self._moment_changed)

    def _lay_out(self) -> None:
        prompt = QLabel("The program asks:", self._asking)
        self.input.setPlaceholderText("type a line, then Enter (Ctrl+D ends the input)")
        self.input.setAccessibleName("Line for the program")
        self.input.returnPressed.connect(self._give)
        end = QShortcut(QKeySequence("Ctrl+D"), self.input)
        end.activated.connect(self._end_input)
        row = QHBoxLayout(self._asking)
        row.setContentsMargins(10, 4, 10, 6)
        row.addWidget(prompt)
        row.addWidget(self.input, 1)
        self._asking.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addWidget(self._asking)

    def _step_label(self, step: int) -> str:
        """The label of a step, also of one that is still being executed."""
        steps = self._session.recording.steps
        if step < len(steps):
            return steps.label(steps.owner(step) if steps.owner(step) < len(steps) else step)
        if not len(steps):
            return "1"
        being_executed = 1 if self._session.run.going else 0
        return str(steps.number(len(steps) - 1) + being_executed)

    def _printed(self, news: OutputPrinted) -> None:
        self._waiting.append(news)
        self._size += len(news.text)
        while self._size > MOST_AT_ONCE and len(self._waiting) > 1:
            gone = len(self._waiting.pop(0).text)
            self._size -= gone
            self._left_out += gone
        if not self._round.isActive():
            self._round.start()

    def _write(self) -> None:
        self._round.stop()
        if self._left_out:
            told = f"… {self._left_out:,} characters are left out here …\n"
            self.text.append_text(told, "note", self._waiting[0].step)
            self._left_out = 0
        joined: list[list[OutputPrinted]] = []
        for news in self._waiting:
            last = joined[-1][-1] if joined else None
            if last and (last.stream, last.step) == (news.stream, news.step):
                joined[-1].append(news)
            else:
                joined.append([news])
        self._waiting.clear()
        self._size = 0
        for group in joined:
            text = "".join(news.text for news in group)[-MOST_AT_ONCE:]
            self.text.append_text(text, group[0].stream, group[0].step)

    def _run_changed(self, run: Run) -> None:
        if run.serial != self._run:
            self._run = run.serial
            self._waiting.clear()
            self._size = self._left_out = 0
            self.text.start_anew()
        if not run.going:
            self._write()
            self._mark()
        waits = run.state == "waiting"
        if waits:
            self._write()
            self._mark()
        if waits == self._asking.isHidden():
            self._asking.setVisible(waits)
            if waits:
                self.input.setFocus()

    def _moment_changed(self) -> None:
        if self._session.moment.step != self.text.current_step:
            self._mark()

    def _mark(self) -> None:
        """Of the last step counts what is printed until the next one has ended: nothing follows
        an ended program, and a program that waits has asked for something."""
        step, session = self._session.moment.step, self._session
        rests = session.run.state == "waiting" or not session.run.going
        self.text.mark_step(step, last=rests and step == len(session.recording) - 1)

    def _give(self) -> None:
        line = self.input.text() + "\n"
        self.input.clear()
        self.text.append_text(line, "input", len(self._session.recording))
        self.input_given.emit(line)

    def _end_input(self) -> None:
        self.input.clear()
        self.input_given.emit("")
