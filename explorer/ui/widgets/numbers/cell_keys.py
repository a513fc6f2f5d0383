"""Where a key leads from a cell of a plane."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def cell_after_key(
    event: QKeyEvent, cell: tuple[int, int], rows: int, columns: int, page: int
) -> tuple[int, int] | None:
    """The cell that arrows, Home, End and the page keys lead to, with Ctrl as far as it goes.

    None for any other key.
    """
    row, column = cell
    far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    last_row, last_column = rows - 1, columns - 1
    targets = {
        Qt.Key.Key_Up: (0 if far else row - 1, column),
        Qt.Key.Key_Down: (last_row if far else row + 1, column),
        Qt.Key.Key_Left: (row, 0 if far else column - 1),
        Qt.Key.Key_Right: (row, last_column if far else column + 1),
        Qt.Key.Key_PageUp: (row - page, column),
        Qt.Key.Key_PageDown: (row + page, column),
        Qt.Key.Key_Home: (0 if far else row, 0),
        Qt.Key.Key_End: (last_row if far else row, last_column),
    }
    target = targets.get(Qt.Key(event.key()))
    if target is None:
        return None
    return min(max(target[0], 0), last_row), min(max(target[1], 0), last_column)
