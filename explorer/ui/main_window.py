"""The main window: puts editor, panes, toolbar and timeline together and keeps their places."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QWidget

from explorer.model.lessons import Lesson
from explorer.ui.actions import Actions
from explorer.ui.autograd_gestures import AutogradGestures
from explorer.ui.autosave import Autosave
from explorer.ui.chosen_tensor import ChosenTensor
from explorer.ui.docks import Docks
from explorer.ui.edit_gestures import EditGestures
from explorer.ui.file_gestures import FileGestures
from explorer.ui.help import HelpGestures
from explorer.ui.interpreter_button import InterpreterButton
from explorer.ui.lessons_menu import LessonsMenu
from explorer.ui.panes.device import DeviceButton
from explorer.ui.panes.editor import EditorPane
from explorer.ui.panes.timeline import TimelinePane
from explorer.ui.resources import resource
from explorer.ui.run_gestures import RunGestures
from explorer.ui.runner import Runner
from explorer.ui.session import Session
from explorer.ui.settings import Settings
from explorer.ui.step_gestures import StepGestures
from explorer.ui.stepper import Stepper
from explorer.ui.theme import CHOICES, appearance
from explorer.ui.toolbar import Toolbar
from explorer.ui.window_state import WindowState
from explorer.ui.workers import Workers

USUAL_SIZE = QSize(1600, 1000)
SMALLEST_SIZE = QSize(900, 560)


class MainWindow(QMainWindow):
    """One window with one session."""

    def __init__(
        self, session: Session, workers: Workers, runner: Runner, settings: Settings, data: Path
    ) -> None:
        super().__init__()
        self.session = session
        self.workers = workers
        self.runner = runner
        self.settings = settings
        self.autosave = Autosave(data / "autosave")
        self.stepper = Stepper(session, self)
        self.stepper.speed = settings.steps_a_second
        self.editor = EditorPane(session, self.autosave, data / "untitled", self)
        self.files = FileGestures(self.editor, settings, self.autosave, self)
        self.runs = RunGestures(session, runner, workers, self.editor, settings, self)
        self.steps = StepGestures(self.stepper)
        ChosenTensor(session, self)
        edits, helps = EditGestures(self.editor), HelpGestures(self, workers)
        self.autograd = AutogradGestures(session, self)
        handlers = (
            self.autograd,
            self.files,
            edits,
            self.runs,
            self.steps,
            self.stepper,
            helps,
            self,
        )
        self.gestures = Actions(self, self.editor, handlers)
        self.toolbar = Toolbar(self.gestures, self)
        self.device = DeviceButton(self._ask_some_worker, self.runs.device, self)
        self.interpreter = InterpreterButton(workers, self)
        self.timeline = TimelinePane(session, self)
        self.docks = Docks(self, session)
        self._put_together()
        self._connect()
        self.state = WindowState(self)
        self._restore()

    def _put_together(self) -> None:
        self.setWindowIcon(QIcon(str(resource("icons", "tensor-explorer.svg"))))
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST_SIZE)
        self.setCentralWidget(self.editor)
        self.toolbar.addWidget(self.interpreter)
        self.toolbar.addWidget(self.device)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.toolbar)
        strip = QToolBar("Timeline", self)
        strip.setObjectName("timeline")
        strip.setMovable(False)
        strip.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        strip.addWidget(self.timeline)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, strip)
        panes = self.docks.menu()
        panes.addSeparator()
        panes.addAction(strip.toggleViewAction())
        self.gestures.fill(
            self.menuBar(),
            {"open": (self.files.recent_menu,), "View": (panes, self._theme_menu())},
        )
        self._add_lessons()

    def _add_lessons(self) -> None:
        self.lessons = LessonsMenu(self)
        self.lessons.chosen.connect(self.open_lesson)
        self.menuBar().insertMenu(self.menuBar().actions()[-1], self.lessons)

    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson's program as a new one, and list what to look at."""
        self.editor.new(lesson.text())
        self.docks.pane("lesson").show_lesson(lesson)  # type: ignore[attr-defined]
        self.docks.reveal("lesson")

    def _theme_menu(self) -> QMenu:
        menu = QMenu("&Theme", self)
        group = QActionGroup(menu)
        for choice in CHOICES:
            action = menu.addAction(choice.capitalize())
            action.setCheckable(True)
            action.setChecked(choice == appearance().choice)
            action.triggered.connect(lambda _=False, chosen=choice: self.choose_theme(chosen))
            group.addAction(action)
        return menu

    def _connect(self) -> None:
        self.files.quit_wanted.connect(self.close)
        self.interpreter.chosen.connect(self.runs.choose_interpreter)
        self.device.chosen.connect(self.runs.choose_device)
        self.editor.line_wanted.connect(
            lambda path, line, ahead: self.stepper.to_line((path, line), forward=ahead)
        )
        self.editor.zoom_changed.connect(self._keep_zoom)
        self.timeline.step_wanted.connect(self.stepper.look_at)
        self.timeline.gesture.connect(self.steps.by_name)
        self.timeline.play_toggled.connect(self.stepper.toggle_playing)
        self.timeline.speed_chosen.connect(self.choose_speed)
        self.stepper.playing_changed.connect(self.timeline.set_playing)
        self.runner.refused.connect(self.editor.program_refused)
        self.docks["what_if"].pane_made.connect(self._what_if_made)
        self._connect_lower_panes()

    def _what_if_made(self, _: str, pane: QWidget) -> None:
        pane.code_wanted.connect(self.editor.insert_code)  # type: ignore[attr-defined]

    def _connect_lower_panes(self) -> None:
        """Those that the program speaks through are there from the start."""
        output, problems = self.docks.pane("output"), self.docks.pane("problems")
        output.input_given.connect(self.runner.give_input)  # type: ignore[attr-defined]
        output.step_clicked.connect(self.stepper.look_at)  # type: ignore[attr-defined]
        output.place_clicked.connect(self.show_place)  # type: ignore[attr-defined]
        problems.place_wanted.connect(self.show_place)  # type: ignore[attr-defined]
        problems.count_changed.connect(self._count_problems)  # type: ignore[attr-defined]
        self.runner.refused.connect(problems.program_refused)  # type: ignore[attr-defined]
        self.runner.remarked.connect(problems.add_remark)  # type: ignore[attr-defined]

    def _restore(self) -> None:
        self.resize(USUAL_SIZE)
        self.editor.set_zoom(self.settings.zoom)
        self.timeline.set_speed(self.stepper.speed)
        geometry, docks = self.settings.window("geometry"), self.settings.window("docks")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self._arranged = docks is not None and self.docks.restore(docks)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._arranged:
            self._arranged = True
            self.docks.reset()

    def reset_layout(self) -> None:
        """Every pane where it stood at first."""
        self.docks.reset()

    def choose_theme(self, choice: str) -> None:
        """``system``, ``light`` or ``dark``."""
        self.settings.theme = choice
        appearance().choose(choice)

    def choose_speed(self, speed: int) -> None:
        """Steps a second of playing."""
        self.stepper.speed = self.settings.steps_a_second = speed
        self.timeline.set_speed(speed)

    def show_place(self, file: str, line: int) -> None:
        """Open a file of the user's at a line."""
        if self.editor.open(file):
            self.editor.document.editor.set_caret(line)
            self.editor.document.editor.show_line(line)

    def _keep_zoom(self, points: int) -> None:
        self.settings.zoom = points

    def _count_problems(self, count: int) -> None:
        self.docks["problems"].setWindowTitle(f"Problems · {count}" if count else "Problems")

    def _ask_some_worker(self, request: object, on_answer: object) -> bool:
        """The worker of the run, whose memory is in use; else the spare one."""
        if not callable(on_answer):
            return False
        if self.session.run.state in ("running", "ended"):
            return self.session.ask(request, on_answer, owner=self.device) != 0
        return self.workers.ask(request, on_answer)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.editor.open(url.toLocalFile())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_quit():
            event.ignore()
            return
        self.keep_state()
        self.autosave.close()
        self.runner.close()
        self.workers.close()
        event.accept()

    def keep_state(self) -> None:
        """Write down what the next start needs."""
        self.settings.set_window("geometry", self.saveGeometry())
        self.settings.set_window("docks", self.docks.state())
        paths = [str(document.path) for document in self.editor.documents if document.path]
        self.settings.open_files = paths
        self.settings.save()

    def createPopupMenu(self) -> QMenu:
        """The menu of a right click on a dock's title: the same as View, Panes."""
        return self.docks.menu()
