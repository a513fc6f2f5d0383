"""Notices that another program has changed or taken away the file of an open program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from explorer.ui.documents.document import Document
from explorer.ui.documents.files import FileProblem
from explorer.ui.widgets.banner import Banner

ROUND_MS = 1500


class DiskWatch(QObject):
    """Looks at the file of the document in front, and says on the banner what it found."""

    def __init__(
        self,
        document: Callable[[], Document],
        save: Callable[[Document], bool],
        banner: Banner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._save = save
        self._banner = banner
        self._timer = QTimer(self, interval=ROUND_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def check(self, document: Document | None = None) -> bool:
        """Take a changed text, or ask when it was changed here as well.

        Returns:
            False when it has asked, so that the text must not be written over the other one.
        """
        document = document or self._document()
        state = document.disk_state()
        if state == "same":
            return True
        mine = document.is_modified
        document.accept_disk()
        if state == "gone":
            self._banner.tell(
                f"{document.name} is gone from the disk; the text is kept here.",
                (("Save again", lambda: self._save_again(document)),),
                subject="disk",
            )
        elif mine:
            self._banner.tell(
                f"{document.name} was changed on disk by another program, and here as well.",
                (
                    ("Take the one on disk", lambda: self._take(document)),
                    ("Keep this one", lambda: None),
                ),
                subject="disk",
            )
            return False
        elif self._reload(document):
            self._banner.tell(
                f"{document.name} was changed on disk and has been read again.",
                role="accent",
                subject="disk",
            )
        return True

    def _save_again(self, document: Document) -> None:
        self._save(document)

    def _take(self, document: Document) -> None:
        self._reload(document)

    def _reload(self, document: Document) -> bool:
        try:
            document.reload()
        except FileProblem as err:
            self._banner.tell(str(err), role="error", subject="disk")
            return False
        return True
