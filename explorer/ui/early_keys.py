"""Keys that are pressed before those who do what they mean are there: held, and played then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from explorer.ui.actions import Actions

_NO_TEXT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class EarlyKeys(QObject):
    """Holds the keys of gestures, and all that is typed after the first of them: what that means
    depends on the gesture. What is typed before goes to the editor at once."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._listened: QObject | None = None
        self._held: list[QKeyEvent] = []

    def listen(self) -> None:
        """Begin to; the window has to have been shown."""
        self._listened = self._window.windowHandle()
        self._listened.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        holds = bool(self._held) or _is_of_gesture(event)
        if holds:
            self._held.append(event.clone())
        return holds

    def play(self, gestures: Actions) -> None:
        """Do what was held, in order; from now on keys take their usual way."""
        if self._listened is not None:
            self._listened.removeEventFilter(self)
            self._listened = None
        held, self._held = self._held, []
        for event in held:
            action = gestures.of_keys(_sequence(event))
            if action is not None:
                action.trigger()
            else:
                QApplication.sendEvent(QApplication.focusWidget() or self._window, event)


def _is_of_gesture(event: QKeyEvent) -> bool:
    """Whether it could be: the keys of menus, such as Alt+F, can wait for nothing."""
    if Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
        return True
    if event.key() >= Qt.Key.Key_Shift and event.key() <= Qt.Key.Key_ScrollLock:
        return False
    alone = event.modifiers() & Qt.KeyboardModifier.AltModifier and not event.text()
    return bool(event.modifiers() & _NO_TEXT or alone)


def _sequence(event: QKeyEvent) -> QKeySequence:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
