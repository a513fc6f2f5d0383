"""Joins everything: application, session, workers, window."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from explorer.ui import quick
from explorer.ui.documents.user_files import NAME, data_folder
from explorer.ui.main_window import MainWindow
from explorer.ui.settings import Settings
from explorer.ui.theme import STYLE, appearance

NOWHERE = 2
"""Exit code when nothing can be written anywhere."""


class WindowOptions:
    """What the command line asked for; empty leaves the user's settings."""

    def __init__(
        self, file: str = "", python: str = "", theme: str = "", *, remember: bool = True
    ) -> None:
        self.file = file
        self.python = python
        self.theme = theme
        self.remember = remember
        """Whether settings, open files and unsaved texts of earlier windows count."""


def make_application(settings: Settings, theme: str = "") -> QApplication:
    """The Qt application, dressed."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        # As an argument: to be told in a call, the style would have to become a Python object.
        application = QApplication([*sys.argv[:1], "-style", STYLE])
    elif application.style().objectName() != STYLE.lower():
        application.setStyle(STYLE)
    application.setApplicationName(NAME)
    application.setApplicationDisplayName("")
    application.setDesktopFileName(NAME)
    appearance().install(application, theme or settings.theme)
    return application


def make_window(options: WindowOptions, settings: Settings, data: Path) -> MainWindow:
    """A window with all that belongs in it and one warm spare worker."""
    window = make_frame(options, settings, data)
    window.furniture.finish()
    return window


def make_frame(options: WindowOptions, settings: Settings, data: Path) -> MainWindow:
    """A window with its programs; the rest comes in after it has been painted."""
    window = MainWindow(settings, data, options.python or settings.python)
    if options.file:
        window.editor.open(options.file)
    elif options.remember:
        for path in settings.open_files:
            if Path(path).is_file():
                window.editor.open(path)
    return window


def start(options: WindowOptions) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    settings = Settings()
    try:
        data, moved = data_folder()
    except OSError as err:
        print(f"There is no folder that may be written in: {err}.", file=sys.stderr)
        return NOWHERE
    application = make_application(settings, options.theme)
    window = make_frame(options, settings, data)
    tell_of_own_faults(window)
    if sys.platform == "darwin":
        from explorer.ui.documents.opened_files import OpenedFiles

        OpenedFiles(application, window.editor.open)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends the window
    problems = [problem for problem in (settings.problem, moved) if problem]
    window.filled.connect(settle, Qt.ConnectionType.SingleShotConnection)
    window.stands.connect(partial(greet, window, problems))
    window.show()
    code = application.exec()
    if not settings.save():
        print("The settings could not be written.", file=sys.stderr)
    return code


def settle() -> None:
    """All that has been made until now stays: it need not be looked through again and again."""
    quick.stand()
    gc.freeze()
    gc.enable()


def greet(window: MainWindow, problems: list[str]) -> None:
    """What has to be said first: texts left behind, else what is wrong with the user's files."""
    for problem in problems:
        print(problem, file=sys.stderr)
    window.files.offer_left_texts()
    if problems and not window.editor.banner.sentence:
        window.editor.banner.tell(" ".join(problems), subject="settings")


def tell_of_own_faults(window: MainWindow) -> None:
    """A fault of the window itself is printed and told; the window and its texts live on."""

    def told(kind: type[BaseException], err: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, err, trace)
        window.session.note(
            f"Something went wrong inside Tensor Explorer ({kind.__name__}); your text is kept."
        )

    sys.excepthook = told
