"""What the window does about gradients, wherever the user is: finds troubles and the first NaN."""

from __future__ import annotations

from PySide6.QtCore import QObject

from explorer.ui.bad_finder import BadFinder
from explorer.ui.session import Session
from explorer.ui.trouble_search import TroubleSearch


class AutogradGestures(QObject):
    """The gestures by the names of their actions."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.troubles = TroubleSearch(session, self)
        self.bad = BadFinder(session, self)
        self.bad.said.connect(session.note)

    def first_nan(self) -> None:
        """Go to the first step at which any tensor had a NaN or an Inf."""
        self.bad.find("inf")

    def close(self) -> None:
        """The window goes: nobody wants to know any more."""
        self.troubles.give_up()
        self.bad.give_up()
