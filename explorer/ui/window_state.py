"""Keeps what the window says about itself true: toolbar, banner, which gestures are possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.ui.actions import DERIVATIVES, WALKS_BACK, WALKS_ON
from explorer.ui.session import Run
from explorer.ui.step_words import step_place

if TYPE_CHECKING:
    from explorer.ui.main_window import MainWindow

ARRIVING = "ended, its last steps are arriving …"
INTERRUPTED = " · raises KeyboardInterrupt"
"""That is how a program is stopped, and no error of its own."""


class WindowState(QObject):
    """Listens to everything that may change one of these."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        session, runner = window.session, window.runner
        session.moment_changed.connect(self._moment_changed)
        session.turns.on_recording(self._refresh)
        session.run_changed.connect(self._run_changed)
        session.noted.connect(window.toolbar.note)
        runner.changed.connect(self._refresh)
        window.workers.changed.connect(self._workers_changed)
        self._workers_changed()
        self._refresh()

    def _moment_changed(self) -> None:
        self._window.toolbar.end_note()
        self._refresh()

    def _run_changed(self, run: Run) -> None:
        self._refresh()
        if run.state == "waiting":
            self._window.docks.reveal("output")
        elif run.state == "lost":
            self._window.editor.banner.tell(run.sentence, role="error", subject="run")
        elif run.state == "starting":
            self._window.editor.banner.hush("run")

    def _workers_changed(self) -> None:
        problem = self._window.workers.problem
        if problem:
            self._window.editor.banner.tell(problem, role="error", subject="interpreter")
        elif self._window.workers.is_ready:
            self._window.editor.banner.hush("interpreter")
            self._window.device.refresh()

    def _refresh(self) -> None:
        window, session = self._window, self._window.session
        recording, at = session.recording, session.moment.step
        last = len(recording) - 1
        window.gestures["stop"].setEnabled(window.runner.busy)
        for name in WALKS_BACK:
            window.gestures[name].setEnabled(at > 0)
        for name in WALKS_ON:
            window.gestures[name].setEnabled(at < last)
        for name in DERIVATIVES:
            window.gestures[name].setEnabled(last >= 0)
        inside = window.stepper.inside_backward()
        nodes = bool(recording.steps.nodes)
        window.gestures["into_backward"].setEnabled(nodes)
        window.toolbar.backward.setText("Out of backward" if inside else "Into backward")
        window.toolbar.show_place(*self._place())

    def _place(self) -> tuple[str, str]:
        """What the toolbar says when it has nothing more urgent, and in which colour."""
        session = self._window.session
        if self._window.runner.waiting:
            return self._window.runner.waiting, "muted"
        run, count = session.run, len(session.recording)
        if not count:
            empty = run.sentence if run.state in ("ended", "lost") else ""
            return ("running …" if run.going else empty), "muted"
        place = step_place(session.recording, session.moment.step)
        ran = self._window.runner.ran
        if ran is not None and ran.seed is not None:
            place += f" · seed {ran.seed}"
        if run.state == "waiting":
            return f"{place} · the program waits for a line", "current"
        if run.going:
            arriving = self._window.runner.arriving
            return f"{place} · {ARRIVING if arriving else 'running'}", "muted"
        if run.how == "stopped" and session.moment.step == count - 1:
            return f"{place.removesuffix(INTERRUPTED)} · {run.sentence}", "muted"
        error = 0 <= session.moment.step < count and session.moment.step in (
            session.recording.steps.errors
        )
        if session.moment.step == count - 1 and run.sentence and not error:
            return f"{place} · {run.sentence}", "muted"
        return place, "error" if error else "muted"
