"""Colours of graphs, light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QColor

from explorer.ui.theme import theme


@dataclass(frozen=True)
class GraphColours:
    """Fills and lines of what only graphs have; everything else is the theme's."""

    operation: QColor
    operation_line: QColor
    leaf: QColor
    leaf_line: QColor
    result: QColor
    result_line: QColor
    group: QColor
    group_line: QColor
    repeated: QColor  # passes of loops
    repeated_line: QColor
    chunk: QColor
    chunk_line: QColor
    cut: QColor
    cut_line: QColor
    reference: QColor
    reference_line: QColor
    saved: QColor
    frame: tuple[QColor, QColor]  # of open groups, one inside the other
    frame_line: QColor
    edge: QColor
    faded_edge: QColor
    path: QColor  # a highlighted way


def _colours(**codes: str) -> GraphColours:
    pair = (QColor(codes.pop("frame_outer")), QColor(codes.pop("frame_inner")))
    return GraphColours(frame=pair, **{name: QColor(code) for name, code in codes.items()})


@cache
def _of(dark: bool) -> GraphColours:
    if dark:
        return _colours(
            operation="#1f3550", operation_line="#4f7fb3", leaf="#1d3a2a", leaf_line="#4f9e70",
            result="#123a2e", result_line="#4cc79e", group="#45381c", group_line="#b08f45",
            repeated="#362c4d", repeated_line="#8f78c4", chunk="#2c333d", chunk_line="#76828f",
            cut="#4a2320", cut_line="#d9706a", reference="#1d2127", reference_line="#697482",
            saved="#1d2127", frame_outer="#191e26", frame_inner="#1f2631", frame_line="#465a78",
            edge="#8a97a6", faded_edge="#4a535e", path="#f0ad43",
        )  # fmt: skip
    return _colours(
        operation="#d8eafb", operation_line="#5d86ad", leaf="#dcf3dc", leaf_line="#63a063",
        result="#e3f3ec", result_line="#00795a", group="#ffecc4", group_line="#b5923f",
        repeated="#ebdffb", repeated_line="#8e6fc0", chunk="#e6eaef", chunk_line="#7d8996",
        cut="#fbe0dd", cut_line="#c62828", reference="#ffffff", reference_line="#9aa5b1",
        saved="#f6f7f9", frame_outer="#f3f6fb", frame_inner="#e9eff8", frame_line="#93a6c4",
        edge="#76828f", faded_edge="#c3cad2", path="#c77700",
    )  # fmt: skip


def graph_colours() -> GraphColours:
    """The colours in force."""
    return _of(theme().dark)
