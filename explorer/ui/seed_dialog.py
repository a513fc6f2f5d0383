"""With which seed torch's random numbers begin, so that a random draw can be had again."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from explorer.protocol.running import ChanceRead, ReadChance
from explorer.ui.session import Session
from explorer.ui.settings import Settings

DIGITS = 40
LEAST, MOST = -(1 << 63), (1 << 64) - 1
"""What torch takes."""
WORDS = (
    "With a seed every run draws the same random numbers, as if torch.manual_seed(seed) stood "
    "before the first line. Without one, torch begins each run with a seed of its own."
)
NO_RUN = "No program has run yet."


class SeedDialog(QDialog):
    """Changes the settings when it is accepted, and says with what the last run began."""

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._began = settings.seed
        self.setWindowTitle("Random seed")
        self.seed = QLineEdit("" if settings.seed is None else str(settings.seed), self)
        self.seed.setMaxLength(DIGITS)
        self.seed.setPlaceholderText("another one for each run")
        self.seed.setAccessibleName("Seed of every run")
        self.last = QLabel(NO_RUN, self)
        self.last.setObjectName("muted")
        self.again = QPushButton("&Use that one", self)
        self.again.setEnabled(False)
        self.again.clicked.connect(self._use_last)
        self._lay_out()

    def _lay_out(self) -> None:
        text = QLabel(WORDS, self)
        text.setWordWrap(True)
        form = QFormLayout()
        form.addRow("&Seed", self.seed)
        form.addRow(self.last, self.again)
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addLayout(form)
        column.addWidget(buttons)
        self.setMinimumWidth(460)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._session.run.state in ("running", "waiting", "ended"):
            self._session.ask(ReadChance(), self._chance_came, lambda _: None, self)

    def _chance_came(self, told: ChanceRead) -> None:
        self._began = int(told.chance.torch)
        self.last.setText(f"The last run began with {self._began}.")
        self.again.setEnabled(True)

    def _use_last(self) -> None:
        self.seed.setText(str(self._began))

    def accept(self) -> None:
        """Keep what was typed; what is no whole number is not taken."""
        text = self.seed.text().strip()
        if text and not (text.removeprefix("-").isdecimal() and LEAST <= int(text) <= MOST):
            self.seed.selectAll()
            self.seed.setFocus()
            self.last.setText("A seed is a whole number of at most 64 bits, such as 42.")
            return
        self._settings.seed = int(text) if text else None
        super().accept()
