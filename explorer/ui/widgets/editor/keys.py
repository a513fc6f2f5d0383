"""Keys, wheel turns, drops and hovers that every editor of the window handles in the same way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDropEvent, QHelpEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from explorer.ui.widgets.editor.code_editor import CodeEditor
from explorer.ui.widgets.editor.line_overlay import LineOverlay


def takes_key(editor: CodeEditor, event: QKeyEvent) -> bool:
    """Do what the key means, if it is one of these; else leave it to the component."""
    key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    nothing = Qt.KeyboardModifier.NoModifier
    first, last = editor.selected_lines()
    if key == Qt.Key.Key_Tab and modifiers == nothing and last > first:
        editor.indent()
    elif key == Qt.Key.Key_Backtab:
        editor.outdent()
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and modifiers == nothing:
        editor.new_line()
    elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and modifiers == Qt.KeyboardModifier.AltModifier:
        editor.move_lines(-1 if key == Qt.Key.Key_Up else 1)
    else:
        return False
    return True


def takes_wheel(editor: CodeEditor, event: QWheelEvent) -> bool:
    """Ctrl and the wheel make letters larger and smaller."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return False
    editor.zoom_by(1 if event.angleDelta().y() > 0 else -1)
    return True


def takes_tip(overlay: LineOverlay, event: QHelpEvent) -> bool:
    """Hovering over a line, or its number, says what is wrong with it."""
    QToolTip.showText(event.globalPos(), overlay.tip_at(event.pos().y()), overlay)
    return True


def takes_drop(editor: CodeEditor, event: QDropEvent) -> bool:
    """Files dragged over the editor are opened, not pasted; text is left to the component."""
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    if not files:
        return False
    event.acceptProposedAction()
    if event.type() == QEvent.Type.Drop:
        for file in files:
            editor.file_dropped.emit(file)
    return True
