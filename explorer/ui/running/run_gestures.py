"""The gestures of the Run menu: run, stop, with which interpreter, device and arguments."""

from __future__ import annotations

import shlex

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from explorer.model.memory.words import memory_sentence
from explorer.protocol.running import RunProgram
from explorer.ui.memory_dialog import MemoryDialog
from explorer.ui.panes.editor import EditorPane
from explorer.ui.running.runner import Runner
from explorer.ui.running.workers import Workers
from explorer.ui.seed_dialog import SeedDialog
from explorer.ui.session import Session
from explorer.ui.settings import Settings


class RunGestures(QObject):
    """Runs the program in front with what was chosen."""

    def __init__(
        self,
        session: Session,
        runner: Runner,
        workers: Workers,
        editor: EditorPane,
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._runner = runner
        self._workers = workers
        self._editor = editor
        self._settings = settings
        self._window = window
        self.device = settings.device
        self.arguments_text = ""
        self.set_arguments(settings.arguments)

    def run(self) -> None:
        """Run the program in front from its start."""
        path = self._editor.prepare_run()
        if path is not None:
            arguments = tuple(shlex.split(self.arguments_text))
            memory, disk = self._settings.recording_memory, self._settings.recording_disk
            seed = self._settings.seed
            self._runner.run(RunProgram(str(path), arguments, self.device, seed, memory, disk))

    def stop(self) -> None:
        """End the program."""
        self._runner.stop()

    def arguments(self) -> None:
        """Ask what stands behind the program's name."""
        text, given = QInputDialog.getText(
            self._window,
            "Arguments",
            "What stands behind the program's name (sys.argv[1:]):",
            QLineEdit.EchoMode.Normal,
            self.arguments_text,
        )
        if given:
            self.set_arguments(text)

    def seed(self) -> None:
        """Ask with what random numbers begin."""
        SeedDialog(self._session, self._settings, self._window).open()

    def memory(self) -> None:
        """Ask how much memory and disk recordings may take."""
        recording = self._session.recording
        held = recording.memory
        now = memory_sentence(held, len(recording.dropped)) if held is not None else ""
        MemoryDialog(self._settings, now, self._window).open()

    def set_arguments(self, text: str) -> None:
        """Take arguments, written as in a shell; unbalanced quotes are told of and not taken."""
        try:
            shlex.split(text)
        except ValueError as err:
            self._session.note(f"These arguments cannot be read: {err}.")
            return
        self.arguments_text = self._settings.arguments = text

    def choose_device(self, name: str) -> None:
        """Make new tensors elsewhere, and run again what was run."""
        self.device = self._settings.device = name
        if self._session.run.state != "none":
            self.run()

    def choose_interpreter(self, path: str) -> None:
        """Run programs in another Python from now on."""
        self._settings.python = path
        self._workers.choose(path)
