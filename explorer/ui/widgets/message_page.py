"""What stands in the place of a picture when there is none: what is so, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from explorer.ui.theme import ui_font

WIDEST = 460


class MessagePage(QWidget):
    """A title and a sentence in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.sentence = QLabel(self), QLabel(self)
        self.title.setFont(ui_font(15, bold=True))
        self.sentence.setObjectName("muted")
        column = QVBoxLayout(self)
        column.addStretch(2)
        for label in (self.title, self.sentence):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines of text stay short enough to read, however wide the pane is."""
        side = max(24, (self.width() - WIDEST) // 2)
        self.setContentsMargins(side, 12, side, 12)

    def show_message(self, title: str, sentence: str) -> None:
        """Show another message."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
