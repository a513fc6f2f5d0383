"""The first folded picture, unfolding, and frames while panning and zooming, drawn in software.

``python -m benchmarks.graph.painting``
"""

from __future__ import annotations

import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from benchmarks.graph.loading import load, median_seconds, peak_megabytes
from explorer.model.graph_columns import GraphColumns
from explorer.model.graph_faces import compact_faces
from explorer.model.graph_folded import FoldedGraph, folded_graph
from explorer.model.graph_texts import plain_texts
from explorer.ui.graph_measure import measure
from explorer.ui.theme import ui_font
from explorer.ui.widgets.graph_picture import Picture
from explorer.ui.widgets.graph_view import GraphView

SIZE = (1000, 800)
FOLDED = ("resnet", "gpt2", "rnn2000", "lstm75k")


def made(graph: GraphColumns, *, flat: bool = False) -> FoldedGraph:
    """A graph with the widths of the window's own font."""
    return folded_graph(graph, compact_faces(graph, measure(ui_font(12))), flat=flat)


def paint(view: GraphView, image: QImage) -> None:
    """One frame."""
    view.render(image)


def folded_pictures(view: GraphView, image: QImage) -> None:
    """From columns to the first folded picture, painted; walking the live graph is added."""
    print("first folded picture, painted (walking the live graph apart)")
    for name in FOLDED:
        graph, walked = load(name)

        def first(graph: GraphColumns = graph) -> None:
            folded = made(graph)
            picture = Picture(folded, folded.scene(), plain_texts(graph), False)
            view.show_picture(picture, fit=True)
            paint(view, image)

        took = median_seconds(first, 5)
        print(
            f"  {name:10} {len(graph):7} nodes {took * 1e3:7.1f} ms + {walked * 1e3:6.1f} ms walk"
        )


def unfolding(name: str) -> None:
    """One group after another, opened and closed."""
    graph, _ = load(name)
    folded = made(graph)
    folded.scene()
    times = []
    for group in [g for g in folded.groups.child_group[0].tolist() if g >= 0]:
        for is_open in (True, False):
            begun = time.perf_counter()
            folded.set_open(group, is_open)
            folded.scene()
            times.append((time.perf_counter() - begun) * 1e3)
    print(f"  {name:10} median {statistics.median(times):5.1f} ms, worst {max(times):5.1f} ms")


def frames(view: GraphView, image: QImage) -> None:
    """Pan and zoom with about 100,000 boxes."""
    graph, _ = load("lstm100k")
    folded = made(graph, flat=True)
    before = peak_megabytes()
    picture = Picture(folded, folded.scene(), plain_texts(graph), False)
    begun = time.perf_counter()
    view.show_picture(picture, fit=True)
    paint(view, image)
    print(f"{len(picture.scene.box):,} boxes, {len(picture.scene.points):,} points of lines")
    print(f"  first picture {(time.perf_counter() - begun) * 1e3:.0f} ms after the layout")
    for what, steps in (("pan", panning(view)), ("zoom", zooming(view))):
        times = []
        for step in steps:
            step()
            begun = time.perf_counter()
            paint(view, image)
            times.append((time.perf_counter() - begun) * 1e3)
        print(
            f"  {what}: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms a frame"
        )
    print(f"  memory: {before:.0f} MB before, {peak_megabytes():.0f} MB at most")


def panning(view: GraphView) -> list[object]:
    """Sixty frames of scrolling at reading size."""
    view.camera.zoom(1 / view.camera.scale, 500, 400)
    view.camera.centre(0, view.picture.scene.bounds[3] / 2 if view.picture is not None else 0)
    return [lambda: view.pan(0, -37) for _ in range(60)]


def zooming(view: GraphView) -> list[object]:
    """From reading size to all of it and back."""
    factors = [0.93] * 120 + [1 / 0.93] * 120
    return [lambda factor=factor: view.zoom(factor) for factor in factors]


def main() -> None:
    """Print everything."""
    application = QApplication([])
    view = GraphView()
    view.resize(*SIZE)
    view.show()
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    folded_pictures(view, image)
    print("unfold and fold")
    for name in ("resnet", "gpt2", "rnn2000", "lstm75k"):
        unfolding(name)
    frames(view, image)
    view.close()
    application.quit()
    assert np.asarray(image.constBits()).any(), "nothing was painted"


if __name__ == "__main__":
    main()
