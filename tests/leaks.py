"""Finds what a test left behind: widgets, running timers, threads and processes.

Qt is looked at only where a test asked for the application, so the tests of the floors below stay
free of it.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from pathlib import Path
from typing import Any

WARM = "warm_python.py"
"""The process from which those of tests are forked; it stays for all of them."""
_PATIENCE = 60.0
"""Seconds in which a thread or a process that was told to end may do so: a search through a long
recording hears of it at its next question, and other processes may want the processor too."""


class LeakHunt:
    """Remembers what is there when it is made; tells later what has come since and stayed."""

    def __init__(self, *, qt: bool) -> None:
        """With ``qt``, widgets and timers count as well; a QApplication must be there by then."""
        self._qt = qt
        self._widgets = set(_widgets()) if qt else set()
        self._timers = set(_running_timers()) if qt else set()
        self._threads = set(threading.enumerate())
        self._processes = set(_children())

    def what_is_left(self) -> list[str]:
        """One sentence for each thing that should be gone; empty when all is well."""
        deadline = time.monotonic() + _PATIENCE
        left = self._look()
        while left and time.monotonic() < deadline:
            _let_go()
            left = self._look()
        return left

    def _look(self) -> list[str]:
        threads = [t for t in threading.enumerate() if t not in self._threads]
        processes = {key: text for key, text in _children().items() if key not in self._processes}
        left = [f"thread {thread.name}" for thread in threads]
        left += [f"process {text}" for text in processes.values()]
        return left + self._look_at_qt() if self._qt else left

    def _look_at_qt(self) -> list[str]:
        _process_deferred_deletes()
        widgets = [text for key, text in _widgets().items() if key not in self._widgets]
        timers = [text for key, text in _running_timers().items() if key not in self._timers]
        return [f"widget {text}" for text in widgets] + [f"running timer {t}" for t in timers]


def _let_go() -> None:
    gc.collect()
    application = _application()
    if application is not None:
        application.processEvents()
    time.sleep(0.01)


def _application() -> Any:
    """The running QApplication, or None when the test has not made one."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    return None if widgets is None else widgets.QApplication.instance()


def _process_deferred_deletes() -> None:
    if _application() is not None:
        core = sys.modules["PySide6.QtCore"]
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)


def _widgets() -> dict[int, str]:
    """Every widget without a parent, by its address, with words to find it again."""
    application = _application()
    if application is None:
        return {}
    return {
        _address(widget): f"{type(widget).__name__} {widget.objectName()!r}{_holders(widget)}"
        for widget in application.topLevelWidgets()
        if not _belongs_to_qt(widget)
    }


def _belongs_to_qt(widget: Any) -> bool:
    """Windows that Qt keeps for itself, such as the one behind tool tips."""
    name = widget.metaObject().className()
    return name in {"QTipLabel", "QDesktopWidget"} or widget.objectName().startswith("qt_")


def _holders(widget: Any) -> str:
    holders = [type(holder).__name__ for holder in gc.get_referrers(widget)]
    return f" (held by {', '.join(sorted(set(holders))[:6])})" if holders else ""


def _running_timers() -> dict[int, str]:
    """Every active QTimer that Python can see, by its address."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return {}
    shiboken = sys.modules["shiboken6"]
    found = {}
    for timer in _qt_objects(core.QTimer):
        if shiboken.isValid(timer) and timer.isActive():
            parent = timer.parent()
            owner = type(parent).__name__ if parent is not None else "nobody"
            found[_address(timer)] = f"of {timer.interval()} ms, owned by {owner}"
    return found


def _qt_objects(wanted: type) -> list[Any]:
    """Objects of a Qt class: those that Python has seen, and the children of every widget."""
    wrappers = sys.modules["shiboken6"].getAllValidWrappers()
    objects = [one for one in wrappers if isinstance(one, wanted)]
    application = _application()
    if application is not None:
        for widget in application.topLevelWidgets():
            objects.extend(widget.findChildren(wanted))
    return objects


def _address(wrapper: Any) -> int:
    address: int = sys.modules["shiboken6"].getCppPointer(wrapper)[0]
    return address


def _children() -> dict[int, str]:
    """The living child processes of this one, by number (Linux; elsewhere none are seen)."""
    found = {}
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            numbers = task.read_text().split()
        except OSError:  # the thread ended meanwhile
            continue
        for number in map(int, numbers):
            words = _command_of(number)
            if words and WARM not in words:
                found[number] = f"{number}: {words}"
    return found


def _command_of(process: int) -> str:
    """The command line of a process; empty when it has ended or waits to be buried."""
    try:
        raw = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()[:120]
