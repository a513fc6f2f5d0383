"""The line in which a slice is typed as code; it says what is wrong while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from explorer.model.slicing import Slice, SliceError, name_in, parse
from explorer.ui.theme import mono_font


class SliceEdit(QLineEdit):
    """Reads a slice of a shape when Enter is pressed; nothing is ever executed."""

    slice_typed = Signal(object)
    """The `Slice`."""
    refused = Signal(str)
    """What is wrong with the text, in one sentence; empty when it is a slice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[int, ...] = ()
        self.shape_of: Callable[[str], tuple[int, ...] | None] = lambda name: None
        """Tells the shape of another tensor by its name, where there is one."""
        self.setObjectName("flat")
        self.setFont(mono_font(12))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText("slice")
        self.setAccessibleName("Slice as code, such as x[3, :, ::2]")
        self.setToolTip("What is shown, as code; type another slice and press Enter")
        self.textEdited.connect(self._check)
        self.returnPressed.connect(self._typed)

    def show_slice(self, code: str, shape: tuple[int, ...]) -> None:
        """Show what is looked at; what is being typed is left alone while the shape stays."""
        if not (self.hasFocus() and self.isModified() and shape == self._shape):
            self.setText(code)
            self.setModified(False)
            if not self.hasFocus():
                self.setCursorPosition(0)  # where there is little room, the beginning says more
        self._shape = shape

    def _parsed(self) -> Slice:
        shape = self.shape_of(name_in(self.text()))
        return parse(self.text(), self._shape if shape is None else shape)

    def _check(self) -> None:
        sentence = ""
        try:
            self._parsed()
        except SliceError as err:
            sentence = str(err)
        self.refused.emit(sentence)

    def _typed(self) -> None:
        try:
            cut = self._parsed()
        except SliceError as err:
            self.refused.emit(str(err))
            return
        self.setModified(False)
        self.slice_typed.emit(cut)
