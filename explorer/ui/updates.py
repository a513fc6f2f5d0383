"""The page that tells whether there is a newer version, when it is asked."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from explorer.model.updates import NoAnswer, in_words, newest_version
from explorer.ui.background import Background
from explorer.version import RELEASES, VERSION

NO_ADDRESS = (
    f"This is Tensor Explorer {VERSION}. It has no public address yet where newer versions could "
    "be asked for: look where you got this one."
)
WIDTH = 440


class UpdatesDialog(QDialog):
    """Asks nobody before its button is pressed."""

    def __init__(self, parent: QWidget | None = None, address: str = RELEASES) -> None:
        super().__init__(parent)
        self.setWindowTitle("Check for updates")
        self.setMinimumWidth(WIDTH)
        self._address = address
        self._background = Background(self)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.ask_button = buttons.addButton("Ask now", role)
        self.page_button = buttons.addButton("Open the page", role)
        self.ask_button.clicked.connect(self.ask)
        self.page_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
        for button in (self.ask_button, self.page_button):
            button.setVisible(bool(address))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addWidget(buttons)
        host = urlsplit(address).hostname
        self._tell(
            f"This is Tensor Explorer {VERSION}. {host} is asked for the newest version when you "
            "press the button; nothing about you or your programs is sent."
            if address
            else NO_ADDRESS
        )

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._text.text()

    def ask(self) -> None:
        """Ask the release page; the answer comes when it comes."""
        self.ask_button.setEnabled(False)
        self._tell("Asking …")
        self._background.run(partial(newest_version, self._address), self._answered)

    def _answered(self, newest: Any) -> None:
        self.ask_button.setEnabled(True)
        if isinstance(newest, str):
            self._tell(in_words(VERSION, newest))
        elif isinstance(newest, NoAnswer):
            self._tell(str(newest))
        else:
            raise newest

    def _tell(self, sentence: str) -> None:
        self._text.setText(sentence)
        self._text.setAccessibleName(sentence)
