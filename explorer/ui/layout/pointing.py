"""What is under the pointer, as a byte of a storage: every pane lights up the same one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from explorer.model.layout.pointed import Pointed
from explorer.ui.session import Session


class Pointing(QObject):
    """One for a session, shared by the panes that ask `Pointing.of(session)`."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.pointed: Pointed | None = None
        session.moment_changed.connect(lambda: self.point(None))

    @staticmethod
    def of(session: Session) -> Pointing:
        """The one of a session, made when it is asked for the first time."""
        found = session.findChild(Pointing)
        return found if isinstance(found, Pointing) else Pointing(session)

    def point(self, pointed: Pointed | None) -> None:
        """Another byte is under the pointer, or none."""
        if pointed != self.pointed:
            self.pointed = pointed
            self.changed.emit()
