"""What stands around the editor: gestures, menus, toolbar, docks; made after the first picture.

A person who opens a program sees it first; these come in the turns right after that, one piece in
a turn, before anything that needs the recording (see `furniture`). Whoever needs one of them sooner
calls `finish`.
"""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from explorer.ui.pace import Pace

if TYPE_CHECKING:
    from explorer.ui.main_window import MainWindow

MODULES = (
    "explorer.ui.actions",
    "explorer.ui.documents.edit_gestures",
    "explorer.ui.documents.file_gestures",
    "explorer.ui.help",
    "explorer.ui.toolbar",
    "explorer.ui.docks",
    "explorer.ui.panes.device",
    "explorer.ui.running.interpreter_button",
    "explorer.ui.theme_menu",
)
DOCKS_AT_ONCE = 3


class Frame(QObject):
    """Puts all of it into one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._pieces: deque[Callable[[], bool]] = deque(
            (
                self._take_gestures,
                self._take_menus,
                self._take_buttons,
                self._take_choices,
                self._take_docks,
                self._take_views,
                self._take_places,
            )
        )

    @property
    def complete(self) -> bool:
        """Whether everything is in its place."""
        return not self._pieces

    @staticmethod
    def import_modules() -> None:
        """Import what the pieces need; in whichever thread."""
        for name in MODULES:
            importlib.import_module(name)

    def begin(self, on_complete: Callable[[], object]) -> None:
        """Bring it in piece by piece, one in a turn."""
        turn = Pace(self)

        def next_one() -> None:
            self._next_piece()
            if self.complete:
                turn.stop()
                turn.deleteLater()
                on_complete()

        turn.timeout.connect(next_one)
        turn.start()

    def _next_piece(self) -> None:
        if self._pieces and self._pieces[0]():
            self._pieces.popleft()

    def finish(self) -> Frame:
        """Bring in at once all that is still missing."""
        while self._pieces:
            self._next_piece()
        return self

    def handlers(self) -> tuple[object, ...]:
        """Those who do gestures without a recording."""
        return self.files, self._edits, self._helps

    def _take_gestures(self) -> bool:
        from explorer.ui.actions import Actions
        from explorer.ui.documents.edit_gestures import EditGestures
        from explorer.ui.documents.file_gestures import FileGestures
        from explorer.ui.help import HelpGestures

        window = self._window
        self.files = FileGestures(window.editor, window.settings, window.autosave, window)
        self.files.quit_wanted.connect(window.close)
        self._edits = EditGestures(window.editor)
        self._helps = HelpGestures(window, lambda: window.workers.python)
        self.gestures = Actions(window, window.editor, window.act)
        return True

    def _take_menus(self) -> bool:
        self.gestures.fill(self._window.menus, self.files.recent_menu)
        return True

    def _take_buttons(self) -> bool:
        from explorer.ui.toolbar import Toolbar

        self.toolbar = Toolbar(self.gestures, self._window)
        return True

    def _take_choices(self) -> bool:
        from explorer.ui.panes.device import DeviceButton
        from explorer.ui.running.interpreter_button import InterpreterButton

        window, toolbar = self._window, self.toolbar
        self.device = DeviceButton(window.ask_some_worker, window.settings.device, window)
        self.interpreter = InterpreterButton(window)
        self.interpreter.program = lambda: window.editor.document.path
        self.interpreter.copied.connect(lambda words: toolbar.note(f"Copied: {words}"))
        toolbar.addWidget(self.interpreter)
        toolbar.addWidget(self.device)
        window.take_toolbar(toolbar)
        return True

    def _take_docks(self) -> bool:
        """A few at a time."""
        from explorer.ui.docks import Docks

        if not hasattr(self, "docks"):
            self.docks = Docks(self._window, self._window.session)
        return self.docks.make_some(DOCKS_AT_ONCE)

    def _take_views(self) -> bool:
        from PySide6.QtGui import QIcon

        from explorer.ui.resources import resource
        from explorer.ui.theme_menu import theme_menu

        window = self._window
        window.setWindowIcon(QIcon(str(resource("icons", "tensor-explorer.svg"))))
        panes, view = self.docks.menu(), window.menus["View"]
        panes.addSeparator()
        panes.addAction(window.timeline_strip.toggleViewAction())
        view.addSeparator()
        view.addMenu(panes)
        view.addMenu(theme_menu(window.choose_theme, window))
        return True

    def _take_places(self) -> bool:
        self._window.take_docks(self.docks)
        return True
