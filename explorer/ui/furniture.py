"""All of a window that needs the recording, numbers or a worker: made after its first picture.

Importing what is behind it takes longer than drawing the window, so a window that is opened by a
person stands there first, with the program in its editor. The rest then comes in: its modules are
imported in a thread, its parts are made one in a turn. Whoever needs it sooner calls `finish`.
"""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from explorer.ui.pace import Pace

if TYPE_CHECKING:
    from explorer.ui.main_window import MainWindow

FIRST_MODULES = ("explorer.ui.running.workers", "explorer.ui.running.runner")
MODULES = (
    "numpy",
    "numpy.ma",  # numpy imports it at the first look for what occurs once
    "explorer.model.recording",
    "explorer.ui.stepper",
    "explorer.ui.step_gestures",
    "explorer.ui.tensors.chosen_tensor",
    "explorer.ui.running.inside_backward",
    "explorer.ui.running.live",
    "explorer.ui.running.run_gestures",
    "explorer.ui.autograd_gestures",
    "explorer.ui.window_state",
    "explorer.ui.editor_share",
    "explorer.ui.panes.timeline",
    "explorer.ui.panes.output",
    "explorer.ui.panes.problems",
    "explorer.ui.panes.tensors",
    "explorer.ui.panes.values",
    "explorer.ui.panes.graph",
    "explorer.ui.panes.layout",
    "explorer.ui.layout.saved_index",
    "explorer.model.line_facts",
)


class Furniture(QObject):
    """Puts workers, stepping, timeline and panes into one window; ``python`` runs programs."""

    def __init__(self, window: MainWindow, python: str) -> None:
        super().__init__(window)
        self._window = window
        self._python = python
        self._pieces: deque[Callable[[], None]] = deque(
            (
                self._take_workers,
                self._take_steps,
                self._take_timeline,
                self._take_output,
                self._take_problems,
                self._take_state,
            )
        )
        self._turn = Pace(self)
        self._turn.timeout.connect(self._next_piece)

    @property
    def complete(self) -> bool:
        """Whether everything is in its place."""
        return not self._pieces

    def begin(self) -> None:
        """Bring it in bit by bit; nothing here takes longer than a frame."""
        from explorer.ui.background import Background

        background = Background(self)
        frame = self._window.frame

        def import_first() -> None:
            for name in FIRST_MODULES:
                importlib.import_module(name)

        def import_rest() -> None:
            for name in MODULES:
                importlib.import_module(name)
            from explorer.protocol.message import prepare_checks
            from explorer.protocol.messages import KINDS

            prepare_checks(KINDS.values())

        def framed() -> None:
            background.run(import_first, first_imported)

        def first_imported(_: Any) -> None:
            if len(self._pieces) == PIECES:
                self._next_piece()
            background.run(import_rest, lambda _: self._turn.start())

        background.run(frame.import_modules, lambda _: frame.begin(framed))

    def finish(self) -> Furniture:
        """Bring in at once all that is still missing."""
        self._window.frame.finish()
        if self._pieces:
            while self._pieces:
                self._pieces.popleft()()
            self._is_there()
        return self

    def handler(self, name: str) -> Callable[[], object]:
        """What does the gesture of a name.

        Raises:
            AttributeError: nobody handles a gesture of this name.
        """
        for handler in (self.runs, self.live, self.steps, self.stepper, self.autograd):
            method = getattr(handler, name, None)
            if callable(method):
                found: Callable[[], object] = method
                return found
        raise AttributeError(f"Nobody handles the gesture {name}.")

    def close(self) -> None:
        """Let go of every worker, if there are any; only for the end of the window."""
        self._turn.stop()
        if len(self._pieces) < PIECES - 1:
            self.autograd.close()
        if len(self._pieces) < PIECES:
            self.runner.close()
            self.workers.close()
        self._pieces.clear()

    def _next_piece(self) -> None:
        if self._pieces:
            self._pieces.popleft()()
        if not self._pieces:
            self._is_there()

    def _is_there(self) -> None:
        self._turn.stop()
        QTimer.singleShot(0, self._window.play_early_keys)

    def _take_workers(self) -> None:
        from explorer.model.interpreters.found import own_python
        from explorer.ui.running.runner import Runner
        from explorer.ui.running.workers import Workers

        window, session = self._window, self._window.session
        self.workers = Workers(self._python or own_python(), session)
        self.workers.warm()  # torch takes longer to import than all the rest to be made
        self.runner = Runner(session, self.workers, session)
        self.runner.refused.connect(window.editor.program_refused)
        window.interpreter.listen_to(self.workers)

    def _take_steps(self) -> None:
        from explorer.ui.autograd_gestures import AutogradGestures
        from explorer.ui.running.ahead import Ahead
        from explorer.ui.running.inside_backward import InsideBackward
        from explorer.ui.running.live import Live
        from explorer.ui.running.run_gestures import RunGestures
        from explorer.ui.step_gestures import StepGestures
        from explorer.ui.stepper import Stepper
        from explorer.ui.tensors.chosen_tensor import ChosenTensor

        window, session = self._window, self._window.session
        self.stepper = Stepper(session, window)
        self.stepper.speed = window.settings.steps_a_second
        self.steps = StepGestures(self.stepper)
        self.runs = RunGestures(
            session, self.runner, self.workers, window.editor, window.settings, window
        )
        inside = InsideBackward(session, self.workers, self.runner, window)
        self.stepper.nodes_wanted.connect(inside.look_into)
        inside.entered.connect(self.stepper.look_at)
        Ahead(window.editor, self.workers, window)
        self.live = Live(session, window.editor, self.runs.run, window)
        self.live.changed.connect(window.gestures["live"].setChecked)
        ChosenTensor(session, window)
        self.autograd = AutogradGestures(session, self.runner, self.workers, window)
        window.interpreter.chosen.connect(self.runs.choose_interpreter)
        window.device.chosen.connect(self.runs.choose_device)
        window.editor.line_wanted.connect(
            lambda path, line, ahead: self.stepper.to_line((path, line), forward=ahead)
        )

    def _take_timeline(self) -> None:
        from explorer.ui.panes.timeline import TimelinePane

        window = self._window
        self.timeline = TimelinePane(window.session, window)
        self.timeline.step_wanted.connect(self.stepper.look_at)
        self.timeline.gesture.connect(self.steps.by_name)
        self.timeline.play_toggled.connect(self.stepper.toggle_playing)
        self.timeline.speed_chosen.connect(self.choose_speed)
        self.timeline.set_speed(self.stepper.speed)
        self.timeline.memory_wanted.connect(self.runs.memory)
        self.stepper.playing_changed.connect(self.timeline.set_playing)
        window.timeline_room.take(self.timeline)

    def choose_speed(self, speed: int) -> None:
        """Steps a second of playing."""
        self.stepper.speed = self._window.settings.steps_a_second = speed
        self.timeline.set_speed(speed)

    def _take_output(self) -> None:
        """The panes that the program speaks through are there from the start."""
        output: Any = self._window.docks.pane("output")
        output.input_given.connect(self.runner.give_input)
        output.step_clicked.connect(self.stepper.look_at)
        output.place_clicked.connect(self._window.show_place)

    def _take_problems(self) -> None:
        docks = self._window.docks
        problems: Any = docks.pane("problems")
        problems.place_wanted.connect(self._window.show_place)
        problems.count_changed.connect(
            lambda count: docks["problems"].setWindowTitle(
                f"Problems · {count}" if count else "Problems"
            )
        )
        self.runner.refused.connect(problems.program_refused)
        self.runner.remarked.connect(problems.add_remark)
        docks["what_if"].pane_made.connect(self._what_if_made)
        docks["lesson"].pane_made.connect(self._lesson_made)

    def _what_if_made(self, _: str, pane: QWidget) -> None:
        made: Any = pane
        made.code_wanted.connect(self._window.editor.insert_code)

    def _lesson_made(self, _: str, pane: QWidget) -> None:
        made: Any = pane
        editor = self._window.editor
        made.show_program(editor.document.path)
        editor.document_changed.connect(lambda: made.show_program(editor.document.path))

    def _take_state(self) -> None:
        from explorer.ui.editor_share import EditorShare
        from explorer.ui.window_state import WindowState

        self.state = WindowState(self._window)
        EditorShare(self._window, self._window.docks)
        self._window.docks.filled.connect(self._window.filled)
        self._window.docks.begin_making()


PIECES = 6
