"""The main window: its frame with the editor, which stands there at once, and its furniture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from explorer.ui.desk import Desk
from explorer.ui.documents.autosave import Autosave
from explorer.ui.early_keys import EarlyKeys
from explorer.ui.frame import Frame
from explorer.ui.furniture import Furniture
from explorer.ui.lessons_menu import LessonsMenu
from explorer.ui.panes.editor import EditorPane
from explorer.ui.session import Session
from explorer.ui.settings import Settings
from explorer.ui.theme import appearance
from explorer.ui.timeline_room import TimelineRoom

if TYPE_CHECKING:
    from explorer.model.lessons import Lesson
    from explorer.ui.actions import Actions
    from explorer.ui.docks import Docks
    from explorer.ui.documents.file_gestures import FileGestures
    from explorer.ui.panes.device import DeviceButton
    from explorer.ui.panes.timeline import TimelinePane
    from explorer.ui.running.interpreter_button import InterpreterButton
    from explorer.ui.running.run_gestures import RunGestures
    from explorer.ui.running.runner import Runner
    from explorer.ui.running.workers import Workers
    from explorer.ui.stepper import Stepper
    from explorer.ui.toolbar import Toolbar

USUAL_SIZE = QSize(1600, 1000)
SMALLEST_SIZE = QSize(900, 560)
FRAME = QSize(0, 32)
"""What a title bar takes, about: it is not known before the window is shown."""
PROGRAM = "Tensor Explorer"
TITLES = ("&File", "&Edit", "&Run", "&Step", "&Gradients", "&View", "&Help")
TOOLBAR_HEIGHT = 51
"""Pixels: as high as with its buttons, so that nothing jumps when these come."""


class MainWindow(QMainWindow):
    """One window with one session; ``python`` runs its programs (empty: the window's own)."""

    stands = Signal()
    """The window has been painted for the first time."""
    filled = Signal()
    """All of it is in its place."""

    def __init__(self, settings: Settings, data: Path, python: str = "") -> None:
        super().__init__()
        self.session = Session(self)
        self.session.turns.shared = True
        self.settings = settings
        self.autosave = Autosave(data / "autosave")
        self.editor = EditorPane(self.session, self.autosave, data / "untitled", self)
        self.editor.file_opened.connect(settings.add_recent_file)
        self.editor.file_saved.connect(settings.add_recent_file)
        self.frame = Frame(self)
        self.furniture = Furniture(self, python)
        self._early_keys = EarlyKeys(self)
        self._painted = False
        self.timeline_room = TimelineRoom(self)
        self._put_together()
        self.editor.zoom_changed.connect(self._keep_zoom)
        self.editor.document_changed.connect(self._name_document)
        self._name_document()
        self._restore()

    @property
    def gestures(self) -> Actions:
        """Every gesture, as an action."""
        return self.frame.finish().gestures

    @property
    def files(self) -> FileGestures:
        """The gestures of the File menu."""
        return self.frame.finish().files

    @property
    def toolbar(self) -> Toolbar:
        """The row above everything."""
        return self.frame.finish().toolbar

    @property
    def device(self) -> DeviceButton:
        """What chooses where tensors are made."""
        return self.frame.finish().device

    @property
    def interpreter(self) -> InterpreterButton:
        """What chooses which Python runs programs."""
        return self.frame.finish().interpreter

    @property
    def docks(self) -> Docks:
        """All docks."""
        return self.frame.finish().docks

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
        for handler in (*self.frame.finish().handlers(), self):
            method = getattr(handler, name, None)
            if callable(method):
                found: Callable[[], object] = method
                return found
        return self.furniture.finish().handler(name)

    def _put_together(self) -> None:
        self.setAcceptDrops(True)
        self.desk = Desk(self.editor, self)
        self.setCentralWidget(self.desk)
        self._bar = self._strip("toolbar", "Run and step")
        self._bar.setFixedHeight(TOOLBAR_HEIGHT)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self._bar)
        self.timeline_strip = self._strip("timeline", "Timeline")
        self.timeline_strip.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.timeline_strip.addWidget(self.timeline_room)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.timeline_strip)
        bar = self.menuBar()
        self.menus = {title.replace("&", ""): bar.addMenu(title) for title in TITLES}
        self.lessons = LessonsMenu(self)
        self.lessons.chosen.connect(self.open_lesson)
        bar.insertMenu(self.menus["Help"].menuAction(), self.lessons)

    def _strip(self, name: str, title: str) -> QToolBar:
        strip = QToolBar(title, self)
        strip.setObjectName(name)
        strip.setMovable(False)
        return strip

    def take_toolbar(self, toolbar: Toolbar) -> None:
        """Put the toolbar where its room was kept."""
        self.insertToolBar(self._bar, toolbar)
        if self._bar.isVisible():
            toolbar.show()
        self.removeToolBar(self._bar)
        self._bar.deleteLater()

    def take_docks(self, docks: Docks) -> None:
        """Let the docks have their room: where they were last, else where they stand at first."""
        state = self.settings.window("docks")

        def arrange() -> None:
            self._arranged = state is not None and docks.restore(state)
            if self.isVisible():
                self._arrange(docks)

        self.desk.let_go(arrange)

    def _arrange(self, docks: Docks) -> None:
        if not self._arranged:
            self._arranged = True
            docks.reset()

    def open_lesson(self, lesson: Lesson) -> None:
        """Open a lesson's program as a new one, and list what to look at."""
        self.editor.new(lesson.text())
        self.docks.pane("lesson").show_lesson(lesson)  # type: ignore[attr-defined]
        self.docks.reveal("lesson")

    def _name_document(self) -> None:
        document = self.editor.document
        self.setWindowTitle(f"{document.name}[*] – {PROGRAM}")
        self.setWindowModified(document.is_modified)

    def _restore(self) -> None:
        room = self.screen().availableSize() - FRAME
        self.setMinimumSize(SMALLEST_SIZE.boundedTo(room))
        self.resize(USUAL_SIZE.boundedTo(room))
        self.editor.set_zoom(self.settings.zoom)
        geometry = self.settings.window("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
            self.desk.keep_free(self.settings.editor_margins)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.frame.complete:
            self._arrange(self.docks)
        if not self.furniture.complete:
            self._early_keys.listen()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._stands_there)

    def _stands_there(self) -> None:
        """The first picture is on the screen."""
        self.stands.emit()
        if not self.furniture.complete:
            self.furniture.begin()

    def play_early_keys(self) -> None:
        """Do what was asked for by keys before it could be done."""
        self._early_keys.play(self.gestures)

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

    def ask_some_worker(self, request: object, on_answer: object) -> bool:
        """Ask the worker of the run, whose memory is in use; else the spare one."""
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
        above = self.toolbar.geometry().bottom() + 1
        below = self.timeline_strip.geometry().top()
        self.settings.editor_margins = self.desk.room_around(above, below)
        paths = [str(document.path) for document in self.editor.documents if document.path]
        self.settings.open_files = paths
        self.settings.save()

    def createPopupMenu(self) -> QMenu:
        """The menu of a right click on a dock's title: the same as View, Panes."""
        return self.docks.menu()
