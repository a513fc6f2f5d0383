"""``tensor-explorer shot FILE -o OUT.png``: a picture of the window at a step; no display."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QElapsedTimer,
    QEventLoop,
    QMessageLogContext,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from explorer.cli.arguments import Arguments
from explorer.protocol.running import ProgramEnded, RunProgram
from explorer.ui.app import WindowOptions, make_application, make_window
from explorer.ui.main_window import MainWindow
from explorer.ui.pane_list import PANES
from explorer.ui.panes.graph import GraphPane
from explorer.ui.settings import Settings

START_MS = 200_000
RUN_MS = 600_000
SETTLE_MS = 30_000
QUIET_MS = 300
"""The window has settled when it has waited for nothing for so long."""
TURN_MS = 20


class CannotShoot(Exception):
    """There is no such picture; the text says why, in one sentence."""


def take_shot(arguments: Arguments) -> int:
    """Run the program and write the picture; returns 0, or 1 when the program raised.

    Raises:
        CannotShoot: when the program cannot run, or there is no such step, tensor, pane or folder.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_print_message)
    with tempfile.TemporaryDirectory(prefix="tensor-explorer-shot-") as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.device = arguments.device
        application = make_application(settings, arguments.theme)
        options = WindowOptions(arguments.file, arguments.python, arguments.theme, remember=False)
        window = make_window(options, settings, Path(folder))
        try:
            return Photographer(window, application, arguments).shoot()
        finally:
            window.close()
            application.processEvents()


def _print_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own messages, but for what its platform without a screen always says."""
    if "propagateSizeHints" not in text:
        print(text, file=sys.stderr)


class Photographer:
    """Brings a window to the moment that was asked for, and takes the picture."""

    def __init__(self, window: MainWindow, application: QApplication, arguments: Arguments) -> None:
        self._window = window
        self._application = application
        self._arguments = arguments
        self._refused: ProgramEnded | None = None
        self._sentence = ""
        window.runner.refused.connect(self._take_refusal)
        window.session.noted.connect(self._take_sentence)

    def shoot(self) -> int:
        """Returns the exit code.

        Raises:
            CannotShoot: see `take_shot`.
        """
        width, height = self._arguments.size
        subject = self._subject()
        self._window.setMinimumSize(0, 0)
        if subject is self._window:
            self._window.resize(width, height)
        self._window.show()
        self._run()
        self._look()
        if subject is not self._window:
            name = self._arguments.pane.casefold()
            if name in self._window.docks.docks:
                self._window.docks[name].give_head_back()
            subject.setParent(None)
            subject.resize(width, height)
            subject.show()
        self._settle()
        self._fit_graph()
        focused = self._application.focusWidget()
        if focused is not None:
            focused.clearFocus()  # nobody types into a picture
        if not subject.grab().save(self._arguments.out):
            raise CannotShoot(
                f"{self._arguments.out} cannot be written; name a .png file in a folder that is "
                "there."
            )
        if subject is not self._window:
            subject.deleteLater()
        return 1 if self._window.session.run.how == "raised" else 0

    def _subject(self) -> QWidget:
        name = self._arguments.pane.casefold()
        window = self._window
        others: dict[str, QWidget] = {
            "": window,
            "editor": window.editor,
            "timeline": window.timeline,
        }
        if name in others:
            return others[name]
        if name in window.docks.docks:
            window.docks.reveal(name)
            return window.docks.pane(name)
        known = ", ".join(["editor", "timeline", *(spec.name for spec in PANES)])
        raise CannotShoot(f"There is no pane {self._arguments.pane}; there are {known}.")

    def _run(self) -> None:
        window, arguments = self._window, self._arguments
        workers, session = window.workers, window.session
        if not self._wait(lambda: workers.is_ready or bool(workers.problem), START_MS):
            raise CannotShoot("The interpreter did not get ready.")
        if workers.problem:
            raise CannotShoot(workers.problem)
        path = window.editor.prepare_run()
        if path is None:
            raise CannotShoot(window.editor.banner.sentence)
        request = RunProgram(
            str(path),
            arguments.program_arguments,
            arguments.device,
            arguments.seed,
            arguments.memory,
            arguments.disk,
        )
        window.runner.run(request)

        def over() -> bool:
            if session.run.state == "waiting":
                window.runner.give_input("")  # nobody is there to answer
            return not window.runner.busy

        if not self._wait(over, RUN_MS):
            raise CannotShoot(f"The program did not end within {RUN_MS // 60_000} minutes.")
        if self._refused is None and session.run.state == "none":
            raise CannotShoot(self._sentence)

    def _look(self) -> None:
        """Go to the step and the tensor that were asked for."""
        session, arguments = self._window.session, self._arguments
        if arguments.at:
            try:
                step = session.recording.steps.index_of(arguments.at)
            except ValueError as err:
                raise CannotShoot(str(err)) from err
            self._window.stepper.look_at(step)
        self._application.processEvents()
        if arguments.tensor:
            names = session.recording.names_at(session.moment.step)
            if arguments.tensor not in names:
                known = ", ".join(sorted(names)[:12]) or "none"
                raise CannotShoot(
                    f"No name {arguments.tensor} leads to a tensor at this step; "
                    f"the names are: {known}."
                )
            tensor = names[arguments.tensor]
            session.look(session.moment.on_tensor(tensor, arguments.tensor))

    def _fit_graph(self) -> None:
        """Open groups of the graph, and show it as a graph is first shown: the one on the way
        to this step may have been another, in a pane of another size."""
        pane = self._window.docks.pane("graph")
        assert isinstance(pane, GraphPane)
        for name in self._arguments.unfold:
            self._wait(lambda: pane.graph.ready, SETTLE_MS)
            if not pane.graph.unfold(name):
                raise CannotShoot(f"The graph that is shown has no group {name}.")
        if self._arguments.unfold:
            self._wait(lambda: pane.graph.ready, SETTLE_MS)
        if pane.graph.ready:
            pane.view.fit_first()
            pane.view.bring_into_view(pane.graph.marks.running)
            self._settle()

    def _settle(self) -> None:
        """Wait until nothing has been asked of the worker for a while."""
        quiet = QElapsedTimer()
        quiet.start()

        def settled() -> bool:
            if self._window.session.pending or not self._window.docks.complete:
                quiet.restart()
            return quiet.elapsed() >= QUIET_MS

        self._wait(settled, SETTLE_MS)

    def _wait(self, condition: Callable[[], bool], milliseconds: int) -> bool:
        """Handle events until the condition holds; False when it took too long."""
        clock = QElapsedTimer()
        clock.start()
        flags = (
            QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        )
        ticking = self._window.startTimer(TURN_MS)
        try:
            while not condition():
                if clock.elapsed() > milliseconds:
                    return False
                self._application.processEvents(flags)
            return True
        finally:
            self._window.killTimer(ticking)

    def _take_refusal(self, news: ProgramEnded) -> None:
        self._refused = news

    def _take_sentence(self, sentence: str) -> None:
        self._sentence = sentence
