"""A line above a pane that says what is the matter, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from explorer.ui.theme import theme

Choice = tuple[str, Callable[[], None]]
"""A button's text and what it does; every choice also takes the banner away."""


class Banner(QWidget):
    """Hidden until `tell` is called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = "warning"
        self._subject = ""
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 5, 8, 5)
        self._row.addWidget(self._label, 1)
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says; empty when it says nothing."""
        return self._label.text() if not self.isHidden() else ""

    def tell(
        self,
        sentence: str,
        choices: tuple[Choice, ...] = (),
        *,
        role: str = "warning",
        subject: str = "",
    ) -> None:
        """Say something; another thing said before goes away.

        Args:
            sentence: plain text.
            choices: buttons besides the one that takes the banner away.
            role: ``warning``, ``error`` or ``accent``, a colour of the theme.
            subject: a word by which `hush` can take just this one away.
        """
        self._role, self._subject = role, subject
        self._label.setText(sentence)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        dismissal: Choice = ("Dismiss", lambda: None)
        self._buttons = [self._button(text, act) for text, act in (*choices, dismissal)]
        self.setAccessibleName(sentence)
        self.show()
        self.update()

    def hush(self, subject: str | None = None) -> None:
        """Take the banner away, whatever it says or only what was said about ``subject``."""
        if subject is None or subject == self._subject:
            self.hide()

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName("flat")

        def chosen() -> None:
            self.hide()
            act()

        button.clicked.connect(chosen)
        self._row.addWidget(button)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(getattr(theme(), self._role))
        painter.fillRect(0, 0, 3, self.height(), colour)
        colour.setAlpha(26)
        painter.fillRect(self.rect(), colour)
        painter.setPen(theme().line)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
