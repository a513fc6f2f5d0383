"""The keys of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from explorer.ui.widgets.graph_view import GraphView

Key = Qt.Key


def press(view: GraphView, event: QKeyEvent) -> bool:
    """Do what a key means; tells whether it means anything.

    Arrows walk (with Shift they light up the paths from where they started), Return and Space
    open a group or choose again, Backspace closes the group around, + - 0 F zoom and fit, Home
    and End go to the top and the bottom, Escape forgets.
    """
    key, shift = Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    if key in (Key.Key_Down, Key.Key_Up, Key.Key_Left, Key.Key_Right):
        _walk(view, key, shift)
    elif key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
        _open(view)
    elif key == Key.Key_Backspace:
        view.fold_around()
    elif key in (Key.Key_Plus, Key.Key_Equal):
        view.zoom(1.25)
    elif key == Key.Key_Minus:
        view.zoom(0.8)
    elif key in (Key.Key_0, Key.Key_F):
        view.fit()
    elif key in (Key.Key_Home, Key.Key_End):
        _go_to_end(view, top=key == Key.Key_Home)
    elif key == Key.Key_Escape and view.paths is not None:
        view.forget_highlight()
    else:
        return False
    return True


def _walk(view: GraphView, key: Key, shift: bool) -> None:
    if view.picture is None or view.walker is None or len(view.picture.scene.box) == 0:
        return
    if view.chosen < 0:
        _go_to_end(view, top=True)
        return
    walker, box = view.walker, view.chosen
    if key in (Key.Key_Left, Key.Key_Right):
        found = walker.beside(box, -1 if key == Key.Key_Left else 1)
    else:
        found = walker.down(box) if key == Key.Key_Down else walker.up(box)
    if found >= 0:
        view.choose_box(found, to_path=shift)


def _open(view: GraphView) -> None:
    if view.picture is None or view.chosen < 0:
        return
    if view.picture.scene.group[view.chosen] >= 0:
        view.toggle(view.chosen)
    else:
        view.choose_box(view.chosen)


def _go_to_end(view: GraphView, *, top: bool) -> None:
    if view.picture is None or len(view.picture.scene.box) == 0:
        return
    y = view.picture.scene.box[:, 1]
    box = int(y.argmin() if top else y.argmax())
    view.choose_box(box)
