"""The keys of a graph."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from explorer.ui.widgets.graph.hand import Handled

Key = Qt.Key
_ARROWS = (Key.Key_Down, Key.Key_Up, Key.Key_Left, Key.Key_Right)


class GraphKeys:
    """Arrows walk along the lines (with Shift they light up the paths from where one is), Return
    and Space open a group or choose again, Backspace closes the group around, + - 0 F zoom and
    fit, Home and End go to the top and the bottom, Escape forgets lit paths."""

    def __init__(self, view: Handled) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means; tells whether it means anything."""
        view, key = self._view, Key(event.key())
        picture = view.picture
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or picture is None:
            return False
        if key in _ARROWS:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._walk(key, to_path=shift)
        elif key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
            self._open()
        elif key == Key.Key_Backspace:
            self._fold_around()
        elif key in (Key.Key_Plus, Key.Key_Equal):
            view.zoom(1.25)
        elif key == Key.Key_Minus:
            view.zoom(0.8)
        elif key in (Key.Key_0, Key.Key_F):
            view.fit()
        elif key in (Key.Key_Home, Key.Key_End):
            self._go_to_end(top=key == Key.Key_Home)
        elif key == Key.Key_Escape:
            view.forget_highlight()
        else:
            return False
        return True

    def _walk(self, key: Key, *, to_path: bool) -> None:
        view = self._view
        if view.walker is None:
            return
        if view.chosen < 0:
            self._go_to_end(top=True)
            return
        walker, box = view.walker, view.chosen
        if key in (Key.Key_Left, Key.Key_Right):
            found = walker.beside(box, -1 if key == Key.Key_Left else 1)
        else:
            found = walker.down(box) if key == Key.Key_Down else walker.up(box)
        if found >= 0:
            view.choose_box(found, to_path=to_path)

    def _open(self) -> None:
        view = self._view
        if view.picture is None or view.chosen < 0:
            return
        if view.picture.scene.group[view.chosen] >= 0:
            view.toggle(view.chosen)
        else:
            view.choose_box(view.chosen)

    def _fold_around(self) -> None:
        view = self._view
        node = view.chosen_node()
        group = view.picture.group_around(node) if view.picture is not None and node >= 0 else 0
        if group > 0:
            view.fold_wanted.emit(group, False)

    def _go_to_end(self, *, top: bool) -> None:
        view = self._view
        if view.picture is None or len(view.picture.scene.box) == 0:
            return
        y = view.picture.scene.box[:, 1]
        view.choose_box(int(y.argmin() if top else y.argmax()))
