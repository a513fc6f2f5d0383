"""Takes numbers out of the window: to the clipboard, to pictures, to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRect, QSaveFile, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.model.numbers import TextStyle
from explorer.model.tile_cache import Region
from explorer.model.values.number_block import block_of
from explorer.model.values.slice_texts import slice_text
from explorer.model.values.view import ValuesView, box_of
from explorer.protocol.running import Failed
from explorer.protocol.values import Exported, ExportNumbers, NumberBox, ReadTile, Tile
from explorer.ui.asks import Asks
from explorer.ui.session import Session

MOST_COPIED = 200_000
"""Cells that the clipboard is given; a file holds any number."""
SLICE_FORMS = ("png", "svg", "csv", "npy")
TENSOR_FORMS = ("npy", "npz", "safetensors")


class ValuesOut(QObject):
    """Copies and saves what a `ValuesView` shows."""

    said = Signal(str)
    """What came of it, in one sentence."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.asks = Asks(session, self)

    def copy_code(self, view: ValuesView) -> None:
        """The slice as code to the clipboard."""
        QGuiApplication.clipboard().setText(view.code)
        self.said.emit(f"Copied {view.code}.")

    def copy_numbers(self, view: ValuesView, form: str, style: TextStyle) -> None:
        """The numbers of the plane to the clipboard, in a form of `slice_text`."""
        plane = view.plane
        if plane is None or view.sight is None or view.page is not None:
            self.said.emit("There are no numbers to copy.")
            return
        if plane.rows * plane.columns > MOST_COPIED:
            self.said.emit(
                f"The slice has {plane.rows * plane.columns:,} numbers, more than the clipboard is "
                f"given ({MOST_COPIED:,}); take a smaller slice, or save it to a file."
            )
            return
        region = Region(0, plane.rows, 0, plane.columns)
        request = ReadTile(view.sight, box_of(plane, 0, plane.rows, 0, plane.columns))

        def take(answer: Any) -> None:
            if isinstance(answer, Tile):
                block = block_of(answer, plane, region)
                text = slice_text(form, block, style, lone=plane.down is None)
                QGuiApplication.clipboard().setText(text)
                self.said.emit(f"Copied {plane.rows * plane.columns:,} numbers.")
            elif isinstance(answer, Failed):
                self.said.emit(answer.sentence)

        self.asks.ask("copy", request, take)

    def ask_path(self, view: ValuesView, form: str) -> str:
        """Ask the user for a file; empty when there shall be none."""
        name = "".join(c if c.isalnum() or c in "._-" else "_" for c in view.name) or "tensor"
        path, _ = QFileDialog.getSaveFileName(
            self._window, "Save", f"{name}.{form}", f"{form} (*.{form})"
        )
        return str(Path(path).absolute()) if path else ""

    def save_picture(self, picture: QWidget, form: str, path: str) -> None:
        """What a widget shows as PNG or SVG; the file appears when it is whole."""
        file = QSaveFile(path)
        if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
            self.said.emit(f"{path} cannot be written: {file.errorString()}.")
            return
        if form == "png":
            picture.grab().save(file, "PNG")
        else:
            drawing = QSvgGenerator()
            drawing.setOutputDevice(file)
            drawing.setSize(picture.size())
            drawing.setViewBox(QRect(0, 0, picture.width(), picture.height()))
            drawing.setTitle(picture.accessibleName())
            picture.render(drawing)
        if file.commit():
            self.said.emit(f"Saved {path}.")
        else:
            self.said.emit(f"{path} cannot be written: {file.errorString()}.")

    def save_slice(self, view: ValuesView, form: str, path: str) -> None:
        """The numbers of the plane to a file, rows and columns as they are shown."""
        if view.plane is None or view.sight is None or view.page is not None:
            self.said.emit("There are no numbers to save.")
            return
        plane = view.plane
        keep = tuple(dim for dim in plane.dims if dim is not None)
        box = box_of(plane, 0, plane.rows, 0, plane.columns)
        self._export(ExportNumbers(view.sight, box, path, form, view.name, keep))

    def save_tensor(self, view: ValuesView, form: str, path: str) -> None:
        """All numbers of the sight to a file."""
        if view.sight is None:
            self.said.emit("There are no numbers to save.")
            return
        dims = len(view.shape)
        box = NumberBox((0,) * dims, view.shape, (1,) * dims)
        self._export(ExportNumbers(view.sight, box, path, form, view.name))

    def _export(self, request: ExportNumbers) -> None:
        self.said.emit(f"Saving {request.path} …")
        self.asks.ask(request.path, request, self._exported)

    def _exported(self, answer: Any) -> None:
        if isinstance(answer, Failed):
            self.said.emit(answer.sentence)
        elif isinstance(answer, Exported):
            self.said.emit(f"Saved {answer.path}, {answer.nbytes:,} bytes. {answer.remark}".strip())
