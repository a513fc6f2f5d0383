"""The main window: its frame with the editor, which stands there at once, and its furniture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from explorer.ui.actions import Actions
from explorer.ui.docks import Docks
from explorer.ui.documents.autosave import Autosave
from explorer.ui.documents.edit_gestures import EditGestures
from explorer.ui.documents.file_gestures import FileGestures
from explorer.ui.furniture import Furniture
from explorer.ui.help import HelpGestures
from explorer.ui.lessons_menu import LessonsMenu
from explorer.ui.panes.device import DeviceButton
from explorer.ui.panes.editor import EditorPane
from explorer.ui.resources import resource
from explorer.ui.running.interpreter_button import InterpreterButton
from explorer.ui.session import Session
from explorer.ui.settings import Settings
from explorer.ui.theme import CHOICES, appearance
from explorer.ui.timeline_room import TimelineRoom
from explorer.ui.toolbar import Toolbar

if TYPE_CHECKING:
    from explorer.model.lessons import Lesson
    from explorer.ui.panes.timeline import TimelinePane
    from explorer.ui.running.run_gestures import RunGestures
    from explorer.ui.running.runner import Runner
    from explorer.ui.running.workers import Workers
    from explorer.ui.stepper import Stepper

USUAL_SIZE = QSize(1600, 1000)
SMALLEST_SIZE = QSize(900, 560)
FRAME = QSize(0, 32)
"""What a title bar takes, about: it is not known before the window is shown."""
PROGRAM = "Tensor Explorer"
BREATH_MS = 40
"""In which the system brings the first picture to the screen."""


class MainWindow(QMainWindow):
    """One window with one session; ``python`` runs its programs (empty: the window's own)."""

    stands = Signal()
    """The window has been painted for the first time."""

    def __init__(self, settings: Settings, data: Path, python: str = "") -> None:
        super().__init__()
        self.session = Session(self)
        self.settings = settings
        self.autosave = Autosave(data / "autosave")
        self.editor = EditorPane(self.session, self.autosave, data / "untitled", self)
        self.files = FileGestures(self.editor, settings, self.autosave, self)
        self._edits = EditGestures(self.editor)
        self._helps = HelpGestures(self, lambda: self.workers.python)
        self.furniture = Furniture(self, python)
        self._painted = False
        self.gestures = Actions(self, self.editor, self.act)
        self.toolbar = Toolbar(self.gestures, self)
        self.device = DeviceButton(self._ask_some_worker, settings.device, self)
        self.interpreter = InterpreterButton(self)
        self.interpreter.program = lambda: self.editor.document.path
        self.interpreter.copied.connect(lambda words: self.toolbar.note(f"Copied: {words}"))
        self.timeline_room = TimelineRoom(self)
        self.docks = Docks(self, self.session)
        self._put_together()
        self.files.quit_wanted.connect(self.close)
        self.editor.zoom_changed.connect(self._keep_zoom)
        self.editor.document_changed.connect(self._name_document)
        self._name_document()
        self._restore()

    @property
    def workers(self) -> Workers:
        """The spare worker."""
        return self.furniture.finish().workers

    @property
    def runner(self) -> Runner:
        """What runs programs."""
        return self.furniture.finish().runner

    @property
    def runs(self) -> RunGestures:
        """The gestures of the Run menu."""
        return self.furniture.finish().runs

    @property
    def stepper(self) -> Stepper:
        """What walks through the recording."""
        return self.furniture.finish().stepper

    @property
    def timeline(self) -> TimelinePane:
        """The strip of all steps."""
        return self.furniture.finish().timeline

    def act(self, name: str) -> None:
        """Do the gesture of a name."""
        self.handler(name)()

    def handler(self, name: str) -> Callable[[], object]:
        """What does the gesture of a name.

        Raises:
            AttributeError: nobody handles a gesture of this name.
        """
        for handler in (self.files, self._edits, self._helps, self):
            method = getattr(handler, name, None)
            if callable(method):
                found: Callable[[], object] = method
                return found
        return self.furniture.finish().handler(name)

    def _put_together(self) -> None:
        self.setWindowIcon(QIcon(str(resource("icons", "tensor-explorer.svg"))))
        self.setAcceptDrops(True)
        self.setCentralWidget(self.editor)
        self.toolbar.addWidget(self.interpreter)
        self.toolbar.addWidget(self.device)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.toolbar)
        strip = QToolBar("Timeline", self)
        strip.setObjectName("timeline")
        strip.setMovable(False)
        strip.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        strip.addWidget(self.timeline_room)
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

    def _name_document(self) -> None:
        document = self.editor.document
        self.setWindowTitle(f"{document.name}[*] – {PROGRAM}")
        self.setWindowModified(document.editor.is_modified())

    def _restore(self) -> None:
        room = self.screen().availableSize() - FRAME
        self.setMinimumSize(SMALLEST_SIZE.boundedTo(room))
        self.resize(USUAL_SIZE.boundedTo(room))
        self.editor.set_zoom(self.settings.zoom)
        geometry, docks = self.settings.window("geometry"), self.settings.window("docks")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self._arranged = docks is not None and self.docks.restore(docks)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._arranged:
            self._arranged = True
            self.docks.reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._stands_there)

    def _stands_there(self) -> None:
        """The first picture is on the screen."""
        self.stands.emit()
        QTimer.singleShot(BREATH_MS, self._fill_up)

    def _fill_up(self) -> None:
        if not self.furniture.complete:
            self.furniture.begin()

    def reset_layout(self) -> None:
        """Every pane where it stood at first."""
        self.docks.reset()

    def choose_theme(self, choice: str) -> None:
        """``system``, ``light`` or ``dark``."""
        self.settings.theme = choice
        appearance().choose(choice)

    def show_place(self, file: str, line: int) -> None:
        """Open a file of the user's at a line."""
        if self.editor.open(file):
            self.editor.document.editor.set_caret(line)
            self.editor.document.editor.show_line(line)

    def _keep_zoom(self, points: int) -> None:
        self.settings.zoom = points

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
        self.furniture.close()
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
