"""Graphs into files: SVG and PNG of what is shown, DOT and JSON of all there is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter

from explorer.model.graph.drawing import DrawnGraph
from explorer.model.graph.export import as_dot, as_json, as_svg
from explorer.model.graph.texts import GraphMarks
from explorer.ui.theme import theme
from explorer.ui.widgets.graph.camera import MARGIN, Camera
from explorer.ui.widgets.graph.painting import paint_still
from explorer.ui.widgets.graph.picture import Picture

KINDS = ("svg", "png", "dot", "json")

SHARP = 2.0
"""Pixels of a PNG for a unit of the picture."""

MOST_PIXELS = 16_000
"""Widest and tallest PNG; a larger picture is made smaller to fit."""


class CannotSave(ValueError):
    """The text is one sentence for the user."""


def save_graph(
    path: Path, kind: str, drawn: DrawnGraph, picture: Picture, marks: GraphMarks
) -> None:
    """Write a graph to a file.

    Raises:
        CannotSave: when the file cannot be written.
    """
    try:
        if kind == "png":
            if not QImageWriter(str(path), QByteArray(b"png")).write(png_of(picture, marks)):
                raise CannotSave(f"{path} could not be written; choose another place.")
        else:
            path.write_text(text_of(kind, drawn, picture), encoding="utf-8")
    except OSError as err:
        raise CannotSave(f"{path} could not be written: {err.strerror}.") from err


def text_of(kind: str, drawn: DrawnGraph, picture: Picture) -> str:
    """A graph as DOT, JSON or SVG."""
    if kind == "dot":
        return as_dot(drawn.columns)
    if kind == "json":
        return as_json(drawn, picture.scene)
    groups = picture.folded.groups
    return as_svg(picture.scene, picture.lines, lambda group: f"▾ {groups.title(group)}")


def png_of(picture: Picture, marks: GraphMarks) -> QImage:
    """All of a picture, as large as it is read well, in the colours in force."""
    left, top, right, bottom = picture.bounds
    wide, high = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    scale = min(SHARP, MOST_PIXELS / wide, MOST_PIXELS / high)
    image = QImage(
        QSize(max(round(wide * scale), 1), max(round(high * scale), 1)), QImage.Format.Format_RGB32
    )
    image.fill(theme().background)
    camera = Camera()
    camera.scale, camera.x, camera.y = scale, left - MARGIN, top - MARGIN
    camera.width, camera.height = float(image.width()), float(image.height())
    painter = QPainter(image)
    paint_still(painter, camera, picture, marks)
    painter.end()
    return image
