"""The gestures of the File menu, and what is asked before something could be lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from explorer.ui.documents.autosave import Autosave, LeftText
from explorer.ui.documents.document import Document
from explorer.ui.panes.editor import EditorPane
from explorer.ui.settings import Settings

PYTHON_FILES = "Python programs (*.py);;All files (*)"


class FileGestures(QObject):
    """Works on the editor pane of one window."""

    quit_wanted = Signal()

    def __init__(
        self, editor: EditorPane, settings: Settings, autosave: Autosave, window: QWidget
    ) -> None:
        super().__init__(window)
        self._editor = editor
        self._settings = settings
        self._autosave = autosave
        self._window = window
        self.recent_menu = QMenu("Open &recent", window)
        self.recent_menu.aboutToShow.connect(self._fill_recent)

    def new(self) -> None:
        """An empty program."""
        self._editor.new()

    def open(self) -> None:
        """Ask which file to open."""
        from PySide6.QtWidgets import QFileDialog

        paths, _ = QFileDialog.getOpenFileNames(
            self._window, "Open programs", self._folder(), PYTHON_FILES
        )
        for path in paths:
            self._editor.open(path)

    def save(self) -> bool:
        """Save the program in front; asks for a name when it has none."""
        return self._save(self._editor.document)

    def save_as(self) -> bool:
        """Save the program in front under another name."""
        return self._save_as(self._editor.document)

    def close_document(self) -> None:
        """Close the program in front, after asking when it is not saved."""
        document = self._editor.document
        if self._may_lose(document):
            self._editor.close_document(document)

    def quit(self) -> None:
        """Close the window."""
        self.quit_wanted.emit()

    def may_quit(self) -> bool:
        """Ask about every program that is not saved; False when the user wants to stay."""
        return all(self._may_lose(document) for document in list(self._editor.documents))

    def offer_left_texts(self) -> None:
        """Offer what a window that did not close properly has left behind."""
        left = self._autosave.left_behind()
        if not left:
            return
        names = ", ".join(Path(text.path).name if text.path else "an untitled one" for text in left)
        many = "texts were" if len(left) > 1 else "text was"
        self._editor.banner.tell(
            f"{len(left)} {many} not saved when the window ended last time: {names}.",
            (
                ("Bring back", lambda: self._bring_back(left)),
                ("Throw away", lambda: self._throw_away(left)),
            ),
            subject="recovery",
        )

    def _bring_back(self, left: list[LeftText]) -> None:
        for text in left:
            self._editor.recover(text)

    def _throw_away(self, left: list[LeftText]) -> None:
        for text in left:
            self._autosave.forget(text.copy)

    def _folder(self) -> str:
        path = self._editor.document.path
        return str(path.parent) if path else str(Path.home())

    def _save(self, document: Document) -> bool:
        return self._save_as(document) if document.path is None else self._editor.save(document)

    def _save_as(self, document: Document) -> bool:
        from PySide6.QtWidgets import QFileDialog

        proposal = str(Path(self._folder()) / document.name)
        path, _ = QFileDialog.getSaveFileName(self._window, "Save as", proposal, PYTHON_FILES)
        return bool(path) and self._editor.save(document, Path(path))

    def _may_lose(self, document: Document) -> bool:
        if not document.is_modified:
            return True
        from PySide6.QtWidgets import QMessageBox

        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Not saved",
            f"{document.name} is not saved. Save it now?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            return self._save(document)
        return answer == buttons.Discard

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self._settings.recent_files:
            action = self.recent_menu.addAction(path)
            action.triggered.connect(lambda _=False, chosen=path: self._editor.open(chosen))
        if not self.recent_menu.actions():
            self.recent_menu.addAction("No file has been opened yet").setEnabled(False)
