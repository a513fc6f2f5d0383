"""Who follows the moment, each in a turn of its own, so that Qt paints and listens in between.

All panes at once would keep the window for several frames. A pane that stands alone, without a
window around it, follows at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from explorer.ui.pace import Pace

Method = Callable[[], Any]


class Turns(QObject):
    """Calls the methods that follow; one that waits already is called once, for what is last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shared = False
        """Whether each follows in a turn of its own, and not all at once."""
        self._moment: list[WeakMethod[Method]] = []
        self._recording: list[WeakMethod[Method]] = []
        self._waiting: dict[WeakMethod[Method], None] = {}
        self._timer = Pace(self)
        self._timer.timeout.connect(self._next)

    def on_moment(self, method: Method) -> None:
        """Call a method of an object that lives in this thread when the moment has changed."""
        self._moment.append(WeakMethod(method))

    def on_recording(self, method: Method) -> None:
        """The same when the recording has."""
        self._recording.append(WeakMethod(method))

    def ask(self, method: Method) -> None:
        """Call such a method once, in its turn."""
        self._begin([WeakMethod(method)])

    @property
    def waiting(self) -> int:
        """How many have not followed yet."""
        return len(self._waiting)

    def moment_changed(self) -> None:
        """Let all follow who listen to the moment."""
        self._begin(self._moment)

    def recording_changed(self) -> None:
        """Let all follow who listen to the recording."""
        self._begin(self._recording)

    def finish(self) -> None:
        """Let those who wait follow now."""
        while self._waiting:
            self._call(next(iter(self._waiting)))
        self._timer.stop()

    def _begin(self, methods: list[WeakMethod[Method]]) -> None:
        self._waiting.update(dict.fromkeys(methods))
        if self.shared:
            self._timer.start()
        else:
            self.finish()

    def _next(self) -> None:
        """Those whose work is seen come first."""
        seen = (method for method in self._waiting if _is_seen(method))
        chosen = next(seen, next(iter(self._waiting), None))
        if chosen is not None:
            self._call(chosen)
        if not self._waiting:
            self._timer.stop()

    def _call(self, chosen: WeakMethod[Method]) -> None:
        del self._waiting[chosen]
        method = chosen()
        if method is None or not isValid(_owner(method)):
            for methods in (self._moment, self._recording):
                if chosen in methods:
                    methods.remove(chosen)
        else:
            method()


def _owner(method: Method) -> object:
    return method.__self__  # type: ignore[attr-defined]


def _is_seen(chosen: WeakMethod[Method]) -> bool:
    method = chosen()
    if method is None or not isValid(_owner(method)):
        return True
    owner = _owner(method)
    return owner.isVisible() if isinstance(owner, QWidget) else True
